using OvsOffload.Host;
using OvsOffload.Verifying;

namespace OvsOffload.Cli;

/// <summary>
/// What the checks found, for people: worst first, grouped by object; then what was checked and what was not.
/// </summary>
internal static class VerifyText
{
    /// <summary>So many findings of one check on one object are shown; VFs come by the hundred.</summary>
    private const int MaxShown = 4;

    /// <summary>So many reasons for what was skipped are shown.</summary>
    private const int Reasons = 12;

    /// <summary>SGR codes (ECMA-48): red, yellow, cyan.</summary>
    private const string Red = "31", Yellow = "33", Cyan = "36";

    /// <summary>The lines.</summary>
    public static IEnumerable<ReportLine> Lines(VerifyReport report)
    {
        IOrderedEnumerable<IGrouping<string, Finding>> groups = report.Findings.Where(finding => finding.IsFound)
            .GroupBy(finding => Objects.GroupOf(finding.Object))
            .OrderByDescending(group => group.Max(finding => finding.Status));
        return groups.SelectMany(Group)
            .Concat(Summary(report).Select(line => new ReportLine(line)));
    }

    private static IEnumerable<ReportLine> Group(IGrouping<string, Finding> group)
    {
        yield return new ReportLine(group.Key);
        IOrderedEnumerable<IGrouping<(string Id, FindingStatus Status, string? Cause), Finding>> alike = group.GroupBy(
            finding => (finding.Check.Id, finding.Status, finding.Cause))
            .OrderByDescending(findings => findings.Key.Status);
        foreach (IGrouping<(string Id, FindingStatus Status, string? Cause), Finding>? findings in alike)
        {
            foreach (Finding finding in findings.Take(MaxShown))
            {
                yield return new ReportLine(
                    $"  {VerifyDocument.Name(finding.Status),-7} {finding.Check.Id} {finding.Title}  "
                        + $"[{finding.Evidence}]",
                    ColourOf(finding.Status));
            }

            if (findings.Count() > MaxShown)
            {
                yield return new ReportLine($"          and {findings.Count() - MaxShown} more like this");
            }

            yield return new ReportLine($"          cause: {findings.First().Cause}");
            foreach (string? fix in findings.Take(MaxShown).Select(finding => finding.Fix).Distinct())
            {
                yield return new ReportLine($"          fix:   {fix}");
            }
        }

        yield return new ReportLine("");
    }

    private static IEnumerable<string> Summary(VerifyReport report)
    {
        string[] found =
        [
            .. new[] { FindingStatus.Error, FindingStatus.Warning, FindingStatus.Info }
                .Where(status => report.Count(status) > 0)
                .Select(status => $"{report.Count(status)} {VerifyDocument.Name(status)}"),
        ];
        Finding[] skipped = [.. report.Findings.Where(finding => finding.Status == FindingStatus.Skipped)];
        int ran = report.Findings.Where(finding => finding.Status != FindingStatus.Skipped)
            .Select(finding => finding.Check.Id).Distinct().Count();
        int all = report.Findings.Select(finding => finding.Check.Id).Distinct().Count();
        string result = report.NothingChecked ? "no check could run"
            : found.Length > 0 ? string.Join(", ", found)
            : report.IsKnown ? "no problems found"
            : "no problem among what could be checked";
        yield return $"{result}; {ran} of {all} checks ran"
            + (report.Unread.IsEmpty ? "" : "; not known whether all is well, because not everything could be read:");
        foreach (UnreadFact fact in report.Unread.Take(Reasons))
        {
            yield return $"  unreadable: {fact}";
        }

        if (report.Unread.Length > Reasons)
        {
            yield return $"  unreadable: {report.Unread.Length - Reasons} more (see --json)";
        }

        IGrouping<string, Finding>[] reasons = skipped.GroupBy(finding => finding.Evidence)
            .OrderByDescending(why => why.Select(finding => finding.Check.Id).Distinct().Count()).ToArray();
        foreach (IGrouping<string, Finding>? why in reasons.Take(Reasons))
        {
            yield return $"  not checked: {string.Join(" ", why.Select(finding => finding.Check.Id).Distinct())}: "
                + $"{why.Key}";
        }

        if (reasons.Length > Reasons)
        {
            string[] ids =
                [.. reasons.Skip(Reasons).SelectMany(why => why).Select(finding => finding.Check.Id).Distinct()];
            yield return $"  not checked for {reasons.Length - Reasons} other reasons (see --json): "
                + string.Join(" ", ids);
        }
    }

    private static string ColourOf(FindingStatus status) => status switch
    {
        FindingStatus.Error => Red,
        FindingStatus.Warning => Yellow,
        _ => Cyan,
    };
}

/// <summary>A line of a report.</summary>
/// <param name="Text">The text.</param>
/// <param name="Colour">Of its first word on a terminal; null for none.</param>
internal sealed record ReportLine(string Text, string? Colour = null);
