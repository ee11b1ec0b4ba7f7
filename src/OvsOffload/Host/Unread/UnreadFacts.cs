using System.Collections.Immutable;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>
/// The rule of what may be called well: every reading of a host is declared here with who needs it, and while one that
/// is needed is failed, what needs it says "not known". What is absent is known. Pure.
/// </summary>
internal sealed partial class UnreadFacts
{
    private readonly List<UnreadFact> _found = [];
    private readonly HostIntent _intent;
    private readonly HostState _state;

    /// <summary>Whether the configuration wants anything changed.</summary>
    private readonly bool _manages;

    /// <summary>Whether there is a PF, or may be one.</summary>
    private readonly bool _hasPfs;

    /// <summary>Whether flows are meant to be offloaded, or may be.</summary>
    private readonly bool _offloads;

    /// <summary>Whether Open vSwitch has to answer.</summary>
    private readonly bool _hasSwitch;

    /// <summary>Whether a plan depends on what Open vSwitch answers.</summary>
    private readonly bool _plansBySwitch;

    /// <summary>Whether the configuration has a bond or a bridge to be made.</summary>
    private readonly bool _makesDevices;

    private UnreadFacts(Observation input)
    {
        (_intent, _state) = (input.Intent, input.State);
        _manages = _intent.Manages;
        _hasPfs = _state.PhysicalFunctions.IsFailed || !_state.KnownFunctions.IsEmpty;
        _offloads = _hasPfs && (input.OffloadExpected || _state.PhysicalFunctions.IsFailed
            || _state.KnownFunctions.Any(pf => pf.Eswitch.IsFailed));
        _hasSwitch = input.WhySwitch is not null;

        // Without a socket nothing is asked of a switch that the configuration does not speak of: its ports are the
        // kernel's to tell.
        _plansBySwitch = _manages && _hasSwitch
            && (input.SwitchOfIntent is not null || !_state.OpenVSwitch.Database.IsAbsent);
        _makesDevices = _intent.Bonds.Any(bond => bond.Managed == Management.Full)
            || _intent.Bridges.Any(bridge => bridge.Managed == Management.Full);
    }

    /// <summary>Everything that is needed and could not be read, in the order of the host's parts.</summary>
    public static ImmutableArray<UnreadFact> Of(Observation input)
    {
        UnreadFacts facts = OfState(input);
        facts.DeclareParts(input);
        return facts.Distinct();
    }

    /// <summary>The same of the host alone, without what is read only where somebody asks.</summary>
    public static ImmutableArray<UnreadFact> OfHost(Observation input) => OfState(input).Distinct();

    private ImmutableArray<UnreadFact> Distinct() => [.. _found.DistinctBy(fact => (fact.What, fact.Why))];

    private static UnreadFacts OfState(Observation input)
    {
        var facts = new UnreadFacts(input);
        facts.DeclareHost();
        facts.DeclareKernel();
        foreach (PhysicalFunction pf in input.State.KnownFunctions)
        {
            facts.Declare(pf, input);
        }

        facts.DeclareBonds();
        facts.DeclareSwitch();
        facts.DeclarePlatform();
        facts.DeclareAgents();
        return facts;
    }

    private static NeededBy When(bool plan, bool checks) =>
        (plan ? NeededBy.Plan : NeededBy.Nobody) | (checks ? NeededBy.Checks : NeededBy.Nobody);

    private void Need<T>(NeededBy by, string what, Reading<T> reading)
    {
        if (by != NeededBy.Nobody && reading.IsFailed)
        {
            _found.Add(new UnreadFact(what, reading.Why, by));
        }
    }

    private void DeclareHost()
    {
        // A host whose PFs are not known may have some, so everybody needs these two.
        Need(NeededBy.Both, "physical functions", _state.PhysicalFunctions);
        Need(NeededBy.Both, "network devices", _state.Devices);
        Need(When(_intent.Bonds.Count > 0 || _makesDevices, _hasPfs), "bonds", _state.Bonds);
        Need(When(_manages, false), "devices that carry the path to this host", _state.Protected);
        Need(When(_makesDevices, false), "routes", _state.Routing);
        Need(When(_makesDevices, false), "DHCP clients", _state.DhcpClients);
        Need(When(_manages, false), "changes made by ovs-offload", _state.Changes);
        Need(When(false, _offloads), "tc filters", _state.Filters);
        Need(When(false, _offloads), "tc qdiscs", _state.Shapers);
    }

    private void DeclareKernel()
    {
        KernelState kernel = _state.Kernel;
        Need(When(false, _hasPfs), "kernel log", kernel.Log);
        Need(When(false, _hasPfs), "kernel release", kernel.Facts.Release);
        Need(When(false, _hasPfs), "kernel command line", kernel.Facts.CommandLine);
        Need(When(_intent.SecurityGroups.Backends.Count > 0, _offloads), "kernel configuration",
            kernel.Facts.Configuration);
        Need(When(false, _hasPfs), "kernel lockdown", kernel.Facts.Lockdown);
        Need(When(false, _offloads), "kernel modules", kernel.Facts.Modules);
        Need(When(false, _hasPfs), "IOMMU groups", kernel.Iommu.Groups);
        foreach (IommuGroup? group in kernel.Iommu.Groups.ValueOr([]).Where(group => group.Type.IsFailed).Take(1))
        {
            Need(When(false, _hasPfs), $"type of IOMMU group {group.Number}", group.Type);
        }
    }

    private void DeclareAgents()
    {
        SecurityGroupState groups = _state.SecurityGroups;
        IReadOnlyCollection<SecurityGroupBackend> backends = [.. _intent.SecurityGroups.Backends];
        NeededBy cloudpods = IfAsked(SecurityGroupBackend.Cloudpods);
        NeededBy neutron = IfAsked(SecurityGroupBackend.Neutron);
        Need(cloudpods, "Cloudpods' files", groups.Cloudpods);
        if (groups.Cloudpods.TryGet(out CloudpodsState? state))
        {
            Need(cloudpods, "Cloudpods' common configuration", state.CommonDisables);
        }

        Need(cloudpods, "Cloudpods' ConfigMap", groups.ConfigMap);
        Need(neutron, "configuration of Neutron's agent", groups.Neutron);
        Need(neutron, "files that override the configuration of Neutron's agent", groups.NeutronLater);
        Need(neutron, "unit of Neutron's agent", groups.NeutronRestart);
        Need(IfAsked(SecurityGroupBackend.Command), "security-groups.command", groups.Program);

        NeededBy IfAsked(SecurityGroupBackend backend) =>
            backends.Contains(backend) ? NeededBy.Both : NeededBy.Nobody;
    }
}
