using OvsOffload.Service;

namespace OvsOffload.Tests.Service;

/// <summary>Real files and the kernel's own events.</summary>
public sealed class ConfigurationWatchTests : IDisposable
{
    private readonly HostTree _host = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _changed = new(0);

    public void Dispose()
    {
        _stop.Cancel();
        _host.Dispose();
        _stop.Dispose();
        _changed.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("version: 1")]
    public async Task A_file_that_is_written_after_it_was_read_and_before_it_is_followed_is_seen(string? before)
    {
        string file = Prepare(before);
        Dictionary<string, byte[]> known = ConfigurationWatch.Content(file);

        File.WriteAllText(file, "version: 1 # changed");
        Task watch = Follow(file, known);

        Assert.True(await _changed.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.False(watch.IsCompleted);
    }

    [Fact]
    public async Task A_file_that_stays_as_it_was_read_is_no_change_until_it_is_written()
    {
        string file = Prepare("version: 1");

        _ = Follow(file, ConfigurationWatch.Content(file));

        Assert.False(await _changed.WaitAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken));
        File.WriteAllText(file, "version: 1 # changed");
        Assert.True(await _changed.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    private string Prepare(string? content)
    {
        _host.Dir("/etc/ovs-offload");
        if (content is not null)
        {
            _host.File("/etc/ovs-offload/config.yaml", content);
        }

        return _host.At("/etc/ovs-offload/config.yaml");
    }

    private Task Follow(string file, Dictionary<string, byte[]> known) =>
        ConfigurationWatch.RunAsync(file, known, () => _changed.Release(), TimeProvider.System, _stop.Token);
}
