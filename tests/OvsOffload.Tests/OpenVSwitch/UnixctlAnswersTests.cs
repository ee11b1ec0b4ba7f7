using OvsOffload.OpenVSwitch;

namespace OvsOffload.Tests.OpenVSwitch;

public sealed class UnixctlAnswersTests
{
    private const string Upcalls =
        """
        system@ovs-system:
          flows         : (current 12) (avg 34) (max 56) (limit 78000)
          offloaded flows : 9
          dump duration : 3ms
          ufid enabled : true

          21: (keys 6)
          22: (keys 6)

        netdev@ovs-netdev:
          flows         : (current 0) (avg 0) (max 0) (limit 10000)
          dump duration : 1ms
          ufid enabled : true

          23: (keys 0)
        """;

    private const string Datapath =
        """
        system@ovs-system:
          lookups: hit:100 missed:20 lost:3
          flows: 7
          masks: hit:40 total:2 hit/pkt:0.33
          caches:
            masks-cache: size:256
          port 0: ovs-system (internal)
          port 1: enp1s0f0_0
          port 2: vxlan_sys_4789 (vxlan: packet_type=ptap)
        """;

    private const string Offload =
        """
        Globally enabled: true
        Datapaths:
        system@ovs-system:
          tc
          - enp1s0f0_0: port_no: 1, ifindex: 7
            something: 0
          - br0: port_no: 2
          dummy_x
        netdev@ovs-netdev:
          dpdk
        """;

    [Fact]
    public void Upcalls_are_read_for_each_datapath()
    {
        IReadOnlyList<UpcallShow> shown = UpcallShow.Parse(Upcalls);
        Assert.Equal(
            [
                new UpcallShow
                {
                    Datapath = "system@ovs-system",
                    Flows = 12,
                    AverageFlows = 34,
                    MaxFlows = 56,
                    FlowLimit = 78000,
                    HandedOverFlows = 9,
                    DumpDurationMilliseconds = 3,
                },
                new UpcallShow
                {
                    Datapath = "netdev@ovs-netdev",
                    Flows = 0,
                    AverageFlows = 0,
                    MaxFlows = 0,
                    FlowLimit = 10000,
                    HandedOverFlows = null,
                    DumpDurationMilliseconds = 1,
                },
            ],
            shown);
        Assert.Empty(UpcallShow.Parse(""));
    }

    [Fact]
    public void A_datapath_shows_its_lookups_flows_and_ports()
    {
        var shown = DatapathShow.Parse(Datapath);
        Assert.Equal("system@ovs-system", shown.Datapath);
        Assert.Equal((100L, 20L, 3L, 7L), (shown.Hit, shown.Missed, shown.Lost, shown.Flows));
        Assert.Equal(
            [
                new DatapathPort(0, "ovs-system", "internal"),
                new DatapathPort(1, "enp1s0f0_0", null),
                new DatapathPort(2, "vxlan_sys_4789", "vxlan"),
            ],
            shown.Ports);
    }

    [Fact]
    public void Offload_shows_whether_it_is_on_and_who_took_which_ports()
    {
        var shown = OffloadShow.Parse(Offload);
        Assert.True(shown.Enabled);
        Assert.Equal(["system@ovs-system", "netdev@ovs-netdev"], shown.Datapaths.Select(datapath => datapath.Datapath));
        Assert.Equal(["tc", "dummy_x"], shown.Datapaths[0].Providers.Select(provider => provider.Name));
        Assert.Equal(["enp1s0f0_0", "br0"], shown.Datapaths[0].Providers[0].Ports);
        Assert.False(OffloadShow.Parse("Globally enabled: false\nDatapaths:\n").Enabled);
    }

    [Fact]
    public void An_answer_cut_at_any_offset_is_refused_or_says_nothing_that_was_not_there()
    {
        for (int length = 0; length < Upcalls.Length; length++)
        {
            OnlyFormatExceptions(() => Assert.True(UpcallShow.Parse(Upcalls[..length]).Count <= 2));
        }

        for (int length = 0; length < Datapath.Length; length++)
        {
            OnlyFormatExceptions(() => Assert.True(DatapathShow.Parse(Datapath[..length]).Ports.Count <= 3));
        }

        for (int length = 0; length < Offload.Length; length++)
        {
            OnlyFormatExceptions(() => Assert.True(OffloadShow.Parse(Offload[..length]).Enabled));
        }
    }

    [Theory]
    [InlineData("dp:\n  flows : (current x) (avg 0) (max 0) (limit 0)\n  dump duration : 1ms")]
    [InlineData("dp:\n  flows : (current 1) (avg 0) (max 0)\n  dump duration : 1ms")]
    [InlineData("dp:\n  dump duration : 1ms")]
    [InlineData("dp:\n  flows : (current 1) (avg 0) (max 0) (limit 1)\n")]
    public void Upcalls_without_their_numbers_are_refused(string text) =>
        Assert.Throws<FormatException>(() => UpcallShow.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("dp:\n  flows: 1")]
    [InlineData("dp:\n  lookups: hit:1 missed:2 lost:3")]
    [InlineData("dp:\n  lookups: hit:1 missed:2 lost:3\n  flows: 1\n  port x: y")]
    public void A_datapath_without_its_numbers_is_refused(string text) =>
        Assert.Throws<FormatException>(() => DatapathShow.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("Globally enabled: perhaps")]
    public void An_answer_that_does_not_say_whether_offload_is_on_is_refused(string text) =>
        Assert.Throws<FormatException>(() => OffloadShow.Parse(text));

    private static void OnlyFormatExceptions(Action parse)
    {
        Exception? refused = Record.Exception(parse);
        Assert.True(refused is null or FormatException, refused?.ToString());
    }
}
