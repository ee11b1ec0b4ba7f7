using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

/// <summary>A fact that could not be read makes its checks say skipped with the reason, and never ok.</summary>
public class UnreadFactTests
{
    private const string Why = "Permission denied (EACCES)";

    private static readonly HostState Healthy = SampleHost.ConnectX6Dx();

    private static readonly HostIntent Wanted = SampleIntent.Switchdev(2, RepresentorPorts.All);

    private static readonly string[] OfKernelLog =
        ["N14", "N16", "N17", "N21", "N29", "P03", "P04", "P05", "P19", "P20"];

    private static readonly string[] OfRefusals = ["O10", "O11", "O12", "O13", "O14", "O17", "O18", "O20", "O30"];

    private static readonly Dictionary<string, (HostState Host, string[] Checks)> Unread = new()
    {
        ["PCI functions"] = (Healthy.WithUnreadFunctions(Why),
            ["N01", "N02", "N04", "N06", "N07", "N10", "N11", "N12", "P01", "P06", "P07", "P09", "P10",
             "N05", "N08", "N15", "N18", "N19", "N20", "N23", "N24", "N26", "N30", "N31",
             "O28", "O31", "O41", "O42", "P02", "P08", "P12", "P17", "P18",
             "N09", "N27", "N36", "N37", "N38",
             "N32", "N33", "O19", "O29", "O36", "O37", "P11", "P14", "P16", "P21", "P22", "P23", "P24", "P25",
             .. OfKernelLog, .. OfRefusals]),
        ["kernel log"] = (Healthy.WithKernel(kernel => kernel with { Log = Failed<IReadOnlyList<KernelLogRecord>>() }),
            [.. OfKernelLog, .. OfRefusals]),
        ["ovs-vswitchd.log"] = (Healthy.WithSwitch(state => state with { Log = Failed<DaemonLogTail>() }),
            ["O06", "O08", "O25", "O44", .. OfRefusals]),
        ["command line"] = (Healthy.WithKernelFacts(facts => facts with { CommandLine = Failed<KernelCommandLine>() }),
            ["P02", "P21", "P22", "P23"]),
        ["module "
            + "options"] = (Around(platform => platform with { ModuleOptions = Failed<IReadOnlyList<ModuleOption>>() }),
            ["P21", "P22"]),
        ["boot arguments"] = (Around(platform => platform with { BootArguments = Failed<BootArguments>() }), ["P23"]),
        ["kernel modules for tc"] = (
            Around(platform => platform with { TrafficControlModules = Failed<IReadOnlySet<string>>() }), ["P11"]),
        ["mounts"] = (Around(platform => platform with { DebugFileSystem = Failed<bool>() }), ["P14"]),
        ["lockdown"] = (Healthy.WithKernelFacts(facts => facts with { Lockdown = Failed<string>() }), ["P14"]),
        ["driver's version"] = (Around(platform => platform with { Mlx5Version = Failed<string>() }), ["P24"]),
        ["managed devices"] = (
            Around(platform => platform with { ManagedDevices = Failed<IReadOnlyList<ManagedDevice>>() }), ["N09"]),
        ["libvirt's networks"] = (
            Around(platform => platform with { LibvirtPools = Failed<IReadOnlyList<LibvirtPool>>() }), ["N32"]),
        ["other programs"] = new(
            Around(platform => platform with { FunctionSettings = Failed<IReadOnlyList<FunctionSetting>>() }), ["N34"]),
        ["irqbalance"] = (Around(platform => platform with { Irqbalance = Failed<Irqbalance>() }), ["N36"]),
        ["who places interrupts"] = (
            WithIrqbalance(platform => platform with { AffinitySettings = Failed<IReadOnlyList<AffinitySetting>>() }),
            ["N36"]),
        ["isolated CPUs"] = (
            WithIrqbalance(platform => platform with { IsolatedCpus = Failed<ImmutableHashSet<int>>() }), ["N36"]),
        ["interfaces of ifupdown"] = (
            Around(platform => platform with { Interfaces = Failed<IReadOnlyList<InterfacesEntry>>() }), ["N33"]),
        ["flow table's timeout"] = (Around(platform => platform with { FlowTableTimeout = Failed<int>() }), ["O29"]),
        ["socket-direct functions"] = (
            Healthy.WithAround(around => around with { SocketDirect = Failed<Mlx5SocketDirect>() }), ["N38"]),
        ["IPsec offloads"] = (
            Around(platform => platform with { IpsecOffloads = Failed<ImmutableArray<IpsecOffload>>() }), ["N37"]),
        ["PCIe link"] = (Healthy.WithAround(around => around with { Link = Failed<PcieLink>() }), ["P16"]),
        ["interrupts"] = (
            Healthy.WithAround(around => around with { Interrupts = Failed<IReadOnlyList<Interrupt>>() }), ["N27"]),
        ["profiles of tuned"] = (
            Around(platform => platform with { Tuned = Failed<IReadOnlyList<TunedSetting>>() }), ["N35"]),
        ["NUMA nodes"] = (Around(platform => platform with
        {
            NumaNodes = Failed<ImmutableSortedDictionary<int, ImmutableHashSet<int>>>(),
        }), ["P15"]),
        ["link counters"] =
            (Around(
                platform => platform with { Counters = Failed<IReadOnlyDictionary<int, LinkCounters>>() }), ["O32"]),
        ["release"] = (Healthy.WithKernelFacts(facts => facts with { Release = Failed<KernelRelease>() }), ["P12"]),
        ["firmware"] = (Healthy.WithPf(pf => pf with { Firmware = Failed<Firmware>() }), ["P08"]),
        ["health"] = (Healthy.WithPf(pf => pf with { Health = Failed<ImmutableArray<HealthReporter>>() }), ["P18"]),
        ["steering mode"] = (Healthy.WithPf(pf => pf with { SteeringMode = Failed<string>() }), ["N24"]),
        ["VF settings"] = (Healthy.WithVf(0, vf => vf with { Settings = Failed<LinkVf>() }), ["N18", "N19"]),
        ["upcall/show"] = (Healthy.WithSwitch(state => state with { Upcalls = Failed<IReadOnlyList<UpcallShow>>() }),
            ["O23", "O24"]),
        ["tc qdiscs"] = (Healthy with { Shapers = Failed<ImmutableArray<Shaper>>() }, ["O37"]),
        ["tc filters"] = (Healthy with { Filters = Failed<FlowerCounts>() }, ["O31", "O34"]),
        ["IOMMU groups"] = (Healthy.WithKernel(kernel => kernel with
        {
            Iommu = kernel.Iommu with { Groups = Failed<IReadOnlyList<IommuGroup>>() },
        }), ["P01", "P02"]),
        ["sriov_totalvfs"] = (Healthy.WithPf(pf => pf with { VfLimit = Failed<int>() }), ["P06", "P07", "P25"]),
        ["sriov_numvfs"] = (Healthy.WithPf(pf => pf with { VfCount = Failed<int>() }), ["N07", "N15", "P25"]),
        ["e-switch"] = (Healthy.WithPf(pf => pf with { Eswitch = Failed<Eswitch>() }),
            ["N02", "N06", "N07", "N10", "N11", "N12", "N22", "P09", "P10",
             "N08", "N18", "N20", "N23", "N24", "N30", "N31", "N09", "N32", "N33", "O19", "O28", "O29", "O31", "O41",
             "O42",
             .. OfRefusals]),
        ["representors"] = (Healthy.WithPf(pf => pf with { Representors = Failed<ImmutableArray<Representor>>() }),
            ["N07", "N10", "N11", "N12", "P09", "N08", "N09", "N20", "N33", "O41"]),
        ["hw-tc-offload"] = (Healthy
            .WithRepresentor(0, device => device with { HwTcOffload = Failed<OffloadFeature>() })
            .WithRepresentor(1, device => device with { HwTcOffload = Failed<OffloadFeature>() }), ["N10", "P09"]),
        ["kernel configuration"] = (Healthy.WithKernelFacts(facts => facts with
        {
            Configuration = Failed<KernelConfiguration>(),
        }), ["P10"]),
        ["database"] = (Healthy.WithSwitch(state => state with { Database = Failed<OpenVSwitchDatabase>() }),
            ["N12", "O01", "O02", "O03", "O05", "O27",
             "O04", "O06", "O07", "O08", "O23", "O24", "O25", "O26", "O19", "O21", "O28", "O34", "O41", "O42", "O43",
             "O44", "P13"]),
        ["daemon"] = (Healthy.WithSwitch(state => state with { Daemon = Failed<string>() }), ["O02"]),
        ["whether hw-offload is active"] =
            (Healthy.WithSwitch(state => state with { HwOffload = Failed<HwOffloadEffect>() }), ["O02", "O07", "O42"]),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach ((string? fact, (HostState Host, string[] Checks) unread) in Unread)
            {
                foreach (string id in unread.Checks)
                {
                    cases.Add(fact, id);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_check_whose_fact_is_unread_is_skipped_with_the_reason_and_never_ok(string fact, string id)
    {
        Finding[] findings = Examined.One(id, Unread[fact].Host, Wanted);

        Assert.All(findings, finding => Assert.Equal(FindingStatus.Skipped, finding.Status));
        Assert.Contains(findings, finding => finding.Evidence.Contains(Why));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_same_check_is_not_skipped_where_the_fact_is_read(string fact, string id)
    {
        Assert.NotEqual("", fact);
        Assert.DoesNotContain(Examined.One(id, Healthy, Wanted), finding => finding.Status == FindingStatus.Skipped);
    }

    [Fact]
    public void With_unread_PFs_no_check_takes_offload_for_unwanted()
    {
        Finding finding = Assert.Single(
            Examined.One("O01", Healthy.WithUnreadFunctions(Why).WithOption("hw-offload", null)));

        Assert.Equal((FindingStatus.Skipped, true), (finding.Status, finding.Evidence.Contains(Why)));
    }

    [Fact]
    public void Flows_that_could_not_be_read_skip_the_check_of_flows()
    {
        var input = new Observation(Wanted, Healthy) { Flows = Failed<ImmutableArray<DatapathFlows>>() };

        Finding finding = Assert.Single(Checks.Find("O05")!.Examine(input));

        Assert.Equal((FindingStatus.Skipped, true), (finding.Status, finding.Evidence.Contains(Why)));
    }

    [Fact]
    public void A_tunnel_s_place_is_not_judged_by_an_e_switch_that_was_not_read()
    {
        HostState host = FaultyHosts.ByCheck["O15"].Host.WithPf(pf => pf with { Eswitch = Failed<Eswitch>() });

        Finding finding = Assert.Single(Examined.One("O15", host, Wanted));

        Assert.Equal((FindingStatus.Skipped, true), (finding.Status, finding.Evidence.Contains(Why)));
    }

    [Fact]
    public void A_journal_that_could_not_be_read_skips_the_check_of_the_last_apply()
    {
        var input = new Observation(Wanted, SampleHost.Legacy()) { Journal = Failed<ImmutableArray<JournalLine>>() };

        Finding finding = Assert.Single(Checks.Find("N06")!.Examine(input));

        Assert.Equal((FindingStatus.Skipped, true), (finding.Status, finding.Evidence.Contains(Why)));
    }

    private static HostState WithIrqbalance(Func<PlatformState, PlatformState> change) => Around(platform =>
        change(platform with { Irqbalance = Reading.Known(new Irqbalance(812, null, null, [])) }));

    private static HostState Around(Func<PlatformState, PlatformState> change) => Healthy.WithPlatform(change);

    private static Reading<T> Failed<T>() => Reading.Failed<T>(Why);
}
