using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>What all checks found, in order of their ids.</summary>
internal sealed record VerifyReport(ImmutableArray<Finding> Findings)
{
    /// <summary>What the checks need and could not be read.</summary>
    public ImmutableArray<UnreadFact> Unread { get; init; } = [];

    /// <summary>Whether nothing at all could be checked.</summary>
    public bool NothingChecked => Findings.All(finding => finding.Status == FindingStatus.Skipped);

    /// <summary>
    /// Whether all was looked at that this host and its configuration need; while it was not, nobody can say that all
    /// is well.
    /// </summary>
    public bool IsKnown => Unread.IsEmpty && !NothingChecked;

    /// <summary>The worst there is; skipped where nothing could be checked.</summary>
    public FindingStatus WorstStatus =>
        Findings.Select(finding => finding.Status).DefaultIfEmpty(FindingStatus.Skipped).Max();

    /// <summary>Runs checks.</summary>
    public static VerifyReport Of(Observation input, IEnumerable<Check> checks)
    {
        Check[] asked = [.. checks];
        Finding[] found = [.. asked.SelectMany(check => check.Examine(input))];
        IEnumerable<UnreadFact> unread = UnreadFacts.Of(input);

        // Who asks for some checks alone is told of what those could not look at.
        if (Checks.All.Except(asked).Any())
        {
            unread = unread.Where(fact => found.Any(finding => finding.Status == FindingStatus.Skipped
                && finding.Evidence.Contains(fact.Why, StringComparison.Ordinal)));
        }

        return new VerifyReport([.. SwitchDown.Fold(found, input.State.OpenVSwitch)]) { Unread = [.. unread] };
    }

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
        return this with { Findings = [.. Findings.Where(finding => !finding.IsFound || finding.Status >= least)] };
    }
}
