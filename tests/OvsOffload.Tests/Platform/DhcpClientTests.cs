using System.Collections.Immutable;
using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class DhcpClientTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Clients_that_run_are_found_with_the_device_they_serve()
    {
        _host.File("/proc/12/comm", "dhclient\n").File("/proc/12/cmdline", "dhclient\0-pf\0/run/x.pid\0eth1\0")
            .File("/proc/13/comm", "dhcpcd\n").File("/proc/13/cmdline", "dhcpcd: eth2 [ip4]\0")
            .File("/proc/14/comm", "sshd\n").File("/proc/14/cmdline", "sshd\0eth1\0")
            .File("/proc/self/comm", "dhclient\n");

        ImmutableArray<DhcpClient> found = DhcpClient.Read(_host.Paths).Value;

        HashSet<string> devices = ["eth1", "eth2", "eth3"];
        Assert.Equal([("dhclient", 12), ("dhcpcd", 13)], found.Select(client => (client.Program, client.Process)));
        Assert.Equal(["eth1", "eth2"], devices.Where(device => found.Any(client => client.Serves(device, devices))));
    }
}
