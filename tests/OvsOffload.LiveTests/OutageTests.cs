using System.Diagnostics;
using System.Text.Json;

namespace OvsOffload.LiveTests;

/// <summary>What the program says of a real Open vSwitch that is dead, or does not take its configuration up.</summary>
public sealed class OutageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> All => [Suites.Bookworm, Suites.Trixie, Suites.Sid];

    [Theory]
    [MemberData(nameof(All))]
    public async Task While_both_daemons_answer_none_of_it_is_found(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        await ovs.VsctlAsync("add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=dummy");

        Assert.Equal("O38 ok, O39 ok, O40 ok", await VerifyAsync(ovs, 0));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_dead_ovs_vswitchd_is_an_error_and_nothing_else_is_told_of_it(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);

        await ovs.KillVswitchdAsync();

        Assert.Equal("O38 ok, O39 error, O40 skipped", await VerifyAsync(ovs, 3));
        await AssertNotGreenAsync(ovs);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_dead_ovsdb_server_is_an_error(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);

        await ovs.KillDatabaseAsync();

        Assert.Equal("O38 error, O39 ok, O40 skipped", await VerifyAsync(ovs, 3));
        await AssertNotGreenAsync(ovs);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Both_dead_are_two_errors(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);

        await ovs.KillVswitchdAsync();
        await ovs.KillDatabaseAsync();

        Assert.Equal("O38 error, O39 error, O40 skipped", await VerifyAsync(ovs, 3));
        await AssertNotGreenAsync(ovs);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_daemon_that_answers_and_does_not_take_the_configuration_up_is_an_error(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);

        ovs.StealLock();
        for (var begun = Stopwatch.StartNew(); begun.Elapsed < TimeSpan.FromMinutes(5); await Task.Delay(100, Token))
        {
            await ovs.VsctlAsync("--no-wait", "set", "Open_vSwitch", ".", "cur_cfg=0", "next_cfg=50");
            await Task.Delay(500, Token);
            if ((await ovs.VsctlAsync("get", "Open_vSwitch", ".", "cur_cfg")).Trim() == "0")
            {
                break;
            }
        }

        Assert.Equal("O38 ok, O39 ok, O40 error", await VerifyAsync(ovs, 3));
        await AssertNotGreenAsync(ovs);
    }

    private static async Task<string> VerifyAsync(RealOpenVSwitch ovs, int expected)
    {
        (int status, string output, string error) =
            await RunAsync(ovs, "verify", "--only", "O38,O39,O40", "--json");
        Assert.True(expected == status, $"{status}: {error}{output}");
        return string.Join(", ", JsonElement.Parse(output).GetProperty("checks").EnumerateArray()
            .Select(check => $"{check.GetProperty("id").GetString()} {check.GetProperty("status").GetString()}"));
    }

    private static async Task AssertNotGreenAsync(RealOpenVSwitch ovs)
    {
        (int verify, string text, _) = await RunAsync(ovs, "verify");
        (int status, string screen, _) = await RunAsync(ovs, "status");

        Assert.Equal((3, 6), (verify, status));
        Assert.Contains("not known whether all is well", text, StringComparison.Ordinal);
        Assert.DoesNotContain("no problem", text, StringComparison.Ordinal);
        Assert.DoesNotContain("the host matches", screen, StringComparison.Ordinal);
    }

    private static Task<(int Status, string Output, string Error)> RunAsync(
        RealOpenVSwitch ovs, params string[] arguments)
    {
        var start = new ProcessStartInfo(ProgramUnderTest.Binary(), arguments) { RedirectStandardInput = true };
        start.Environment["OVS_RUNDIR"] = ovs.RunDirectory;
        return OvsTree.RunAsync(start, Token);
    }
}
