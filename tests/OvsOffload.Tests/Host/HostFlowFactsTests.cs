using System.Collections.Immutable;
using System.Net;
using System.Text;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Platform;

namespace OvsOffload.Tests.Host;

public sealed class HostFlowFactsTests
{
    [Fact]
    public void A_healthy_host_has_offload_and_knows_its_ports()
    {
        FlowReasonFacts facts = HostFlowFacts.Of(SampleHost.ConnectX6Dx());
        Assert.True(facts.HwOffload);
        Assert.Equal(TcPolicy.None, facts.TcPolicy);
        Assert.True(facts.RecircSharing);
        Assert.True(facts.ConntrackOffload);
        FlowPort representor = Port(facts, SampleHost.RepresentorName(1));
        Assert.Equal((FlowPortKind.Representor, "vf1", SampleHost.Bridge, SampleHost.Pf),
            (representor.Kind, representor.Function, representor.Bridge, representor.Pf?.ToString()));
        Assert.Equal(FlowPortKind.Uplink, Port(facts, SampleHost.Uplink).Kind);
        Assert.Equal(FlowPortKind.Internal, Port(facts, SampleHost.Bridge).Kind);
        Assert.True(representor.Switchdev);
    }

    [Fact]
    public void Options_that_the_kernel_lacks_are_known()
    {
        FlowReasonFacts facts = HostFlowFacts.Of(SampleHost.ConnectX6Dx() with
        {
            Kernel = SampleHost.Bare().Kernel with
            {
                Facts = SampleHost.Bare().Kernel.Facts with { Configuration = SampleHost.Options("NET_CLS_FLOWER") },
            },
        });
        Assert.False(facts.RecircSharing);
        Assert.False(facts.ConntrackOffload);
    }

    [Fact]
    public void What_could_not_be_read_is_not_known()
    {
        FlowReasonFacts facts = HostFlowFacts.Of(SampleHost.Bare() with
        {
            Kernel = SampleHost.Bare().Kernel with
            {
                Facts =
                    SampleHost.Bare().Kernel.Facts with { Configuration = Reading.Failed<KernelConfiguration>("no") },
            },
        });
        Assert.Null(facts.HwOffload);
        Assert.Null(facts.TcPolicy);
        Assert.Null(facts.RecircSharing);
        Assert.Null(facts.ConntrackOffload);
        Assert.Empty(facts.Ports.Values);
        Assert.Same(FlowReasonFacts.None, HostFlowFacts.Of(null));
    }

    [Fact]
    public void Without_the_list_of_PFs_no_port_is_said_to_belong_to_no_NIC()
    {
        FlowReasonFacts facts = HostFlowFacts.Of(SampleHost.ConnectX6Dx() with
        {
            PhysicalFunctions = Reading.Failed<ImmutableArray<PhysicalFunction>>("no"),
        });
        Assert.All(facts.Ports.Values, port => Assert.NotEqual(FlowPortKind.OutsideNic, port.Kind));
        Assert.False(facts.Ports.TryFind(Encoding.UTF8.GetBytes(SampleHost.RepresentorName(1)), out _));
    }

    [Fact]
    public void A_refusal_in_the_kernels_log_is_that_of_its_pf()
    {
        HostState host = SampleHost.ConnectX6Dx().WithKernelLog(
            $"mlx5_core {SampleHost.Pf} enp59s0f0np0: flow table is full", "mlx5_core 0000:5e:00.0: flow table is full",
            $"mlx5_core {SampleHost.Pf}: Link up");

        // The log is of the fifth minute since boot, so of more than an hour ago.
        Assert.Empty(HostFlowFacts.Of(host).Logged);
        host = host with
        {
            Kernel = host.Kernel with
            {
                Facts = host.Kernel.Facts with { Uptime = Reading.Known(TimeSpan.FromMinutes(50)) },
            },
        };
        LoggedRefusal refusal = Assert.Single(HostFlowFacts.Of(host).Logged);
        Assert.Equal((FlowReason.TableFull, SampleHost.Pf), (refusal.Reason, refusal.Pf?.ToString()));
    }

    /// <summary>mlx5 names the two devices and not its PF.</summary>
    [Fact]
    public void A_refusal_in_the_kernels_log_of_two_devices_is_of_what_goes_from_the_first_to_the_second()
    {
        HostState host = SampleHost.ConnectX6Dx().WithKernelLog(
            "mlx5_core: devices eth5 eth9 are both uplink but not the same, can't offload forwarding",
            "mlx5_core: devices");
        host = host with
        {
            Kernel = host.Kernel with
            {
                Facts = host.Kernel.Facts with { Uptime = Reading.Known(TimeSpan.FromMinutes(50)) },
            },
        };
        LoggedRefusal refusal = Assert.Single(HostFlowFacts.Of(host).Logged);
        Assert.Equal((FlowReason.BetweenUplinks, "eth5", true), (refusal.Reason, refusal.Device, refusal.IsOfPair));
    }

    [Fact]
    public void A_refusal_in_the_switchs_log_is_that_of_its_port_and_of_the_last_hour()
    {
        HostState host = SampleHost.ConnectX6Dx();
        DaemonLogLine Line(TimeSpan age, string message) =>
            new(host.ReadAt - age, "dpif_netlink(handler1)", "DBG", message);
        FlowReasonFacts facts = HostFlowFacts.Of(host.WithSwitch(state => state with
        {
            Log = Reading.Known(new DaemonLogTail(
                [
                    Line(TimeSpan.FromHours(2), "failed to offload flow: No such file or directory: eth7"),
                    Line(TimeSpan.FromMinutes(2), "failed to offload flow: Operation not supported: eth5"),
                    Line(TimeSpan.FromMinutes(1), "failed to offload flow: Operation not supported: eth5"),
                    Line(TimeSpan.FromMinutes(1), "netdev: offloading attribute dp_hash isn't supported"),
                ],
                true)),
        }));
        Assert.Equal(
            [(FlowReason.KernelRefused, "eth5"), (FlowReason.DpHash, null)],
            facts.Logged.Select(one => (one.Reason, one.Device)));
    }

