using System.Threading.Channels;
using OvsOffload.Intent;
using OvsOffload.Service;

namespace OvsOffload.Tests.Service;

/// <summary>Real files and the kernel's own events.</summary>
public sealed class AgentFilesWatchTests : IDisposable
{
    private const string Ini = "/etc/neutron/plugins/ml2/openvswitch_agent.ini";

    private const string Unit =
        "[Service]\nExecStart=/usr/bin/neutron-openvswitch-agent --config-file "
            + "/etc/neutron/plugins/ml2/openvswitch_agent.ini "
        + "--config-dir /etc/neutron/conf.d/common\n";

    private static readonly SecurityGroupIntent Named = new() { Backends = [SecurityGroupBackend.Neutron] };

    private readonly HostTree _host = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Cancel();
        _host.Dispose();
        _stop.Dispose();
    }

    [Theory]
    [InlineData(Ini)]
    [InlineData("/etc/yunion/host_local.conf")]
    [InlineData("/etc/neutron/conf.d/common/50-site.conf")]
    public async Task A_written_replaced_or_created_file_is_reported(string file)
    {
        _host.File(Ini, "a").Dir("/etc/yunion").Dir("/etc/neutron/conf.d/common")
            .File("/usr/lib/systemd/system/neutron-openvswitch-agent.service", Unit);
        ChangeSignal signal = Follow(() => Named);

        _host.File(file, "written");
        Assert.Contains("agent", await NextAsync(signal), StringComparison.Ordinal);
        File.WriteAllText(_host.At(file) + ".new", "replaced");
        File.Move(_host.At(file) + ".new", _host.At(file), overwrite: true);
        Assert.Contains("agent", await NextAsync(signal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_files_and_unchanged_content_are_not_reported()
    {
        _host.File(Ini, "a");
        ChangeSignal signal = Follow(() => Named);

        _host.File(Ini, "a").File(Ini + ".swp", "x");
        _host.File("/etc/neutron/plugins/ml2/linuxbridge_agent.ini", "y");
        Assert.Null(await signal.WaitAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken));
        _host.File(Ini, "b");

        Assert.NotNull(await NextAsync(signal));
    }

    [Fact]
    public async Task Without_a_backend_nothing_is_followed()
    {
        _host.File(Ini, "a");
        ChangeSignal signal = Follow(() => new SecurityGroupIntent());

        _host.File(Ini, "b");

        Assert.Null(await signal.WaitAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_write_in_many_steps_is_told_once()
    {
        _host.File(Ini, "");
        var told = Channel.CreateUnbounded<string>();
        var time = new FakeTime();
        _ = FileWatch.RunAsync(
            () => [_host.At(Ini)], renew: null, known: null, () => told.Writer.TryWrite(_host.Text(Ini)), time,
            _stop.Token);

        for (int step = 0; step < 20; step++)
        {
            File.AppendAllText(_host.At(Ini), "x");
            await time.StepAsync(TimeSpan.FromMilliseconds(20));
        }

        Task<string> first = told.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        await time.AdvanceUntilAsync(first, TimeSpan.FromMilliseconds(20));
        Assert.Equal(20, (await first).Length);
        Assert.False(told.Reader.TryRead(out _));
    }

    private ChangeSignal Follow(Func<SecurityGroupIntent> intent)
    {
        var signal = new ChangeSignal(
            new ChangeOptions { Quiet = TimeSpan.FromMilliseconds(50) }, TimeProvider.System);
        _ = new AgentFilesWatch(_host.Paths, intent, signal, TimeProvider.System).FollowAsync(_stop.Token);
        return signal;
    }

    private static async Task<string?> NextAsync(ChangeSignal signal) =>
        await signal.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
}
