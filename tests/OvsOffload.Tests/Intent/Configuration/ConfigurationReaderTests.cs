using System.Net;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.OpenVSwitch;
using static OvsOffload.Tests.Intent.Configuration.ConfigurationTexts;

namespace OvsOffload.Tests.Intent.Configuration;

public sealed class ConfigurationReaderTests
{
    private const string Everything = """
        version: 1
        nics:
          - pf: "0000:3B:00.0"
            mode: switchdev
            vfs: 2
            vf-macs: ["02:00:00:00:00:0A", "02:00:00:00:00:0b"]
            vf-driver: mlx5_vfio_pci
            steering: smfs
            encap: none
          - pf: 3b:00.1
            managed: observe
        bonds:
          - name: bond0
            profile: lacp
            members: ["0000:3b:00.0", "3b:00.1"]
            vf-lag: required
            mtu: 9000
        bridges:
          - name: br1
            uplink: bond0
            representors: all
            addresses: [192.0.2.10/24, "2001:db8::1/64"]
        openvswitch:
          { hw-offload: true, tc-policy: skip_sw, max-idle: 10s, restart: auto, restart-command: [/bin/r, x] }
        security-groups: { policy: keep, backends: [cloudpods, command], command: [/bin/g, x], cloudpods: cluster }
        metrics:
          listen: "[::1]:9975"
          web-config: /etc/ovs-offload/web.yaml
          flow-dump: { interval: 500ms, max-flows: 10, duty: 2.5% }
          collectors: { flows: false }
        safety: { protect: [eth0, bond1] }
        """;

    [Fact]
    public void Every_key_of_a_full_configuration_is_read()
    {
        HostIntent intent = Parse(Everything.Replace("500ms", "90s", StringComparison.Ordinal));

        NicIntent nic = intent.Nics[0];
        Assert.Equal(
            (PfReferenceKind.PciAddress, "0000:3b:00.0", "0000:3B:00.0"),
            (nic.Pf.Kind, nic.Pf.Value, nic.Pf.Written));
        Assert.Equal((NicMode.Switchdev, 2, VfMacSource.List), (nic.Mode, nic.Vfs, nic.VfMacs));
        Assert.Equal(["02000000000A", "02000000000B"], nic.VfMacList.Select(mac => mac.ToString()));
        Assert.Equal(VfDriver.Named("mlx5_vfio_pci"), nic.VfDriver);
        Assert.Equal((SteeringChoice.Smfs, EncapChoice.None, Management.Full), (nic.Steering, nic.Encap, nic.Managed));
        Assert.Equal(("0000:3b:00.1", Management.Observe), (intent.Nics[1].Pf.Value, intent.Nics[1].Managed));
        BondIntent bond = Assert.Single(intent.Bonds);
        Assert.Equal(
            ("bond0", "lacp", VfLagRequirement.Required, 9000), (bond.Name, bond.Profile, bond.VfLag, bond.Mtu));
        Assert.Equal(intent.Nics.Select(each => each.Pf), bond.Members);
        BridgeIntent bridge = Assert.Single(intent.Bridges);
        Assert.Equal(("br1", new BridgeUplink("bond0", null)), (bridge.Name, bridge.Uplink));
        Assert.Equal(["192.0.2.10/24", "2001:db8::1/64"], bridge.Addresses.Select(address => address.ToString()));
        Assert.Equal(RepresentorPorts.All, bridge.Representors);
        OpenVSwitchIntent openVSwitch = intent.OpenVSwitch;
        Assert.Equal(
            (true, TcPolicy.SkipSw, TimeSpan.FromSeconds(10)),
            (openVSwitch.HwOffload, openVSwitch.TcPolicy, openVSwitch.MaxIdle));
        Assert.Equal(RestartPolicy.Auto, openVSwitch.Restart);
        Assert.Equal(["/bin/r", "x"], openVSwitch.RestartCommand);
        Assert.Equal(SecurityGroupPolicy.Keep, intent.SecurityGroups.Policy);
        Assert.Equal([SecurityGroupBackend.Cloudpods, SecurityGroupBackend.Command], intent.SecurityGroups.Backends);
        Assert.Equal(["/bin/g", "x"], intent.SecurityGroups.Command);
        Assert.Equal(CloudpodsReach.Cluster, intent.SecurityGroups.Cloudpods);
        Assert.Equal(new ListenAddress(IPAddress.IPv6Loopback, 9975), intent.Metrics.Listen);
        Assert.Equal("/etc/ovs-offload/web.yaml", intent.Metrics.WebConfig);
        FlowDumpIntent flowDump = intent.Metrics.FlowDump;
        Assert.Equal(
            (TimeSpan.FromSeconds(90), 10, 0.025), (flowDump.Interval, flowDump.MaxFlows, flowDump.Duty));
        Assert.Equal(new Dictionary<string, bool> { ["flows"] = false }, intent.Metrics.Collectors);
        Assert.Equal(ProtectionKind.List, intent.Safety.Protect);
        Assert.Equal(["eth0", "bond1"], intent.Safety.ProtectedInterfaces);
    }

