using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Nics;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class SecurityGroupDecisionTests
{
    /// <summary>The generations that the field switches security groups off for, and the one that is
    /// contested.</summary>
    private static readonly string[] Old =
        ["ConnectX-3", "Connect-IB", "ConnectX-4", "ConnectX-4 Lx", "ConnectX-5", "BlueField"];

    private static readonly string[] Newer =
    [
        "ConnectX-6 Dx", "ConnectX-6 Lx", "BlueField-2", "ConnectX-7", "BlueField-3", "ConnectX-8", "ConnectX-9",
        "ConnectX-10", "BlueField-4",
    ];

    public static TheoryData<string> Ids => [.. NicModels.BuiltIn.All.Select(model => model.Id.ToString())];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_NIC_of_the_file_is_decided_by_its_generation(string id)
    {
        SecurityGroupDecision decision = Decide(SampleHost.Legacy(id), new HostIntent
        {
            Nics = [SampleIntent.Nic(NicMode.Switchdev)],
        });

        NicModel model = NicModels.BuiltIn.All.Single(one => one.Id.ToString() == id);
        string generation = model.Generation.Name;
        if (Old.Contains(generation))
        {
            Assert.Equal((true, "nic_generation"), (decision.Off, decision.Reason));
            Assert.Contains($"{SampleHost.Pf} is a {model.Name} ({id})", decision.Why);
        }
        else if (generation == "ConnectX-6")
        {
            Assert.Equal((false, "nic_contested"), (decision.Off, decision.Reason));
        }
        else if (Newer.Contains(generation))
        {
            Assert.Equal((false, "nics_able"), (decision.Off, decision.Reason));
        }
        else
        {
            // Other makers: as their generation's class in the file says.
            Assert.Equal(model.Generation.SecurityGroups == SecurityGroupClass.Disable, decision.Off);
        }

        Assert.DoesNotContain('\n', decision.Why);
        Assert.DoesNotContain(". ", decision.Why);
    }

    [Theory]
    [InlineData("15b3:1003", true)]
    [InlineData("15b3:1007", true)]
    [InlineData("15b3:1013", true)]
    [InlineData("15b3:1015", true)]
    [InlineData("15b3:1017", true)]
    [InlineData("15b3:1019", true)]
    [InlineData("15b3:a2d2", true)]
    [InlineData("15b3:101b", false)]
    [InlineData("15b3:101d", false)]
    [InlineData("15b3:101f", false)]
    [InlineData("15b3:1021", false)]
    [InlineData("15b3:1023", false)]
    [InlineData("15b3:a2d6", false)]
    [InlineData("15b3:a2dc", false)]
    public void The_ids_that_documents_name_are_decided_as_they_say(string id, bool off) => Assert.Equal(
        off, Decide(SampleHost.Legacy(id), new HostIntent { Nics = [SampleIntent.Nic(NicMode.Switchdev)] }).Off);

    [Fact]
    public void Of_two_NICs_the_older_one_decides()
    {
        HostState host = SampleHost.ConnectX6Dx().WithSecondPort(pf => pf with
        {
            Model = NicModels.BuiltIn.Find(OvsOffload.Sysfs.PciId.Parse("15b3:1015")),
        });

        SecurityGroupDecision decision = Decide(host, HostIntent.Observe);

        Assert.True(decision.Off);
        Assert.Contains("0000:3b:00.1 is a ConnectX-4 Lx", decision.Why);
    }

    [Fact]
    public void A_NIC_that_does_not_offload_decides_nothing()
    {
        Assert.Equal("no_offload", Decide(SampleHost.Legacy("15b3:1017"), HostIntent.Observe).Reason);
        Assert.Equal("no_offload", Decide(SampleHost.ConnectX5(), new HostIntent
        {
            Nics = [SampleIntent.Nic(NicMode.Legacy)],
        }).Reason);
        Assert.False(Decide(SampleHost.Bare(), HostIntent.Observe).Off);
    }

    [Theory]
    [InlineData("NET_ACT_CT")]
    [InlineData("NET_TC_SKB_EXT")]
    [InlineData("MLX5_TC_CT")]
    [InlineData("NF_FLOW_TABLE")]
    public void A_kernel_without_an_option_for_conntrack_is_as_an_old_NIC(string option)
    {
        HostState host = SampleHost.ConnectX6Dx().WithKernelFacts(facts => facts with
        {
            Configuration = SampleHost.Options([.. SampleHost.OffloadOptions.Where(name => name != option)]),
        });

        SecurityGroupDecision decision = Decide(host, HostIntent.Observe);

        Assert.Equal((true, "kernel"), (decision.Off, decision.Reason));
        Assert.Contains($"CONFIG_{option}", decision.Why);
    }

    [Fact]
    public void The_vendors_driver_has_its_conntrack_whatever_the_kernel_was_built_with()
    {
        HostState host = SampleHost.ConnectX6Dx()
            .WithKernelFacts(facts => facts with
            {
                Configuration = SampleHost.Options([.. SampleHost.OffloadOptions.Where(name => name != "MLX5_TC_CT")]),
            })
            .WithPlatform(platform => platform with { Mlx5Version = Reading.Known("24.10-1.1.4") });

        Assert.False(Decide(host, HostIntent.Observe).Off);
    }

    [Theory]
    [InlineData(nameof(SecurityGroupPolicy.Keep), false)]
    [InlineData(nameof(SecurityGroupPolicy.Disable), true)]
    public void The_configured_policy_overrides_NIC_and_kernel(string policy, bool off)
    {
        var intent = new HostIntent
        {
            SecurityGroups = new SecurityGroupIntent { Policy = Enum.Parse<SecurityGroupPolicy>(policy) },
        };

        Assert.Equal(off, Decide(SampleHost.ConnectX5(), intent).Off);
        Assert.Equal(off, Decide(SampleHost.ConnectX6Dx(), intent).Off);
    }

    [Fact]
    public void What_could_not_be_read_decides_nothing_and_is_never_taken_for_able()
    {
        SecurityGroupDecision unread =
            Decide(SampleHost.ConnectX5().WithUnreadFunctions("permission denied"), HostIntent.Observe);
        SecurityGroupDecision eswitch = Decide(
            SampleHost.ConnectX5().WithPf(pf => pf with { Eswitch = Reading.Failed<Eswitch>("timeout") }),
            HostIntent.Observe);

        Assert.Equal(((bool?)null, "unread"), (unread.Off, unread.Reason));
        Assert.Equal(((bool?)null, "unread"), (eswitch.Off, eswitch.Reason));
        Assert.Contains("timeout", eswitch.Why);
    }

    private static SecurityGroupDecision Decide(HostState host, HostIntent intent) =>
        SecurityGroupDecision.Of(intent, host);
}
