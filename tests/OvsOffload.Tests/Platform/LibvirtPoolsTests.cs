using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class LibvirtPoolsTests : IDisposable
{
    private const string Pool = "<network>\n  <name>vfs</name>\n  <forward mode='hostdev' managed='yes'>\n"
        + "    <driver name='vfio'/>\n    <pf dev='em1'/>\n  </forward>\n</network>\n";

    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_pool_names_its_PF()
    {
        _host.File("/etc/libvirt/qemu/networks/vfs.xml", Pool)
            .File("/etc/libvirt/qemu/networks/default.xml", "<network><forward mode='nat'/><pf dev='em2'/></network>")
            .Dir("/etc/libvirt/qemu/networks/autostart");

        Assert.Equal(
            [new LibvirtPool("/etc/libvirt/qemu/networks/vfs.xml", "em1")], LibvirtPools.Read(_host.Paths).Value);
    }

    [Fact]
    public void A_host_without_libvirt_has_no_pool() => Assert.Empty(LibvirtPools.Read(_host.Paths).Value);

    [Fact]
    public void Cut_anywhere_it_names_no_other_PF()
    {
        for (int length = 0; length < Pool.Length; length++)
        {
            Assert.All(LibvirtPools.Parse("f", Pool[..length]), pool => Assert.Equal("em1", pool.Device));
        }
    }
}
