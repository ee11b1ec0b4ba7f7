using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Sysfs;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

/// <summary>N38 says of a PF that it is of no socket-direct card only where every PF could be asked.</summary>
public class SocketDirectCheckTests
{
    [Fact]
    public void A_PF_is_not_cleared_while_another_that_may_be_its_primary_is_unread()
    {
        HostState host = SampleHost.ConnectX6Dx().WithSecondPort();
        PciAddress first = host.KnownFunctions[0].Address;

        Finding[] found = [.. Examined.One("N38", host.WithPlatform(platform => platform with
        {
            Functions = platform.Functions.SetItem(first, platform.Functions[first] with
            {
                SocketDirect = Reading.Failed<Mlx5SocketDirect>("primary: 'x' does not begin with a PCI address"),
            }),
        }), HostIntent.Observe)];

        Assert.Equal(2, found.Length);
        Assert.All(found, finding => Assert.Equal(FindingStatus.Skipped, finding.Status));
    }

    [Fact]
    public void A_secondary_learns_from_its_primary_whose_the_device_is()
    {
        HostState host = SampleHost.ConnectX6Dx().WithSecondPort();
        (PciAddress first, PciAddress second) = (host.KnownFunctions[0].Address, host.KnownFunctions[1].Address);

        Finding[] found = [.. Examined.One("N38", host.WithPlatform(platform => platform with
        {
            Functions = platform.Functions.SetItem(first, platform.Functions[first] with
            {
                SocketDirect = Reading.Known(new Mlx5SocketDirect(first, [second])),
            }),
        }), HostIntent.Observe)];

        Assert.Equal($"the PF has no network device: {first} of the same card has it", found[1].Title);
    }
}
