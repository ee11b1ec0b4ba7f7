using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Tests.Host;

public sealed class NicProbeTests : IDisposable
{
    private readonly NicProbe _probe = new(HostPaths.Real, LiveNetlink.Instance);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _probe.Dispose();

    [Fact]
    public async Task PFs_that_could_not_be_listed_leave_NICs_and_representors_unread()
    {
        HostState host = SampleHost.ConnectX6Dx().WithUnreadFunctions("/sys/bus/pci/devices: EACCES");

        Assert.Equal("physical functions: /sys/bus/pci/devices: EACCES", (await NicsAsync(host)).Why);
        Assert.Equal("physical functions: /sys/bus/pci/devices: EACCES", (await RepresentorsAsync(host)).Why);
    }

    [Fact]
    public async Task A_host_without_NICs_has_nothing_to_show()
    {
        Assert.Empty((await NicsAsync(SampleHost.Bare())).Value);
        Assert.Empty((await RepresentorsAsync(SampleHost.Bare())).Value);
    }

    private Task<Reading<ImmutableArray<NicFacts>>> NicsAsync(HostState host) =>
        _probe.NicsAsync(new Observation(HostIntent.Observe, host), Cancellation);

    private Task<Reading<ImmutableArray<RepresentorFacts>>> RepresentorsAsync(HostState host) =>
        _probe.RepresentorsAsync(host, new Dictionary<string, string>(), Cancellation);
}
