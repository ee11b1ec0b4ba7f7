using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Sysfs;

public sealed class NetworkNamespacesTests : IDisposable
{
    private readonly HostTree _host = new();

    public NetworkNamespacesTests() => _host
        .Link("/proc/self/ns/net", "net:[4026531840]").Link("/proc/self/ns/pid", "pid:[4026531836]")
        .Link("/proc/1/ns/net", "net:[4026531840]").File("/proc/1/comm", "systemd\n")
        .File("/proc/self/mountinfo", "22 1 254:0 / / rw shared:1 - ext4 /dev/vda rw\n");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void The_own_namespace_is_not_among_them() =>
        Assert.Empty(new NetworkNamespaces(_host.Paths).Others().Value);

    [Fact]
    public void A_named_namespace_has_its_name_also_when_processes_live_in_it()
    {
        _host.File("/proc/self/mountinfo", """
            22 1 254:0 / / rw shared:1 - ext4 /dev/vda rw
            24 22 0:22 / /run rw,nosuid shared:5 - tmpfs tmpfs rw
            513 24 0:4 net:[4026532281] /run/netns/n1 rw shared:246 - nsfs nsfs rw
            514 22 0:4 net:[4026532281] /run/netns/n1 rw shared:246 - nsfs nsfs rw
            515 24 0:4 mnt:[4026532290] /run/snapd/ns/lxd.mnt rw - nsfs nsfs rw

            """).Link("/proc/700/ns/net", "net:[4026532281]").File("/proc/700/comm", "sleep\n");

        IReadOnlyList<NetworkNamespace> others = new NetworkNamespaces(_host.Paths).Others().Value;

        Assert.Equal([new NetworkNamespace(4026532281, "/run/netns/n1", "n1")], others);
    }

    [Fact]
    public void A_namespace_without_a_name_is_known_by_a_process_in_it()
    {
        _host.Link("/proc/700/ns/net", "net:[4026532400]").File("/proc/700/comm", "pause\n")
            .Link("/proc/701/ns/net", "net:[4026532400]").File("/proc/701/comm", "nginx\n");

        Assert.Equal([new NetworkNamespace(4026532400, "/proc/700/ns/net", "pause (pid 700)")],
            new NetworkNamespaces(_host.Paths).Others().Value);
    }

    [Fact]
    public void A_process_that_may_not_be_looked_into_makes_the_list_unknown()
    {
        _host.File("/proc/700/ns/net", "");

        Assert.True(new NetworkNamespaces(_host.Paths).Others().IsFailed);
    }

    [Fact]
    public void The_namespaces_of_the_running_host_can_be_listed()
    {
        Reading<ulong> own = new NetworkNamespaces(OvsOffload.Os.HostPaths.Real).Own();

        Assert.True(own.IsKnown, own.Why);
        Assert.NotEqual(0ul, own.Value);
    }
}
