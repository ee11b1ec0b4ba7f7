using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>
/// While a daemon of Open vSwitch is down, dozens of checks have nothing to look at: that is one thing to say, which
/// the check of the daemon says. Pure.
/// </summary>
internal static class SwitchDown
{
    private const string Database = "O38", Daemon = "O39", Permission = "permission denied";

    /// <summary>Whether a daemon may well be there and only refuses this user.</summary>
    public static bool IsRefused(string why) => why.Contains(Permission, StringComparison.OrdinalIgnoreCase);

    /// <summary>The findings, those that wait for a daemon with one reason.</summary>
    public static IEnumerable<Finding> Fold(IReadOnlyCollection<Finding> findings, OpenVSwitchState state)
    {
        string? database = Of(Database), daemon = Of(Daemon);
        return findings.Select(finding =>
            finding.Status != FindingStatus.Skipped ? finding
            : database is not null && IsFor(finding, state.Database.Why) ? finding with { Evidence = database }
            : daemon is not null && IsFor(finding, state.Daemon.Why) ? finding with { Evidence = daemon }
            : finding);

        string? Of(string check) =>
            findings.FirstOrDefault(finding => finding.Check.Id == check && finding.Status == FindingStatus.Error)
                is { } found ? $"{found.Title}: see {check}" : null;
    }

    private static bool IsFor(Finding finding, string why) =>
        why.Length > 0 && finding.Evidence.Contains(why, StringComparison.Ordinal);
}
