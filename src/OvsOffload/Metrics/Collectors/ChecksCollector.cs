using OvsOffload.Verifying;

namespace OvsOffload.Metrics;

/// <summary>Collector <c>checks</c>: what <c>verify</c> finds, check by check.</summary>
internal static class ChecksCollector
{
    private static readonly MetricFamily Findings = MetricFamily.Gauge(
        "check_findings", "Objects with findings of this check and severity; 0 if there are none", "check",
        "slug", "severity");

    private static readonly MetricFamily Skipped = MetricFamily.Gauge(
        "check_skipped", "Whether the check did not run: nothing to check, or a fact was unreadable",
        "check", "slug");

    /// <summary>Its name and families.</summary>
    public static CollectorDeclaration Declaration { get; } =
        CollectorDeclaration.Of("checks", [Findings, Skipped], sources => sources.Checks(), Samples);

    /// <summary>
    /// The samples. A check that was skipped everywhere has no number of findings: it is not known to find nothing.
    /// </summary>
    public static IEnumerable<Sample> Samples(VerifyReport report)
    {
        // By its id: the whole of a check holds pages of text, which would be compared too.
        foreach (IGrouping<string, Finding> findings in report.Findings.GroupBy(
            finding => finding.Check.Id, StringComparer.Ordinal))
        {
            CheckInfo check = findings.First().Check;
            bool skipped = findings.All(finding => finding.Status == FindingStatus.Skipped);
            yield return Skipped.Of(skipped, check.Id, check.Slug);
            if (skipped)
            {
                continue;
            }

            // Its own severity is always there, so that an alert on it has a series; milder ones where they are found.
            foreach (CheckSeverity severity in Enum.GetValues<CheckSeverity>())
            {
                int found = findings.Count(finding => SeverityOf(finding.Status) == severity);
                if (found > 0 || severity == check.Severity)
                {
                    yield return Findings.Of(found, check.Id, check.Slug, VerifyDocument.Name(severity));
                }
            }
        }
    }

    private static CheckSeverity? SeverityOf(FindingStatus status) => status switch
    {
        FindingStatus.Error => CheckSeverity.Error,
        FindingStatus.Warning => CheckSeverity.Warning,
        FindingStatus.Info => CheckSeverity.Info,
        _ => null,
    };
}
