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

    [Fact]
    public async Task PFs_of_the_configuration_that_are_not_there_are_shown_with_what_is_wanted_of_them()
    {
        var intent = new HostIntent
        {
            Nics =
            [
                SampleIntent.Nic(NicMode.Switchdev, 4),
                SampleIntent.Nic(NicMode.Switchdev, 2) with
                {
                    Pf = new PfReference(PfReferenceKind.InterfaceName, "eth9", "eth9", SourcePosition.Defaults),
                },
            ],
        };

        // The real sysfs that the probe reads has no such function, whether the host's reading had it or not.
        foreach (HostState host in (HostState[])[SampleHost.Bare(), SampleHost.ConnectX6Dx()])
        {
            NicFacts gone = Assert.Single((await NicsAsync(host, intent)).Value);

            Assert.Equal((SampleHost.Pf, false, 4), (gone.Address.ToString(), gone.IsThere, gone.Intent?.Vfs));
        }
    }

    private Task<Reading<ImmutableArray<NicFacts>>> NicsAsync(HostState host, HostIntent? intent = null) =>
        _probe.NicsAsync(new Observation(intent ?? HostIntent.Observe, host), Cancellation);

    private Task<Reading<ImmutableArray<RepresentorFacts>>> RepresentorsAsync(HostState host) =>
        _probe.RepresentorsAsync(host, new Dictionary<string, string>(), Cancellation);
}
