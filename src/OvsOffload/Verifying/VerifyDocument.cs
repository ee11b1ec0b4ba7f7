using System.Text.Json;
using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>
/// The results as JSON:
/// <c>{"summary":{"error","warning","info","ok","skipped"},"checks":[{"id","slug","status","object",
/// "title","evidence","cause","fix"}],"unread":[..]}</c>; cause and fix are null where nothing is wrong; while
/// <c>unread</c> names something that is needed, nobody can say that all is well.
/// </summary>
internal static class VerifyDocument
{
    /// <summary>Writes the members of the results.</summary>
    public static void Write(Utf8JsonWriter writer, VerifyReport report)
    {
        writer.WriteStartObject("summary");
        foreach (FindingStatus status in Enum.GetValues<FindingStatus>().OrderDescending())
        {
            writer.WriteNumber(Name(status), report.Count(status));
        }

        writer.WriteEndObject();
        writer.WriteStartArray("checks");
        foreach (Finding finding in report.Findings)
        {
            writer.WriteStartObject();
            writer.WriteString("id", finding.Check.Id);
            writer.WriteString("slug", finding.Check.Slug);
            writer.WriteString("status", Name(finding.Status));
            writer.WriteString("object", finding.Object);
            writer.WriteString("title", finding.Title);
            writer.WriteString("evidence", finding.Evidence);
            writer.WriteString("cause", finding.Cause);
            writer.WriteString("fix", finding.Fix);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("unread");
        foreach (UnreadFact fact in report.Unread)
        {
            writer.WriteStringValue($"{fact}");
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the list of checks: <c>{"checks":[{"id","slug","severity","title"}]}</c>.</summary>
    public static void WriteList(Utf8JsonWriter writer, IEnumerable<Check> checks)
    {
        writer.WriteStartArray("checks");
        foreach (Check check in checks)
        {
            writer.WriteStartObject();
            WriteInfo(writer, check.Info);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes one check at length: the members of the list, and <c>explanation</c>.</summary>
    public static void WriteExplanation(Utf8JsonWriter writer, CheckInfo info)
    {
        WriteInfo(writer, info);
        writer.WriteString("explanation", info.Explanation);
    }

    /// <summary>A status in the document's word.</summary>
    public static string Name(FindingStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>A severity in the document's word.</summary>
    public static string Name(CheckSeverity severity) => severity.ToString().ToLowerInvariant();

    private static void WriteInfo(Utf8JsonWriter writer, CheckInfo info)
    {
        writer.WriteString("id", info.Id);
        writer.WriteString("slug", info.Slug);
        writer.WriteString("severity", Name(info.Severity));
        writer.WriteString("title", info.Title);
    }
}
