using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.Os;
using OvsOffload.Service;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Service;

public sealed class NicProbeTests : IDisposable
{
    private readonly NicProbe _probe = new(HostPaths.Real);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _probe.Dispose();

    [Fact]
    public async Task PFs_that_could_not_be_listed_fail_the_collectors_of_NICs_and_of_representors()
    {
        HostState host = SampleHost.ConnectX6Dx().WithUnreadFunctions("/sys/bus/pci/devices: EACCES");

        CollectorException[] failures =
        [
            await Assert.ThrowsAsync<CollectorException>(() => NicsAsync(host)),
            await Assert.ThrowsAsync<CollectorException>(() => RepresentorsAsync(host)),
        ];

        Assert.All(failures, failure => Assert.Equal(
            "physical functions: /sys/bus/pci/devices: EACCES", failure.Message));
    }

    [Fact]
    public async Task A_host_without_NICs_has_nothing_to_show()
    {
        Assert.Empty(await NicsAsync(SampleHost.Bare()));
        Assert.Empty(await RepresentorsAsync(SampleHost.Bare()));
    }

    private Task<ImmutableArray<NicFacts>> NicsAsync(HostState host) =>
        _probe.NicsAsync(host, ImmutableDictionary<PciAddress, NicIntent>.Empty, Cancellation);

    private Task<ImmutableArray<RepresentorFacts>> RepresentorsAsync(HostState host) =>
        _probe.RepresentorsAsync(host, new Dictionary<string, string>(), Cancellation);
}
