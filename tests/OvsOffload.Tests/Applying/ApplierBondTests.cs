using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Planning;
using OvsOffload.Tests.Planning;

namespace OvsOffload.Tests.Applying;

public class ApplierBondTests
{
    [Theory]
    [InlineData("active-backup")]
    [InlineData("balance-xor")]
    [InlineData("lacp")]
    public async Task An_apply_ends_with_the_bond_in_hardware_and_a_second_one_does_nothing(string profile)
    {
        var host = new FakeHost(BondSample.Fresh());

        ApplyReport report = await host.ApplyAsync(BondSample.Intent(profile));

        Assert.True(report.Succeeded, string.Join('\n', report.Failures));
        Assert.Equal(VfLagState.Active, host.State.FindBond("bond0")!.VfLag.State);
        int ran = host.Ran.Count;
        Assert.True((await host.ApplyAsync(BondSample.Intent(profile))).Succeeded);
        Assert.Equal(ran, host.Ran.Count);
    }

    [Fact]
    public async Task VF_LAG_that_is_required_and_not_proven_takes_everything_of_the_bond_and_its_members_back()
    {
        HostState start = BondSample.Fresh();
        var host = new FakeHost(start)
        {
            Before = Refuse<WaitForVfLag>("VF-LAG of bond0 is required and did not become active"),
        };

        ApplyReport report = await host.ApplyAsync(BondSample.Intent());

        Assert.Contains(report.Failures, failure => failure.Contains("did not become active"));
        Assert.Empty(report.NotUndone);
        Assert.False(report.Reached);
        Assert.Empty(host.State.Bonds.Value);
        Assert.Equal(Told(start), Told(host.State));
    }

    [Fact]
    public async Task A_member_that_fails_takes_the_other_one_and_the_bond_back_too()
    {
        HostState start = BondSample.Fresh();
        var host = new FakeHost(start)
        {
            Before = action =>
            {
                if (action is SetEswitchMode { To: EswitchMode.Switchdev } change
                    && change.Pf.ToString() == BondSample.Second)
                {
                    throw new StepException("the firmware refuses", 5, null, null, null);
                }
            },
        };

        await host.ApplyAsync(BondSample.Intent());

        Assert.Equal(Told(start), Told(host.State));
    }

    [Fact]
    public async Task A_bond_that_was_there_is_there_again_with_its_options_when_a_change_fails()
    {
        HostState start = BondSample.Bonded("active-backup");
        var host = new FakeHost(start) { Before = Refuse<WaitForVfLag>("not proven") };

        await host.ApplyAsync(BondSample.Intent());

        Assert.Equal(BondMode.ActiveBackup, host.State.FindBond("bond0")!.Mode);
        Assert.Equal(Told(start), Told(host.State));
        Assert.All(host.State.KnownFunctions[0].VirtualFunctions, vf => Assert.NotNull(vf.Driver));
    }

    [Fact]
    public async Task A_bond_that_fails_does_not_keep_an_unrelated_setting_of_Open_vSwitch_from_being_set()
    {
        var host = new FakeHost(BondSample.Switchdev()) { Before = Refuse<AddBondMember>("the kernel refuses") };
        HostIntent intent = BondSample.Intent();
        intent = intent with { OpenVSwitch = intent.OpenVSwitch with { MaxIdle = TimeSpan.FromSeconds(30) } };

        ApplyReport report = await host.ApplyAsync(intent with { Nics = [.. intent.Nics] });

        Assert.NotEmpty(report.Failures);
        Assert.Empty(host.State.Bonds.Value);
        Assert.DoesNotContain(
            host.State.OpenVSwitch.Database.Value.Bridges.SelectMany(bridge => bridge.Ports),
            port => port.Name == "bond0");
    }

    private static Action<StepAction> Refuse<T>(string words) => action =>
    {
        if (action is T)
        {
            throw new StepException(words, 0, null, null, null);
        }
    };

    private static IEnumerable<string> Told(HostState host) =>
    [
        .. host.KnownFunctions.Select(pf => $"{pf} {pf.Mode} {pf.VfCount} {pf.DriversAutoprobe}"),
        .. host.KnownFunctions.SelectMany(
            pf => pf.VirtualFunctions, (pf, vf) => $"{pf} {vf.Index} {vf.Driver} {vf.Mac}"),
        .. host.Devices.Value.Where(device => device.PhysPortName?.Contains("vf") != true)
            .Select(device => $"{device.Name} {device.Address} {device.Mtu} {device.Up} {device.Master}"),
    ];
}