    [Fact]
    public void The_least_configuration_is_its_version_and_manages_nothing()
    {
        HostIntent intent = Parse("version: 1\n");

        Assert.Empty(intent.Nics);
        Assert.Null(intent.OpenVSwitch.HwOffload);
        Assert.Equal(new ListenAddress(IPAddress.Loopback, 9975), HostIntent.Observe.Metrics.Listen);
        Assert.Equal(HostIntent.Observe.Metrics.Listen, intent.Metrics.Listen);
    }

    [Fact]
    public void What_a_nic_does_not_state_is_left_as_it_is()
    {
        NicIntent nic = Assert.Single(Parse(Nic()).Nics);

        Assert.Null(nic.Mode);
        Assert.Null(nic.Vfs);
        Assert.Null(nic.Mtu);
        Assert.Equal(
            (VfMacSource.Keep, VfDriver.Auto, SteeringChoice.Keep, EncapChoice.Keep),
            (nic.VfMacs, nic.VfDriver, nic.Steering, nic.Encap));
    }

    [Theory]
    [InlineData("67")]
    [InlineData("65536")]
    [InlineData("9000 bytes")]
    [InlineData("9k")]
    public void An_MTU_is_a_number_of_bytes_that_the_kernel_can_have(string written) => Assert.Equal(
        $"c.yaml:4:8: nics[0].mtu: found \"{written}\"; allowed: bytes, a whole number from 68 to 65535",
        Error(Nic($"mtu: {written}")));

    [Fact]
    public void Every_value_knows_where_it_stands()
    {
        HostIntent intent = Parse(Everything.Replace("500ms", "1s", StringComparison.Ordinal));

        Assert.Equal("c.yaml:5:10", intent.Nics[0].Source["vfs"].ToString());
        Assert.Equal("c.yaml:10:9", intent.Nics[1].Pf.Position.ToString());
        Assert.Equal("c.yaml:10:5", intent.Nics[1].Source["vfs"].ToString());
        Assert.Equal("c.yaml:15:31", intent.Bonds[0].Members[1].Position.ToString());
        Assert.Equal("c.yaml:29:26", intent.Metrics.FlowDump.Source["interval"].ToString());
        Assert.Equal("c.yaml:30:24", intent.Metrics.Source["collectors.flows"].ToString());
        Assert.Equal("defaults", HostIntent.Observe.Safety.Source["protect"].ToString());
    }

    [Fact]
    public void All_errors_of_a_file_are_reported_in_its_order()
    {
        string[] errors = Errors(
            "nics:\n- pf: 3b:00.0\n  vfs: many\n- pf: 0000:3b:00.0\nsafety: { protekt: auto }\nversion: 1\n");

        Assert.Collection(
            errors,
            error => Assert.StartsWith("c.yaml:3:8: nics[0].vfs: found \"many\"", error, StringComparison.Ordinal),
            error => Assert.StartsWith(
                "c.yaml:4:7: duplicate PF 0000:3b:00.0 under nics, first at c.yaml:2:7",
                error, StringComparison.Ordinal),
            error => Assert.StartsWith(
                "c.yaml:5:11: safety: unknown key \"protekt\". Did you mean \"protect\"?",
                error, StringComparison.Ordinal));
    }

    [Fact]
    public void A_collector_that_there_is_not_is_an_error_where_the_collectors_are_known()
    {
        byte[] text = "version: 1\nmetrics: { collectors: { flow: false } }\n"u8.ToArray();

        ConfigurationException exception = Assert.Throws<ConfigurationException>(
            () => ConfigurationReader.Parse("c.yaml", text, ["flows", "bonds"]));

        Assert.Equal(
            "c.yaml:2:26: metrics.collectors: unknown key \"flow\". Did you mean \"flows\"? Known keys: flows, bonds",
            exception.Message);
    }

    [Fact]
    public void An_absent_file_is_an_error_unless_it_may_be_absent()
    {
        string path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString(), "config.yaml");

        Assert.Null(ConfigurationReader.ReadIfPresent(path));
        ConfigurationException exception = Assert.Throws<ConfigurationException>(() => ConfigurationReader.Read(path));
        Assert.Equal($"{path}: no such file", exception.Message);
    }

    [Fact]
    public void A_folder_in_the_files_place_is_an_error()
    {
        string folder = Path.GetTempPath();

        ConfigurationException exception = Assert.Throws<ConfigurationException>(
            () => ConfigurationReader.ReadIfPresent(folder));

        Assert.StartsWith($"{folder}: cannot be read: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_read_from_disk()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "version: 1\nnics: 7\n");

            ConfigurationException exception = Assert.Throws<ConfigurationException>(
                () => ConfigurationReader.Read(path));
            Assert.StartsWith(
                $"{path}:2:7: nics: found \"7\"; allowed: a list", exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_device_is_not_read()
    {
        ConfigurationException exception = Assert.Throws<ConfigurationException>(
            () => ConfigurationReader.Read("/dev/zero"));

        Assert.Equal("/dev/zero: cannot be read: is a character device, not a regular file", exception.Message);
    }
}
