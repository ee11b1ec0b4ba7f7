using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Tests.Cli;

/// <summary>
/// Readings that may fail without a word on the fixture hosts, each with the reason and, where it is not so on all of
/// them, with the hosts of which it is true. Whoever adds a reading that nobody needs writes the reason here.
/// </summary>
internal static class Excuses
{
    private const string NoOffload = "nothing on this host is meant to offload";
    private const string NoSwitch = "this host has no Open vSwitch, and its configuration names none";
    private const string NoBackend = "the configuration names no backend of security groups";
    private const string NoDevices = "the configuration has no bond or bridge whose routes would move";
    private const string Answers = "the database answers, which tells the same and more";
    private const string OfChecks = "whether the host matches its configuration does not hang on it";

    /// <summary>What <see cref="PlatformState"/> is for: facts that only checks ask for.</summary>
    private const string AroundTheNics = "Platform.";

    /// <summary>Readings that the checks need and the plan does not; beside those around the NICs.</summary>
    private static readonly Dictionary<string, string> OfPlan = new[]
    {
        "Shapers", "Filters", "Flows", "Flows[].Truncated", "OpenFlow", "Journal", "Kernel.Log", "Kernel.Iommu.Groups",
        "Kernel.Iommu.Groups[].Type", "Kernel.Facts.Release", "Kernel.Facts.Modules", "Kernel.Facts.Lockdown",
        "Kernel.Facts.Configuration", "Kernel.Facts.CommandLine", "PhysicalFunctions[].Health",
        "PhysicalFunctions[].Firmware", "OpenVSwitch.Upcalls", "OpenVSwitch.Log",
        "OpenVSwitch.HwOffload.PortsWithoutQdisc", "Bonds[].Rules", "Bonds[].Members[].Speed",
        "Bonds[].Members[].Duplex", "Bonds[].Members[].Churn", "Bonds[].Members[].Device.HwTcOffload",
        "Bonds[].Device.HwTcOffload", "Bonds[].Lag.Type", "Bonds[].Lag.PortSelection", "Bonds[].Lag.Members",
        "Bonds[].Lag.Mapping",
    }.ToDictionary(place => place, _ => OfChecks)
        .Append(new("PhysicalFunctions[].SteeringMode", "no configuration of these hosts sets steering"))
        .Append(new("Bonds", "most of these hosts' configurations have no bond"))
        .Append(new("OpenVSwitch.Installation", "those without a socket of it have nothing of it in the configuration"))
        .ToDictionary();

    private static readonly Excuse[] All =
    [
        new("Kernel.Facts.BootId", "no check and no step looks at it"),
        new("Kernel.Facts.Uptime", "without it every line of a log counts as new: more is found, not less"),
        new("Kernel.Iommu.Units", "the groups tell whether an IOMMU is in force"),
        new("Kernel.Devlink", "where it fails, all that is asked of devlink fails with it"),
        new("Devices[].HwTcOffload", "those of PFs and representors are read beside them; the first device is lo"),
        new("PhysicalFunctions[].RdmaUser", "unknown counts as used, which refuses what would remove the RDMA device"),
        new("Platform.Distribution", "it only words fixes"),
        new("Platform.Neighbours", "no tunnel of these hosts has a fixed other end"),
        new("Bonds[].Lag.SharedFdb", "no check and no step looks at it"),
        new("Bonds[].Lag.FdbSelection", "no check and no step looks at it"),
        new("OpenVSwitch.Ports.Database", "a copy of the database's reading"),
        new("OpenVSwitch.Ports.Datapaths", "asked only where the database does not answer"),
        new("OpenVSwitch.Ports.DaemonRuns", "asked only where the database does not answer"),
        new("OpenVSwitch.Installation", Answers, input => input.State.OpenVSwitch.Database.IsKnown),
        new("Platform.AffinitySettings", "irqbalance does not run", HasNoIrqbalance),
        new("Platform.IsolatedCpus", "irqbalance does not run", HasNoIrqbalance),
        new("Routing", NoDevices, MakesNoDevice),
        new("DhcpClients", NoDevices, MakesNoDevice),
        new("Protected", "nothing is to be changed", input => !input.Intent.Manages),
        new("Changes", "nothing is to be changed", input => !input.Intent.Manages),
        new("PhysicalFunctions[].NameRules", "no PF is configured for switchdev mode",
            input => input.Intent.Nics.All(nic => nic.Mode != NicMode.Switchdev)),
        new("PhysicalFunctions[].SteeringMode", "only mlx5 has it", HasNoMlx5),
        new("Platform.IpsecOffloads", "only mlx5 excludes it", HasNoMlx5),
        new("Platform.Functions[].PortMetadata", "only mlx5 has it", HasNoMlx5),
        new("Platform.Functions[].Multiport", "only mlx5 has it", HasNoMlx5),
        new("Platform.Functions[].SocketDirect", "asked of PFs of mlx5 without a network device",
            input => input.State.KnownFunctions.All(pf => !pf.IsMlx5 || pf.Uplink is not null)),
        .. Each(NoBackend, null,
            "SecurityGroups.Cloudpods", "SecurityGroups.ConfigMap", "SecurityGroups.Neutron",
            "SecurityGroups.NeutronLater", "SecurityGroups.NeutronRestart", "SecurityGroups.Program"),
        .. Each(NoSwitch, input => input.WhySwitch is null,
            "OpenVSwitch.Daemon", "OpenVSwitch.HwOffload", "OpenVSwitch.Upcalls", "OpenFlow", "Flows",
            "Flows[].Truncated"),
        .. Each(NoOffload, input => !input.OffloadExpected,
            "Shapers", "Filters", "OpenVSwitch.Log", "Kernel.Facts.Modules", "Kernel.Facts.Configuration",
            "Platform.TrafficControlModules", "Platform.ManagedDevices", "Platform.LibvirtPools",
            "Platform.Interfaces", "Platform.FlowTableTimeout", "Platform.Counters",
            "PhysicalFunctions[].Uplink.HwTcOffload"),
    ];

    /// <summary>Every place that is excused anywhere.</summary>
    public static IEnumerable<string> Places => All.Select(excuse => excuse.Place).Concat(OfPlan.Keys).Distinct();

    /// <summary>Whether the plan does not need a reading that the checks need.</summary>
    public static bool IsOfChecks(string place) =>
        OfPlan.ContainsKey(place) || place.StartsWith(AroundTheNics, StringComparison.Ordinal);

    /// <summary>Why nobody needs a reading on a host; null where somebody does.</summary>
    public static string? Of(string place, Observation input) =>
        All.FirstOrDefault(excuse => excuse.Place == place && excuse.IsOn(input))?.Why;

    private static IEnumerable<Excuse> Each(string why, Func<Observation, bool>? on, params string[] places) =>
        places.Select(place => new Excuse(place, why, on));

    private static bool HasNoIrqbalance(Observation input) => input.State.Platform.Irqbalance.IsAbsent;

    private static bool HasNoMlx5(Observation input) => input.State.KnownFunctions.All(pf => !pf.IsMlx5);

    private static bool MakesNoDevice(Observation input) =>
        input.Intent.Bonds.Count == 0 && input.Intent.Bridges.Count == 0;

    /// <summary>One excuse.</summary>
    /// <param name="Place">The reading's place.</param>
    /// <param name="Why">The reason.</param>
    /// <param name="On">The hosts; null for all.</param>
    private sealed record Excuse(string Place, string Why, Func<Observation, bool>? On = null)
    {
        public bool IsOn(Observation input) => On?.Invoke(input) ?? true;
    }
}
