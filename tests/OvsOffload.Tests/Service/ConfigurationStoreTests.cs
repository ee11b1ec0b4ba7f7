using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.Service;

namespace OvsOffload.Tests.Service;

public sealed class ConfigurationStoreTests
{
    private static readonly HostIntent First = new() { Metrics = new MetricsIntent { WebConfig = "/first" } };
    private static readonly HostIntent Second = new() { Metrics = new MetricsIntent { WebConfig = "/second" } };

    private readonly List<string> _log = [];
    private Func<HostIntent?> _read = () => Second;

    [Fact]
    public void A_new_file_is_taken_over()
    {
        ConfigurationStore store = Make(First);
        store.Reload();
        Assert.Equal(new ServiceIntent(Second, Configured: true, ReloadSucceeded: true), store.Current);
    }

    [Fact]
    public void A_wrong_file_keeps_the_configuration_from_before_and_says_what_is_wrong()
    {
        ConfigurationStore store = Make(First);
        _read = () => throw new ConfigurationException(
            [new ConfigurationError(new SourcePosition("config.yaml", 3, 7), "unknown key 'vsf'")]);
        store.Reload();
        Assert.Equal(new ServiceIntent(First, Configured: true, ReloadSucceeded: false), store.Current);
        Assert.Contains(_log, line => line.Contains("config.yaml:3:7", StringComparison.Ordinal));
    }

    [Fact]
    public void A_corrected_file_takes_effect()
    {
        ConfigurationStore store = Make(First);
        _read = () => throw new ConfigurationException([new ConfigurationError(SourcePosition.Defaults, "wrong")]);
        store.Reload();
        _read = () => Second;
        store.Reload();
        Assert.True(store.Current.ReloadSucceeded);
    }

    [Fact]
    public void A_file_that_is_gone_keeps_the_configuration_from_before()
    {
        ConfigurationStore store = Make(First);
        _read = () => null;
        store.Reload();
        Assert.Equal(new ServiceIntent(First, Configured: true, ReloadSucceeded: false), store.Current);
    }

    [Fact]
    public void Without_a_file_the_service_observes_until_there_is_one()
    {
        ConfigurationStore store = Make(null);
        Assert.False(store.Current.Configured);
        store.Reload();
        Assert.Equal(new ServiceIntent(Second, Configured: true, ReloadSucceeded: true), store.Current);
    }

    private ConfigurationStore Make(HostIntent? first) => new(
        "config.yaml", _ => _read(), first, new ChangeSignal(new ChangeOptions(), new FakeTime()),
        (_, line) => _log.Add(line));
}
