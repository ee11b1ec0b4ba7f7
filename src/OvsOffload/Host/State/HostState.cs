using System.Collections.Immutable;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>
/// One immutable snapshot of the host, as <see cref="HostReader"/> read it at one moment. Planner, checks, collectors
/// and commands stand on it; none of them asks the system for anything more. A part that could not be read says so
/// (<see cref="Reading{T}"/>) and is never taken for empty.
/// </summary>
internal sealed record HostState
{
    /// <summary>When the reading began.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>The same by the monotonic clock (<see cref="TimeProvider.GetTimestamp"/>): which of two readings is the
    /// newer, and how old one is, <see cref="ReadAt"/> does not tell, because the wall clock is set.</summary>
    public long ReadTimestamp { get; init; }

    /// <summary>The host's name (<c>uname -n</c>).</summary>
    public required string HostName { get; init; }

    /// <summary>Release, configuration, command line and log of the running kernel.</summary>
    public required KernelState Kernel { get; init; }

    /// <summary>
    /// The physical functions (PFs) of network cards, in order of their PCI addresses. Absent: there is no PCI bus.
    /// </summary>
    public required Reading<ImmutableArray<PhysicalFunction>> PhysicalFunctions { get; init; }

    /// <summary>
    /// The PFs that were read, to be gone through. None where <see cref="PhysicalFunctions"/> failed, so whoever would
    /// say that there are none asks that first.
    /// </summary>
    public ImmutableArray<PhysicalFunction> KnownFunctions => PhysicalFunctions.ValueOr([]);

    /// <summary>Every network device of this network namespace, in order of the interface index.</summary>
    public required Reading<ImmutableArray<NetDevice>> Devices { get; init; }

    /// <summary>The bonds of this network namespace, in order of the interface index.</summary>
    public Reading<ImmutableArray<BondState>> Bonds { get; init; }

    /// <summary>Open vSwitch: its database, its daemon, and what shows that offload is in force.</summary>
    public required OpenVSwitchState OpenVSwitch { get; init; }

    /// <summary>Devices that carry the way to this host: default routes and SSH connections.</summary>
    public required Reading<ImmutableArray<ProtectedDevice>> Protected { get; init; }

    /// <summary>Counts of tc flower filters over the host, shared blocks once.</summary>
    public required Reading<FlowerCounts> Filters { get; init; }

    /// <summary>What stands around NICs and Open vSwitch.</summary>
    public PlatformState Platform { get; init; } = new();

    /// <summary>How security groups stand with the agents that make them.</summary>
    public SecurityGroupState SecurityGroups { get; init; } = new();

    /// <summary>Devices whose traffic a root qdisc shapes in software.</summary>
    public Reading<ImmutableArray<Shaper>> Shapers { get; init; }

    /// <summary>The routes of each device and the policy rules.</summary>
    public Reading<RoutingState> Routing { get; init; } = Reading.Known(RoutingState.None);

    /// <summary>The DHCP clients that run; asked for only where an address has a lease.</summary>
    public Reading<ImmutableArray<DhcpClient>> DhcpClients { get; init; } =
        Reading.Known<ImmutableArray<DhcpClient>>([]);

    /// <summary>What this program has changed of the host and not put back.</summary>
    public Reading<RecordedChanges> Changes { get; init; } = Reading.Known(RecordedChanges.None);

    /// <summary>What drivers and the kernel refused while a plan ran; the planner decides again with it.</summary>
    public ImmutableArray<Refusal> Refusals { get; init; } = [];

    /// <summary>
    /// VFs as they were before a running apply took them away, by their PF: what is made again gets their addresses.
    /// </summary>
    public ImmutableDictionary<PciAddress, ImmutableArray<VirtualFunction>> RemovedVfs { get; init; } =
        ImmutableDictionary<PciAddress, ImmutableArray<VirtualFunction>>.Empty;

    /// <summary>Finds a PF by its PCI address.</summary>
    public PhysicalFunction? Find(PciAddress address) =>
        KnownFunctions.FirstOrDefault(function => function.Address == address);

    /// <summary>Finds the PF that a reference of the configuration means.</summary>
    public PhysicalFunction? Find(PfReference reference) =>
        KnownFunctions.FirstOrDefault(function => function.Matches(reference));

    /// <summary>
    /// What a configuration says of the PFs that the program may change, by their address. Of a PF that it names twice
    /// the first counts.
    /// </summary>
    public ImmutableDictionary<PciAddress, NicIntent> Managed(HostIntent intent) => intent.Nics
        .Select(nic => (Nic: nic, Pf: Find(nic.Pf)))
        .Where(named => named.Pf is not null)
        .DistinctBy(named => named.Pf!.Address)
        .Where(named => named.Nic.Managed == Management.Full)
        .ToImmutableDictionary(named => named.Pf!.Address, named => named.Nic);

    /// <summary>Finds a device by name or alternative name, if the devices could be read.</summary>
    public NetDevice? FindDevice(string name) => Devices.IsKnown
        ? Devices.Value.FirstOrDefault(device => device.HasName(name))
        : null;

    /// <summary>Finds a bond by its name, if the bonds could be read.</summary>
    public BondState? FindBond(string name) => Bonds.IsKnown
        ? Bonds.Value.FirstOrDefault(bond => bond.Device.HasName(name))
        : null;
}