    [Theory]
    [InlineData("received NAK error=95 - mlx5_core: Unsupported key", nameof(FlowReason.NicKey))]
    [InlineData("received NAK error=95 - mlx5_core: The offload action is not supported", nameof(FlowReason.NicAction))]
    [InlineData("received NAK error=95 - Operation not supported", null)]
    [InlineData("received NAK error=95 (Operation not supported)", null)]
    [InlineData("nl_sock_recv__ (Success): nl(len:84, type=2(error)) error(-95(Operation not supported))", null)]
    public void The_kernels_own_words_in_the_switchs_log_are_a_reason_and_the_name_of_an_error_is_none(
        string message, string? reason)
    {
        HostState host = SampleHost.ConnectX6Dx();
        FlowReasonFacts facts = HostFlowFacts.Of(host.WithSwitch(state => state with
        {
            Log = Reading.Known(new DaemonLogTail(
                [new(host.ReadAt - TimeSpan.FromMinutes(1), "netlink_socket(handler1)", "DBG", message)], true)),
        }));

        Assert.Equal(reason, facts.Logged.Select(logged => logged.Reason.ToString()).SingleOrDefault());
    }

    [Fact]
    public void An_address_on_the_uplink_is_a_place_for_a_tunnel_and_one_on_a_bridge_is_not()
    {
        FlowReasonFacts facts = HostFlowFacts.Of(SampleHost.ConnectX6Dx().WithDevices(devices =>
        [
            .. devices.Select(device => device.Name == SampleHost.Uplink ? WithAddress(device, "192.0.2.1") : device),
            WithAddress(new NetDevice { Index = 90, Name = "br1", Kind = "openvswitch" }, "192.0.2.2"),
            WithAddress(new NetDevice { Index = 91, Name = "vlan7", Kind = "vlan", Lower = 2 }, "2001:db8::7"),
        ]));
        Assert.True(Endpoint(facts, "192.0.2.1").OnUplink);
        Assert.True(Endpoint(facts, "192.0.2.2") is { OnUplink: false, Internal: true });
        Assert.True(Endpoint(facts, "2001:db8::7").OnUplink);
    }

    [Fact]
    public void What_the_daemon_found_out_of_tc_and_its_version_are_known()
    {
        HostState host = SampleHost.ConnectX6Dx();
        FlowReasonFacts facts = HostFlowFacts.Of(host.WithSwitch(state => state with
        {
            Daemon = Reading.Known("3.7.1-2.fc43"),
            Log = Reading.Known(new DaemonLogTail(
                [
                    new(host.ReadAt - TimeSpan.FromHours(2), "dpif_offload_tc_netdev", "INFO",
                        "probe tc: supported ovs ct_state bits: 0x3f"),
                ],
                true)),
        }));
        Assert.Equal((0x3ful, new Version(3, 7, 1)), (facts.CtStates?.Bits, facts.OvsVersion));
        Assert.Equal(new KernelVersion(6, 8), facts.Kernel);
        Assert.Null(HostFlowFacts.Of(host).CtStates);
        Assert.Null(HostFlowFacts.Of(host.WithKernelFacts(kernel => kernel with
        {
            Release = KernelRelease.Parse("5.14.0-503.el9.x86_64"),
        })).Kernel);
    }

    [Fact]
    public void A_port_that_no_provider_has_or_that_is_told_to_stay_in_software_is_known()
    {
        HostState host = SampleHost.ConnectX6Dx().WithSwitch(state => state with
        {
            HwOffload = state.HwOffload.Map(effect => effect with
            {
                TakenPorts = new HashSet<string> { SampleHost.Uplink },
            }),
        });
        Assert.Contains(
            "dpif/offload/show", Port(HostFlowFacts.Of(host), SampleHost.RepresentorName(1)).KeptInSoftware);
        Assert.Null(Port(HostFlowFacts.Of(host), SampleHost.Uplink).KeptInSoftware);

        FlowReasonFacts told = HostFlowFacts.Of(SampleHost.ConnectX6Dx().WithDatabase(database => database with
        {
            Bridges =
            [
                .. database.Bridges.Select(bridge => bridge with
                {
                    Ports = [.. bridge.Ports.Select(port => port with
                    {
                        Interfaces = [.. port.Interfaces.Select(row => row with
                        {
                            OtherConfig = new Dictionary<string, string> { ["hw-offload-priority"] = "none" },
                        })],
                    })],
                }),
            ],
        }));
        Assert.Contains("hw-offload-priority=none", Port(told, SampleHost.Uplink).KeptInSoftware);
    }

    private static NetDevice WithAddress(NetDevice device, string address) =>
        device with { Addresses = [new IPNetworkAddress(IPAddress.Parse(address), 24)] };

    private static FlowPort Port(FlowReasonFacts facts, string name)
    {
        Assert.True(facts.Ports.TryFind(Encoding.UTF8.GetBytes(name), out FlowPort? port));
        return port;
    }

    private static TunnelEndpoint Endpoint(FlowReasonFacts facts, string address)
    {
        Assert.True(facts.LocalAddresses.TryFind(Encoding.UTF8.GetBytes(address), out TunnelEndpoint? endpoint));
        return endpoint;
    }
}
