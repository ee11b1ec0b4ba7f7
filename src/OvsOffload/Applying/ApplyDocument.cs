using System.Text.Json;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Applying;

/// <summary>An apply as JSON: the plan's steps, each with <c>result</c> and <c>error</c>.</summary>
internal static class ApplyDocument
{
    /// <summary>Writes the members of a report.</summary>
    public static void Write(Utf8JsonWriter writer, ApplyReport report)
    {
        writer.WriteStartArray("steps");
        foreach (StepReport step in report.Steps)
        {
            writer.WriteStartObject();
            PlanDocument.WriteStep(writer, step.Step);
            writer.WriteString("result", step.Result.ToString().ToLowerInvariant());
            writer.WriteString("error", step.Error);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("pending", 0);
        PlanDocument.WriteObjections(writer, report.Objections);
        writer.WriteStrings("failures", report.Failures);
        writer.WriteStrings("not_undone", report.NotUndone);
        writer.WriteStrings("waiting", report.Pending);
    }
}
