using OvsOffload.Host;
using OvsOffload.OpenVSwitch;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>Open vSwitch misreads the kernel's answer for flows with many actions.</summary>
internal sealed class O44FalseFlowMismatch : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O44",
        "false-flow-mismatch",
        CheckSeverity.Warning,
        "Open vSwitch reports that the kernel changed its flows",
        """
        From version 2.16 on ovs-vswitchd compares the rule that tc returns with the one that it asked for, and
        logs "Kernel flower acknowledgment does not match request" where they differ. Before 3.3.10, 3.4.7, 3.5.5,
        3.6.4 and 3.7.2 it read only the first 16 actions of the answer. One OpenFlow action may become several in
        tc (csum after a rewrite, skbedit before an internal port, the parts of a tunnel), so a flow with many
        actions differs although the kernel did what was asked.

        Such a flow is offloaded and its traffic flows. But ovs-vswitchd updates it again at each revalidation,
        which costs CPU time, and the log fills. 3.2 and older were not corrected; 4.0 has the correction from its
        first release. Where the version has it, the warning is true: the kernel keeps another rule than was
        asked for.
        """);

    /// <summary>lib/tc.c, tc_replace_flower; the words are the same from 2.16 to 4.0.</summary>
    private const string Words = "Kernel flower acknowledgment does not match request";

    /// <summary>The first version that compares (464b5b13e).</summary>
    private static readonly Version First = new(2, 16);

    /// <summary>
    /// "tc: Fix netlink policy size for parsing flower actions" of 2026-06-17: the first release after it on each
    /// branch (6f247db42, d4a31c3e3, e7b28080f, 56a981721, 6ad484f89). The next branch, 4.0, began with it.
    /// </summary>
    private static readonly Version[] Corrected =
        [new(3, 3, 10), new(3, 4, 7), new(3, 5, 5), new(3, 6, 4), new(3, 7, 2)];

    private static readonly Version Last = new(4, 0);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        if (!input.OffloadExpected)
        {
            return [Skip(Objects.Switch, $"offload is not expected: {input.OffloadReason}")];
        }

        if (!input.State.OpenVSwitch.Log.TryGet(out DaemonLogTail? log))
        {
            return [Skip(Objects.Switch, $"ovs-vswitchd.log: {input.State.OpenVSwitch.Log.Why}")];
        }

        DaemonLogLine[] lines =
            [.. input.SwitchLines.Where(line => line.Message.Contains(Words, StringComparison.Ordinal))];
        if (lines.Length == 0)
        {
            return
            [
                Ok(Objects.Switch, $"ovs-vswitchd.log: no line with \"{Words}\" "
                    + (log.IsWhole ? "in the file" : "in the last part of the file")),
            ];
        }

        Version? version = HostFlowFacts.LogOf(input.State).Version;
        return
        [
            Found(
                SwitchLog.IsRecent(lines[^1], input.State) ? Severity : FindingStatus.Info,
                Objects.Switch,
                Info.Title,
                $"ovs-vswitchd.log: {Objects.OneLine(lines[^1].Message)}"
                    + (lines.Length > 1 ? $" ({lines.Length} matching lines)" : "")
                    + $"; version {(version is null ? "unknown" : version.ToString())}",
                Cause(version),
                Fix(version)),
        ];
    }

    private static string Cause(Version? version) => Has(version) switch
    {
        true => $"Open vSwitch {version} reads only 16 actions of the kernel's answer: the flow is offloaded, and the "
            + "warning false, if it has more (the distribution may have corrected it)",
        false => "the kernel keeps another rule than Open vSwitch asked for",
        null => "the kernel keeps another rule than Open vSwitch asked for, or Open vSwitch misreads the answer "
            + "for a flow with more than 16 actions",
    };

    private static string Fix(Version? version) => (Has(version) == false
            ? "find the rule with ovs-appctl vlog/set tc:file:dbg"
            : $"upgrade Open vSwitch to {CorrectedOf(version)}; until then, no fault of the traffic")
        + "; see the action lists of ovs-appctl dpctl/dump-flows -m type=tc";

    /// <summary>Whether a version misreads; null where the version is not known.</summary>
    private static bool? Has(Version? version) => version is null
        ? null
        : version >= First && version < Last
            && !Corrected.Any(one => one.Major == version.Major && one.Minor == version.Minor && version >= one);

    private static string CorrectedOf(Version? version) => Corrected
        .FirstOrDefault(one => one.Major == version?.Major && one.Minor == version?.Minor) is { } same
            ? $"{same} or 4.0"
            : "3.3.10, 3.4.7, 3.5.5, 3.6.4, 3.7.2 or 4.0";
}
