using OvsOffload.Os;
using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class ModuleOptionTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Options_are_read_with_their_file_and_joined_lines()
    {
        _host.File("/etc/modprobe.d/mlx4_core.conf",
            "# by hand\noptions mlx4_core port_type_array=2,2 \\\n  num_vfs=8,0,0\nblacklist nouveau\n");

        ModuleOption option = Assert.Single(ModuleOption.Read(_host.Paths).Value);

        Assert.Equal(("/etc/modprobe.d/mlx4_core.conf", "mlx4_core"), (option.File, option.Module));
        Assert.Equal(("2,2", "8,0,0"), (option.ValueOf("port_type_array"), option.ValueOf("num_vfs")));
        Assert.Null(option.ValueOf("probe_vf"));
    }

    [Fact]
    public void A_dash_in_the_module_s_name_is_an_underscore() =>
        Assert.Equal("vfio_pci", Assert.Single(ModuleOption.Parse("f", "options vfio-pci ids=15b3:101e")).Module);

    [Fact]
    public void A_file_in_etc_hides_the_one_of_the_same_name_below_usr()
    {
        _host.File("/etc/modprobe.d/igb.conf", "options igb max_vfs=2\n")
            .File("/usr/lib/modprobe.d/igb.conf", "options igb max_vfs=7\n");

        Assert.Equal("max_vfs=2", Assert.Single(ModuleOption.Read(_host.Paths).Value).Text);
    }

    [Fact]
    public void A_file_of_another_kind_is_not_read()
    {
        _host.File("/etc/modprobe.d/igb.conf.bak", "options igb max_vfs=2\n");

        Assert.Empty(ModuleOption.Read(_host.Paths).Value);
    }

    [Fact]
    public void A_file_that_is_too_long_is_a_failure_and_no_cut_list()
    {
        _host.File("/etc/modprobe.d/huge.conf", new string('#', HostFiles.DefaultBound + 1));

        Assert.True(ModuleOption.Read(_host.Paths).IsFailed);
    }
}
