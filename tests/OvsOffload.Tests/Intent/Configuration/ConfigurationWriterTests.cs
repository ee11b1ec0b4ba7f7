using System.Net;
using System.Net.NetworkInformation;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.OpenVSwitch;
using static OvsOffload.Tests.Intent.Configuration.ConfigurationTexts;

namespace OvsOffload.Tests.Intent.Configuration;

public sealed class ConfigurationWriterTests
{
    [Fact]
    public void The_example_file_says_of_every_key_what_the_declarations_say()
    {
        string example = File.ReadAllText(ExamplePath());

        string written = ConfigurationWriter.Write(Parse(example), withComments: true);

        Assert.Equal(written, example);
    }

    [Fact]
    public void The_example_file_states_every_key_that_is_declared()
    {
        string example = File.ReadAllText(ExamplePath());

        Assert.All(
            Names(ConfigurationKeys.Section),
            name => Assert.Contains($"{name}:", example, StringComparison.Ordinal));

        static IEnumerable<string> Names(Section section) => section.Content.SelectMany(
            declaration => declaration is Section inner ? Names(inner).Append(inner.Name) : [declaration.Name]);
    }

    [Fact]
    public void Every_documented_default_is_what_a_file_gets_that_does_not_state_the_key()
    {
        const string requiredOnly =
            "version: 1\nnics:\n- pf: \"0000:3b:00.0\"\nbonds:\n- {name: b, profile: p, members: [\"0000:3b:00.0\"]}\n"
            + "bridges:\n- {name: br, uplink: b}\n";
        HostIntent intent = Parse(requiredOnly);

        // Writing states what was unstated; reading that back changes nothing.
        string stated = ConfigurationWriter.Write(intent, withComments: false);

        Assert.Equal(stated, ConfigurationWriter.Write(Parse(stated), withComments: false));
        Assert.Contains("  restart: manual\n", stated, StringComparison.Ordinal);
        Assert.Contains("Default: manual.", OpenVSwitchKeys.Restart.Range, StringComparison.Ordinal);
        Assert.Equal(NicKeys.Steering.Default, intent.Nics[0].Steering);
        Assert.Equal(MetricsKeys.Listen.Default, HostIntent.Observe.Metrics.Listen);
        Assert.DoesNotContain("mtu", stated, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_back_as_the_same_intent()
    {
        var pf = new PfReference(PfReferenceKind.MacAddress, "0c:42:a1:00:00:0a", "", SourcePosition.Defaults);
        var named = new PfReference(PfReferenceKind.InterfaceName, "no", "", SourcePosition.Defaults);
        var alone = new PfReference(PfReferenceKind.PciAddress, "0000:5e:00.0", "", SourcePosition.Defaults);
        var intent = new HostIntent
        {
            Nics =
            [
                new NicIntent
                {
                    Pf = pf,
                    Mode = NicMode.Legacy,
                    Vfs = 2,
                    VfMacs = VfMacSource.List,
                    VfMacList = [PhysicalAddress.Parse("020000000001"), PhysicalAddress.Parse("020000000002")],
                    VfDriver = VfDriver.Named("vfio-pci"),
                    Steering = SteeringChoice.Dmfs,
                    Encap = EncapChoice.None,
                    Managed = Management.Observe,
                },
                new NicIntent { Pf = named },
                new NicIntent { Pf = alone, Mtu = 9000 },
            ],
            Bonds = [new BondIntent { Name = "bond.7", Profile = "active-backup", Members = [pf, named], Mtu = 1500 }],
            Bridges =
            [
                new BridgeIntent
                {
                    Name = "br-ex",
                    Uplink = new BridgeUplink("bond.7", null),
                    Representors = RepresentorPorts.All,
                    Addresses = [new(IPAddress.Parse("192.0.2.10"), 24), new(IPAddress.Parse("2001:db8::1"), 64)],
                },
            ],
            OpenVSwitch = new OpenVSwitchIntent
            {
                HwOffload = false,
                TcPolicy = TcPolicy.SkipSw,
                MaxIdle = TimeSpan.FromMilliseconds(1500),
                Restart = RestartPolicy.Auto,
                RestartCommand = ["/usr/bin/env", "sh", "-c", "echo \"\\\t\u0001#\"", ""],
            },
            SecurityGroups = new SecurityGroupIntent
            {
                Policy = SecurityGroupPolicy.Disable,
                Backends = [SecurityGroupBackend.Neutron],
            },
            Metrics = new MetricsIntent
            {
                Listen = new ListenAddress(null, 9975),
                FlowDump = new FlowDumpIntent { Interval = TimeSpan.FromMinutes(2), MaxFlows = 5, Duty = 0.025 },
                Collectors = new Dictionary<string, bool> { ["flows"] = false, ["on"] = true },
            },
            Safety = new SafetyIntent { Protect = ProtectionKind.List, ProtectedInterfaces = ["eth0", "1"] },
        };

        string first = ConfigurationWriter.Write(intent, withComments: true);
        HostIntent read = Parse(first);

        Assert.Equal(first, ConfigurationWriter.Write(read, withComments: true));
        Assert.Equivalent(intent.Nics[0] with { Source = read.Nics[0].Source }, read.Nics[0] with { Pf = pf });
        Assert.Equal(named, read.Nics[1].Pf);
        Assert.Equal((null, 9000), (read.Nics[1].Mtu, read.Nics[2].Mtu));
        Assert.Equal([pf, named], read.Bonds[0].Members);
        Assert.Equal(intent.Bridges[0].Uplink, read.Bridges[0].Uplink);
        Assert.Equal(intent.Bridges[0].Addresses, read.Bridges[0].Addresses);
        Assert.Equal(intent.OpenVSwitch.RestartCommand, read.OpenVSwitch.RestartCommand);
        Assert.Equal(intent.OpenVSwitch.MaxIdle, read.OpenVSwitch.MaxIdle);
        Assert.Equal(intent.OpenVSwitch.TcPolicy, read.OpenVSwitch.TcPolicy);
        Assert.False(read.OpenVSwitch.HwOffload);
        Assert.Equal(intent.SecurityGroups.Backends, read.SecurityGroups.Backends);
        Assert.Equal(intent.Metrics.Listen, read.Metrics.Listen);
        Assert.Equal(0.025, read.Metrics.FlowDump.Duty);
        Assert.Equal(intent.Metrics.Collectors, read.Metrics.Collectors);
        Assert.Equal(intent.Safety.ProtectedInterfaces, read.Safety.ProtectedInterfaces);
    }

    private static string ExamplePath() => Path.Combine(Repository.Root, "src", "docs", "config.example.yaml");
}
