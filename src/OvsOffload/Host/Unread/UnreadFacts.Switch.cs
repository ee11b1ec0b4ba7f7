using System.Collections.Immutable;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <content>Open vSwitch, and what stands around it and the NICs.</content>
internal sealed partial class UnreadFacts
{
    private void DeclareSwitch()
    {
        int before = _found.Count;
        OpenVSwitchState state = _state.OpenVSwitch;
        NeededBy both = When(_plansBySwitch, _hasSwitch);

        // An installed Open vSwitch without a socket is not absent, it is down.
        Need(both, "Open vSwitch database", state.Database.IsAbsent && _hasSwitch
            ? Reading.Failed<OpenVSwitchDatabase>(state.Database.Why)
            : state.Database);
        Need(both, "ovs-vswitchd", state.Daemon);
        if (_hasSwitch && state is { Daemon.IsKnown: true, Database.IsKnown: true }
            && !state.Database.Value.IsTakenUp)
        {
            _found.Add(new UnreadFact(
                "whether ovs-vswitchd has the configuration",
                $"cur_cfg is {state.Database.Value.CurCfg}, next_cfg {state.Database.Value.NextCfg}", both));
        }

        Need(both, "whether hw-offload is active", state.HwOffload);
        if (state.HwOffload.TryGet(out HwOffloadEffect? effect))
        {
            Need(When(false, _offloads), "tc qdiscs of Open vSwitch's ports", effect.PortsWithoutQdisc);
        }

        Need(When(false, _hasSwitch), "upcall/show", state.Upcalls);
        Need(When(false, _offloads && _hasSwitch), "ovs-vswitchd.log", state.Log);
        for (int at = before; at < _found.Count; at++)
        {
            _found[at] = _found[at] with { IsOfSwitch = true };
        }
    }

    /// <summary>What is read only where somebody asks for it.</summary>
    private void DeclareParts(Observation input)
    {
        Need(When(false, _hasSwitch), "flows", input.Flows);
        Need(When(false, _hasSwitch), "OpenFlow rules", input.OpenFlow);
        foreach (DatapathFlows flows in input.Flows.ValueOr([]).Where(flows => flows.Truncated && _hasSwitch))
        {
            _found.Add(new UnreadFact(
                $"flows of {flows.Datapath}", "the dump was truncated or exceeds the flow limit", NeededBy.Checks));
        }

        Need(When(false, _hasPfs), "journal of the last apply", input.Journal);
    }

    private void DeclarePlatform()
    {
        PlatformState platform = _state.Platform;
        NeededBy ofPfs = When(false, _hasPfs), ofOffload = When(false, _offloads);
        Need(ofPfs, "arguments of the next boot", platform.BootArguments);
        Need(ofPfs, "module options", platform.ModuleOptions);
        Need(ofOffload, "kernel modules for tc", platform.TrafficControlModules);
        Need(ofPfs, "version of mlx5_core", platform.Mlx5Version);
        Need(ofPfs, "whether debugfs is mounted", platform.DebugFileSystem);
        Need(ofOffload, "devices of NetworkManager and systemd-networkd", platform.ManagedDevices);
        Need(ofOffload, "libvirt's networks", platform.LibvirtPools);
        Need(ofOffload, "/etc/network/interfaces", platform.Interfaces);
        Need(ofPfs, "settings of other programs", platform.FunctionSettings);
        Need(ofPfs, "tuned's active profiles", platform.Tuned);
        Need(ofPfs, "irqbalance", platform.Irqbalance);
        NeededBy irqbalance = When(false, _hasPfs && !platform.Irqbalance.IsAbsent);
        Need(irqbalance, "programs that set interrupt affinity", platform.AffinitySettings);
        Need(irqbalance, "isolated CPUs", platform.IsolatedCpus);
        Need(When(false, HasTunnels()), "IPv4 neighbours", platform.Neighbours);
        Need(ofOffload, "nf_flowtable_tcp_timeout", platform.FlowTableTimeout);
        Need(ofPfs, "NUMA nodes", platform.NumaNodes);
        foreach ((int process, Reading<ImmutableHashSet<int>> cpus) in platform.HolderCpus)
        {
            Need(ofPfs, $"CPUs of process {process}", cpus);
        }

        Need(ofOffload, "IPsec offloads", platform.IpsecOffloads);
        Need(ofOffload, "link counters", platform.Counters);
    }

    private bool HasTunnels() => _state.OpenVSwitch.Database.ValueOrDefault()?.Interfaces
        .Any(row => row.Options.ContainsKey("remote_ip")) == true;
}
