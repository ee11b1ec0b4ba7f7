using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Sysfs;

public sealed class VfioHoldersTests : IDisposable
{
    private readonly HostTree _host = new();

    public VfioHoldersTests() => _host.Link("/proc/self/ns/pid", "pid:[4026531836]");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_guest_that_has_the_group_open_is_named()
    {
        Process(4242, "qemu-system-x86", "/dev/vfio/vfio", "/dev/vfio/7", "anon_inode:[vfio-device]", "socket:[99]");

        VfioHolder holder = Assert.Single(new VfioHolders(_host.Paths).Of(Function(7)).Value);

        Assert.Equal("qemu-system-x86 (pid 4242) has /dev/vfio/7 open", holder.ToString());
    }

    [Fact]
    public void A_guest_that_has_the_functions_own_node_open_is_named()
    {
        Process(4242, "qemu-system-x86", "/dev/vfio/devices/vfio0", "anon_inode:[vfio-device]");

        Assert.Equal("/dev/vfio/devices/vfio0", Assert.Single(new VfioHolders(_host.Paths).Of(Function(7)).Value).Node);
    }

    [Fact]
    public void A_guest_of_another_group_does_not_hold_this_function()
    {
        Process(4242, "qemu-system-x86", "/dev/vfio/17", "anon_inode:[vfio-device]");

        Assert.Empty(new VfioHolders(_host.Paths).Of(Function(7)).Value);
    }

    [Fact]
    public void A_process_that_has_ended_meanwhile_is_passed_over()
    {
        Process(1, "systemd", "/dev/null");
        _host.File("/proc/500/comm", "gone\n");

        Assert.Empty(new VfioHolders(_host.Paths).Of(Function(7)).Value);
    }

    [Fact]
    public void A_process_that_may_not_be_looked_into_makes_it_unknown_not_free()
    {
        // A regular file in place of a link cannot be resolved, which stands for every refusal; root is refused
        // nothing.
        Process(1, "systemd", "/dev/null");
        _host.File("/proc/500/comm", "secret\n").File("/proc/500/fd/3", "");

        Reading<IReadOnlyList<VfioHolder>> reading = new VfioHolders(_host.Paths).Of(Function(7));

        Assert.True(reading.IsFailed);
        Assert.Contains("/proc/500/fd", reading.Why);
    }

    [Fact]
    public void Who_is_found_is_named_though_others_may_not_be_looked_into()
    {
        Process(4242, "qemu-system-x86", "/dev/vfio/7");
        _host.File("/proc/500/fd/3", "");

        Assert.Single(new VfioHolders(_host.Paths).Of(Function(7)).Value);
    }

    [Fact]
    public void A_device_handed_over_without_its_group_makes_it_unknown()
    {
        Process(4242, "vmm", "anon_inode:[vfio-device]");

        Reading<IReadOnlyList<VfioHolder>> reading = new VfioHolders(_host.Paths).Of(Function(7));

        Assert.True(reading.IsFailed);
        Assert.Contains("vmm (pid 4242)", reading.Why);
    }

    [Fact]
    public void A_regular_file_with_the_name_of_a_group_holds_nothing()
    {
        _host.File("/dev/vfio/7", "");
        Process(4242, "sleep", "/dev/vfio/7");

        Assert.Empty(new VfioHolders(_host.Paths).Of(Function(7)).Value);
    }

    [Fact]
    public void A_guest_with_a_dev_of_its_own_holds_its_function()
    {
        Process(4242, "qemu-system-x86", "/vfio/vfio", "/vfio/7", "anon_inode:[vfio-device]");

        Assert.Equal("/dev/vfio/7", Assert.Single(new VfioHolders(_host.Paths).Of(Function(7)).Value).Node);
    }

    [Fact]
    public async Task Which_device_is_open_its_number_says_and_not_its_name()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "to make a device takes root");
        _host.Dir("/dev/vfio").File("/sys/class/vfio/7/dev", "1:3\n").File("/sys/class/vfio-dev/vfio2/dev", "1:5\n");
        foreach ((string name, string minor) in ((string, string)[])[("17", "3"), ("18", "5")])
        {
            await new ProcessRunner(TimeProvider.System).RunAsync(
                new ProcessRequest(["mknod", _host.At($"/dev/vfio/{name}"), "c", "1", minor]),
                TestContext.Current.CancellationToken);
        }

        Process(4242, "qemu-system-x86", "/dev/vfio/17", "/dev/vfio/18");

        Assert.Equal(
            ["/dev/vfio/7", "/dev/vfio/devices/vfio2"],
            new VfioHolders(_host.Paths).Read().Holders.Select(holder => holder.Node));
    }

    [Fact]
    public void In_a_PID_namespace_of_its_own_nothing_is_certain()
    {
        File.Delete(_host.At("/proc/self/ns/pid"));
        _host.Link("/proc/self/ns/pid", "pid:[4026532300]");

        Assert.Contains("PID namespace", new VfioHolders(_host.Paths).Of(Function(7)).Why);
    }

    [Fact]
    public void Without_procfs_it_is_unknown()
    {
        using var bare = new HostTree();
        Directory.Delete(bare.Paths.Root);

        Assert.True(new VfioHolders(bare.Paths).Of(Function(7)).IsFailed);
        bare.Dir("/");
    }

    private static PciFunction Function(int group) => new()
    {
        Address = PciAddress.Parse("0000:01:10.0"),
        Id = PciId.Parse("15b3:101e"),
        Class = 0x020000,
        VfioNodes = Reading.Known<IReadOnlyList<string>>([$"/dev/vfio/{group}", "/dev/vfio/devices/vfio0"]),
    };

    private void Process(int pid, string command, params string[] targets)
    {
        _host.File($"/proc/{pid}/comm", command + "\n");
        for (int descriptor = 0; descriptor < targets.Length; descriptor++)
        {
            _host.Link($"/proc/{pid}/fd/{descriptor}", targets[descriptor]);
        }
    }
}
