using System.Collections.Immutable;
using System.Globalization;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Applying;

/// <summary>
/// What a stage of the boot stands on and may come a little later than its unit: PFs and their names, an Open vSwitch
/// that answers. The caller reads again, for a bounded time.
/// </summary>
internal static class BootReadiness
{
    /// <summary>Whether the configuration has anything to do in a stage.</summary>
    public static bool HasWork(HostIntent intent, Stage stage) => stage == Stage.Pre
        ? intent.Nics.Any(nic => nic.Managed == Management.Full)
            || intent.Bonds.Any(bond => bond.Managed == Management.Full)
        : intent.Manages;

    /// <summary>What is not there yet, for people; empty when the stage may begin.</summary>
    /// <param name="intent">What the operator means.</param>
    /// <param name="state">What the host is.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="paths">Where udev's database is.</param>
    public static ImmutableArray<string> Missing(HostIntent intent, HostState state, Stage stage, HostPaths paths) =>
        stage == Stage.Pre ? MissingNics(intent, state, paths) : MissingSwitch(state.OpenVSwitch);

    private static ImmutableArray<string> MissingNics(HostIntent intent, HostState state, HostPaths paths)
    {
        // Without udev nobody renames devices.
        bool named = paths.Files.Names(Path.Combine(paths.Run, "udev/data")).IsKnown;
        ImmutableArray<string>.Builder missing = ImmutableArray.CreateBuilder<string>();
        foreach (PfReference reference in PfResolver.NicReferences(intent).DistinctBy(one => one.Value))
        {
            PhysicalFunction? pf = state.Find(reference);
            if (pf is null)
            {
                missing.Add($"PF {reference.Written}");
            }
            else if (pf.Uplink is null)
            {
                missing.Add($"the network device of PF {pf.Address}");
            }
            else if (named && paths.Files.LooseText(DatabaseOf(paths, pf.Uplink)).IsAbsent)
            {
                missing.Add($"udev's name for {pf.Uplink.Name}");
            }
        }

        return missing.ToImmutable();
    }

    /// <summary>udev writes it once its rules have run, the name included.</summary>
    private static string DatabaseOf(HostPaths paths, NetDevice device) => Path.Combine(
        paths.Run, "udev/data", string.Create(CultureInfo.InvariantCulture, $"n{device.Index}"));

    /// <summary>
    /// A socket without an answer, or a database whose daemon is still starting. Without a socket nothing was started
    /// that could be waited for: the stage comes after Open vSwitch's units.
    /// </summary>
    private static ImmutableArray<string> MissingSwitch(OpenVSwitchState openVSwitch) =>
        openVSwitch.Database.IsAbsent ? []
        : openVSwitch.Database.IsFailed ? ["an answer of ovsdb-server"]
        : openVSwitch.Daemon.IsKnown ? []
        : ["an answer of ovs-vswitchd"];
}
