using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class ModuleFilesTests : IDisposable
{
    private static readonly KernelRelease Release = KernelRelease.Parse("6.8.0-49-generic").Value;

    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Loadable_and_built_in_modules_of_tc_are_named()
    {
        _host.File("/lib/modules/6.8.0-49-generic/modules.dep",
                "kernel/net/sched/act_mirred.ko.zst:\nkernel/net/sched/act_tunnel_key.ko: "
                    + "kernel/a.ko\nkernel/fs/ext4.ko:\n")
            .File("/lib/modules/6.8.0-49-generic/modules.builtin", "kernel/net/sched/sch-ingress.ko\nkernel/x.ko\n");

        Assert.Equal(
            ["act_mirred", "act_tunnel_key", "sch_ingress"],
            ModuleFiles.TrafficControl(_host.Paths, Release).Value.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_host_without_modules_of_this_release_tells_nothing() =>
        Assert.True(ModuleFiles.TrafficControl(_host.Paths, Release).IsAbsent);
}
