using OvsOffload.Netlink;

namespace OvsOffload.Tests.Netlink;

/// <summary>
/// Our requests are those of devlink, ip, tc and ethtool, byte for byte but for sequence number and port. Where ours
/// differ by design, the test says how.
/// </summary>
public sealed class CapturedRequestTests
{
    private static readonly DevlinkHandle Pf0 = DevlinkHandle.Pci("0000:01:00.0");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Kernels => ["6.1", "6.12"];

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task Devlinks_requests_are_those_of_the_devlink_command(string kernel)
    {
        await SameAsync(kernel, "devlink-dev-show", Devlink(d => d.DevicesAsync(Cancellation)));
        await SameAsync(kernel, "devlink-eswitch-show-legacy", Devlink(d => d.EswitchAsync(Pf0, Cancellation)));
        await SameAsync(kernel, "devlink-eswitch-set-switchdev", Devlink(
            d => d.SetEswitchModeAsync(Pf0, EswitchMode.Switchdev, Cancellation)));
        await SameAsync(kernel, "devlink-inline-set", Devlink(
            d => d.SetInlineModeAsync(Pf0, EswitchInlineMode.Transport, Cancellation)));
        await SameAsync(kernel, "devlink-encap-set", Devlink(
            d => d.SetEncapModeAsync(Pf0, EswitchEncapMode.None, Cancellation)));
        await SameAsync(kernel, "devlink-port-show", Devlink(d => d.PortsAsync(Cancellation)));
        await SameAsync(kernel, "devlink-param-show", Devlink(
            d => d.ParameterAsync(Pf0, "flow_steering_mode", Cancellation)));
        await SameAsync(kernel, "devlink-param-set", Devlink(d => d.SetParameterAsync(
            Pf0, "flow_steering_mode", DevlinkParameterMode.Runtime, DevlinkValue.Of("dmfs"), Cancellation)));
        await SameAsync(kernel, "devlink-dev-info", Devlink(d => d.InfoAsync(Pf0, Cancellation)));
        await SameAsync(kernel, "devlink-health-show", Devlink(d => d.HealthReportersAsync(Cancellation)));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task Changes_of_links_are_those_of_the_ip_command(string kernel)
    {
        await SameAsync(kernel, "ip-link-set-up", Links((l, r) => l.SetUpAsync(r, Cancellation)));
        await SameAsync(kernel, "ip-link-set-down", Links((l, r) => l.SetDownAsync(r, Cancellation)));
        await SameAsync(kernel, "ip-link-set-address", Links(
            (l, r) => l.SetAddressAsync(r, HardwareAddress.Parse("0c:42:a1:00:00:77"), Cancellation)));
        await SameAsync(kernel, "ip-link-set-mtu", Links((l, r) => l.SetMtuAsync(r, 9000, Cancellation)));
        await SameAsync(kernel, "ip-link-set-nomaster", Links((l, r) => l.ReleaseAsync(r, Cancellation)));
        await SameAsync(kernel, "ip-link-set-vf-mac", Links(
            (l, r) => l.SetVfAddressAsync(r, 0, HardwareAddress.Parse("02:00:00:00:00:11"), Cancellation)));
        await SameAsync(kernel, "ip-link-set-vf-vlan-refused", Links(
            (l, r) => l.SetVfVlanAsync(r, 0, 5, 0, Cancellation)));
        await SameAsync(kernel, "ip-link-del", Links((l, r) => l.DeleteAsync(r, Cancellation)));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task A_slave_joins_its_bond_as_by_the_ip_command(string kernel)
    {
        var capture = Capture.Load(kernel, "ip-link-set-master");
        var bond = new LinkReference(BitConverter.ToInt32(capture.LastToolRequest, 36), "bond0");

        await SameAsync(kernel, "ip-link-set-master", Links((l, r) => l.SetMasterAsync(r, bond, Cancellation)));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task A_bond_is_created_as_by_the_ip_command_but_for_the_flag_of_nests_and_the_order(string kernel)
    {
        var capture = Capture.Load(kernel, "ip-bond-add");
        FakeKernel fake = capture.Kernel();

        await new Links(fake).CreateBondAsync(
            "bond0",
            new BondOptions
            {
                Mode = BondMode.Lacp,
                MiiMonitor = 100,
                LacpRate = BondLacpRate.Fast,
                TransmitHash = BondTransmitHash.Layer34,
            },
            Cancellation);

        static string Sorted(byte[] message) => string.Join(' ', Attributes(message.AsSpan(32), "").Order());
        Assert.Equal(Sorted(capture.LastToolRequest), Sorted(fake.Requests[0]));

        // all of the header but the length
        Assert.Equal(
            Capture.Anonymous(capture.LastToolRequest)[8..64], Capture.Anonymous(fake.Requests[0])[8..64]);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task Dumps_of_traffic_control_are_those_of_the_tc_command(string kernel)
    {
        await SameAsync(kernel, "tc-qdisc-show", (channel, _) =>
            new TrafficControl(channel).IngressQdiscsAsync(Cancellation));
        await SameAsync(kernel, "tc-filter-show-terse", (channel, _) =>
            new TrafficControl(channel).CountFlowerAsync(Target(kernel, "tc-filter-show-terse"), Cancellation));
        await SameAsync(kernel, "tc-filter-show-block-terse", (channel, _) =>
            new TrafficControl(channel).CountFlowerAsync(Target(kernel, "tc-filter-show-block-terse"), Cancellation));
        await SameAsync(kernel, "tc-filter-show", (channel, _) => new TrafficControl(channel).ReadFlowerAsync(
            Target(kernel, "tc-filter-show"), () => 0, (_, _) => { }, Cancellation));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task A_feature_is_asked_for_as_by_the_ethtool_command_but_of_a_link_by_its_index(string kernel)
    {
        foreach (bool isOn in new[] { true, false })
        {
            var capture = Capture.Load(kernel, $"ethtool-hw-tc-offload-{(isOn ? "on" : "off")}");
            FakeKernel fake = capture.Kernel();

            // the answer is a compact one, as ethtool asked for
            await Assert.ThrowsAsync<NetlinkMalformedException>(() => new Ethtool(fake).SetFeatureAsync(
                new LinkReference(4, "eth0"), Ethtool.TcOffload, isOn, Cancellation));

            const string wanted = "0380"; // ETHTOOL_A_FEATURES_WANTED with NLA_F_NESTED
            string expected = Capture.Anonymous(capture.LastToolRequest);
            string actual = Capture.Anonymous(fake.Requests[^1]);
            Assert.Equal(
                expected[expected.IndexOf(wanted, StringComparison.Ordinal)..],
                actual[actual.IndexOf(wanted, StringComparison.Ordinal)..]);
            Assert.Equal(expected[8..40], actual[8..40]);
        }
    }

    /// <summary>The target of the command's own dump of filters (struct tcmsg).</summary>
    private static FilterTarget Target(string kernel, string name)
    {
        byte[] dump = new NetlinkMessageWriter(RtnetlinkType.GetFilter, NetlinkRequestFlags.Dump).ToArray();
        byte[] request = Capture.Load(kernel, name).ToolRequest(dump);
        int index = BitConverter.ToInt32(request, 20);
        return index < 0
            ? FilterTarget.Shared(BitConverter.ToUInt32(request, 28))
            : FilterTarget.Ingress(index);
    }

    private static Func<INetlinkChannel, byte[], Task> Devlink(Func<Devlink, Task> act) =>
        (channel, _) => act(new Devlink(channel));

    /// <summary>Acts on the link that the command acted on.</summary>
    private static Func<INetlinkChannel, byte[], Task> Links(Func<Links, LinkReference, Task> act) =>
        (channel, toolRequest) =>
            act(new Links(channel), new LinkReference(BitConverter.ToInt32(toolRequest, 20), "eth0"));

    /// <summary>Each attribute on its own, with the types of the nests that it is in.</summary>
    private static List<string> Attributes(ReadOnlySpan<byte> bytes, string path)
    {
        var found = new List<string>();
        var reader = new AttributeReader(bytes, "test");
        while (reader.Read())
        {
            bool isNest = path.Length == 0
                ? reader.Type == LinkAttribute.Information
                : path == "18" && reader.Type == 2;
            if (isNest)
            {
                found.AddRange(Attributes(reader.Value, $"{path}{reader.Type}"));
            }
            else
            {
                // a string needs no NUL on the wire, and ip sends the kind of a new link without
                ReadOnlySpan<byte> value = reader.Value.TrimEnd((byte)0);
                found.Add($"{path}/{reader.Type}={Convert.ToHexStringLower(value)}");
            }
        }

        return found;
    }

    private static async Task SameAsync(string kernel, string name, Func<INetlinkChannel, byte[], Task> act)
    {
        var capture = Capture.Load(kernel, name);
        FakeKernel fake = capture.Kernel();
        try
        {
            await act(fake, capture.LastToolRequest);
        }
        catch (NetlinkException)
        {
            // a refusal is as good here: the request is what is compared
        }

        Assert.NotEmpty(fake.Requests);
        foreach (byte[] request in fake.Requests)
        {
            Assert.Equal(
                $"{name} {Capture.Anonymous(capture.ToolRequest(request))}", $"{name} {Capture.Anonymous(request)}");
        }
    }
}
