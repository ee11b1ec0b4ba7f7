using OvsOffload.OpenVSwitch;

namespace OvsOffload.Flows;

/// <summary>Reads and counts the flows of a running datapath.</summary>
internal static class FlowDump
{
    /// <summary>Dumps all flows of one datapath, and counts them while they arrive.</summary>
    /// <remarks>ovs-vswitchd does nothing else while it builds the dump: 8 s for a million flows.</remarks>
    /// <param name="unixctl">The daemon.</param>
    /// <param name="datapath">Its datapath, as <see cref="UnixctlClient.DatapathsAsync"/> names it.</param>
    /// <param name="maxFlows">The most distinct flows that are told apart.</param>
    /// <param name="cancellationToken">Ends the reading; the daemon builds its dump to the end all the same.</param>
    /// <exception cref="OpenVSwitchException">The dump could not be read to its end: there is no number
    /// then.</exception>
    public static async Task<FlowTally> ReadAsync(
        UnixctlClient unixctl, string datapath, int maxFlows, CancellationToken cancellationToken)
    {
        var tally = new FlowTallyBuilder(maxFlows);
        // In any other order ovs-vswitchd ignores -m, or the datapath, without a word.
        await unixctl.StreamAsync("dpctl/dump-flows", ["-m", datapath], tally.Add, cancellationToken);
        return tally.Build();
    }
}
