using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Metrics;
using OvsOffload.Os;

namespace OvsOffload.Tests.Metrics;

public sealed class FlowDevicesTests
{
    [Fact]
    public void Uplinks_and_representors_are_told_apart() => Assert.Equal(
        [SampleHost.Uplink, SampleHost.RepresentorName(0), SampleHost.RepresentorName(1)],
        FlowDevices.Of(SampleHost.ConnectX6Dx()));

    [Fact]
    public void Beyond_the_limit_ports_are_counted_together_but_never_the_uplink()
    {
        HostState host = SampleHost.ConnectX6Dx().WithPf(pf => pf with
        {
            Representors = Reading.Known<ImmutableArray<Representor>>(
            [
                .. Enumerable.Range(0, 10_000).Select(function => new Representor
                {
                    Function = $"sf{function}",
                    PortIndex = (uint)function,
                    Device = new NetDevice { Index = 100 + function, Name = $"eth{function}" },
                }),
            ]),
        });
        Assert.Equal(FlowDevices.Most, FlowDevices.Of(host).Count);
        Assert.Contains(SampleHost.Uplink, FlowDevices.Of(host));
    }

    [Fact]
    public void A_host_that_was_not_read_has_none() => Assert.Empty(FlowDevices.Of(null));
}
