using System.Text.Json;

namespace OvsOffload.LabTests.Scenarios;

/// <summary>The program on the older kernel: apply and verify of one port.</summary>
[Collection(OnOlderKernel.Name)]
public sealed class OlderKernelProgramTests(OlderKernel machine) : FaultScenario(machine)
{
    [Fact]
    public async Task Apply_makes_two_guests_talk_in_hardware_and_revert_takes_it_back()
    {
        await ConfigureAsync(Wanted(2));
        await RunAsync("start_openvswitch hw-offload=false");
        string before = await HostAsync();

        await ProgramAsync(3, "plan");
        await ProgramAsync(0, "apply --yes");
        JsonElement after = await JsonAsync("plan", status: 0);
        Assert.Equal(0, after.GetProperty("pending").GetInt32());

        await AddTwoGuestsAsync();
        await StartTrafficAsync("n0", "10.0.0.2");
        await UntilOffloadedAsync("eth_type(0x0800)", "offloaded:yes, dp:tc");
        await RunAsync(
            """
            for vf in 0 1; do wait_until 30 in_hardware $(representor 0 $vf) rx; done
            end_traffic
            for vf in 0 1; do ip netns del n$vf; wait_until 5 vf_netdev 0 $vf; done
            """);

        // 7: ovs-vswitchd has taken hw-offload up, and gives it up with a restart only.
        await ProgramAsync(7, "revert --yes");
        Assert.Equal(before, await HostAsync());
    }

    [Fact]
    [Nic("devid=101d")]
    public async Task Verify_reads_all_of_a_sound_host_and_names_a_fault()
    {
        await ConfigureAsync(Wanted(2));
        await RunAsync("start_openvswitch hw-offload=false");
        await ProgramAsync(0, "apply --yes");

        // 6 would say that something could not be read; the guest boots without iommu=pt, which is P02.
        JsonElement sound = await JsonAsync("verify", status: 5);
        Assert.Equal(0, sound.GetProperty("unread").GetArrayLength());
        JsonElement[] checks = [.. sound.GetProperty("checks").EnumerateArray()];
        Assert.Equal(
            ["P02"],
            checks.Where(check => Text(check, "status") is "error" or "warning").Select(check => Text(check, "id")));
        Assert.Equal(
            "ethtool -k: hw-tc-offload: on for eth0 and 2 more",
            Text(checks.Single(check => Text(check, "id") == "N10" && Text(check, "object") == Pf), "evidence"));
        await FindAndMendAsync(
            [new("N10", "vf1", "hw-tc-offload: off", "ethtool -K $r1 hw-tc-offload off", "ethtool -K")]);
    }
}
