using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>What all checks found, in order of their ids.</summary>
internal sealed record VerifyReport(ImmutableArray<Finding> Findings)
{
    /// <summary>Whether nothing at all could be checked.</summary>
    public bool NothingChecked => Findings.All(finding => finding.Status == FindingStatus.Skipped);

    /// <summary>The worst there is; skipped where nothing could be checked.</summary>
    public FindingStatus Worst =>
        Findings.Select(finding => finding.Status).DefaultIfEmpty(FindingStatus.Skipped).Max();

    /// <summary>Runs checks.</summary>
    public static VerifyReport Of(Observation input, IEnumerable<Check> checks) =>
        new([.. checks.SelectMany(check => check.Examine(input))]);

    /// <summary>How many there are of one status.</summary>
    public int Count(FindingStatus status) => Findings.Count(finding => finding.Status == status);

    /// <summary>What was found of a severity or worse. What is ok or was skipped stays, so that it is still known that
    /// something was looked at.</summary>
    public VerifyReport AtLeast(CheckSeverity severity)
    {
        FindingStatus least = severity switch
        {
            CheckSeverity.Error => FindingStatus.Error,
            CheckSeverity.Warning => FindingStatus.Warning,
            _ => FindingStatus.Info,
        };
        return new VerifyReport([.. Findings.Where(finding => !finding.IsFound || finding.Status >= least)]);
    }
}
