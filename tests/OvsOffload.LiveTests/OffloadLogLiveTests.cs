using OvsOffload.Flows;

namespace OvsOffload.LiveTests;

/// <summary>The names of log modules that are printed are those that the daemon has.</summary>
public sealed class OffloadLogLiveTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Suites.Bookworm)]
    [InlineData(Suites.Trixie)]
    [InlineData(Suites.Sid)]
    public async Task The_running_daemon_accepts_the_command_that_is_printed(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        Version? version = OffloadLog.VersionOf(await ovs.Unixctl.VersionAsync(Token));
        string command = new OffloadLog(null, await ovs.Unixctl.LogModulesAsync(Token)).Command;
        Assert.Equal(new OffloadLog(version, null).Command, command);

        // It fails where the daemon answers with an error, as on a name that it does not know.
        await ovs.AppctlAsync(command.Split(' ')[1..]);

        string modules = await ovs.AppctlAsync("vlog/list");
        Assert.All(command.Split(' ')[2..], word => Assert.Contains(
            modules.Split('\n'), line => line.StartsWith($"{word.Split(':')[0]} ", StringComparison.Ordinal)
                && line.TrimEnd().EndsWith("DBG", StringComparison.Ordinal)));
    }
}
