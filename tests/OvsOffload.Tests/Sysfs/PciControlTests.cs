using System.Diagnostics;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Sysfs;

public sealed class PciControlTests : IDisposable
{
    private const string Function = "/sys/bus/pci/devices/0000:3b:00.0";
    private static readonly PciAddress Pf = PciAddress.Parse("0000:3b:00.0");

    private readonly HostTree _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PciControl Control => new(_host.Paths, new SysfsWriter(SysfsWriter.DefaultLimit, TimeProvider.System));

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Each_operation_writes_its_own_attribute()
    {
        _host.File($"{Function}/sriov_numvfs", "").File($"{Function}/sriov_drivers_autoprobe", "")
            .File($"{Function}/driver_override", "").File("/sys/bus/pci/drivers/vfio-pci/bind", "")
            .File("/sys/bus/pci/drivers/mlx5_core/unbind", "").File("/sys/bus/pci/drivers_probe", "")
            .Link($"{Function}/driver", "../../drivers/mlx5_core");

        await Control.SetVfCountAsync(Pf, 16, Cancellation);
        await Control.SetDriversAutoprobeAsync(Pf, false, Cancellation);
        await Control.SetDriverOverrideAsync(Pf, "vfio-pci", Cancellation);
        await Control.BindAsync(Pf, "vfio-pci", Cancellation);
        await Control.UnbindAsync(Pf, Cancellation);
        await Control.ProbeDriversAsync(Pf, Cancellation);

        Assert.Equal("16", _host.Text($"{Function}/sriov_numvfs"));
        Assert.Equal("0", _host.Text($"{Function}/sriov_drivers_autoprobe"));
        Assert.Equal("vfio-pci\n", _host.Text($"{Function}/driver_override"));
        Assert.Equal("0000:3b:00.0", _host.Text("/sys/bus/pci/drivers/vfio-pci/bind"));
        Assert.Equal("0000:3b:00.0", _host.Text("/sys/bus/pci/drivers/mlx5_core/unbind"));
        Assert.Equal("0000:3b:00.0", _host.Text("/sys/bus/pci/drivers_probe"));
    }

    [Fact]
    public async Task A_driver_override_is_lifted_with_an_empty_line()
    {
        _host.File($"{Function}/driver_override", "");

        await Control.SetDriverOverrideAsync(Pf, null, Cancellation);

        Assert.Equal("\n", _host.Text($"{Function}/driver_override"));
    }

    [Theory]
    [InlineData((int)Errno.ERANGE, "ERANGE (Numerical result out of range); more VFs than sriov_totalvfs")]
    [InlineData((int)Errno.EBUSY, "EBUSY (Device or resource busy); another number of VFs is enabled; set 0 first")]
    [InlineData((int)Errno.ENOMEM, "pci=realloc")]
    [InlineData((int)Errno.EPERM, "assigned to guests")]
    [InlineData((int)Errno.EIO, "ACS, ARI")]
    [InlineData((int)Errno.ENOSPC, "ENOSPC (No space left on device)")]
    public async Task A_refused_VF_count_says_operation_file_errno_and_meaning(int errno, string words)
    {
        var control = new PciControl(_host.Paths, new SysfsWriter(
            SysfsWriter.DefaultLimit, TimeProvider.System, (_, _) => throw new IOException("refused", errno)));

        SysfsException exception = await Assert.ThrowsAsync<SysfsException>(
            () => control.SetVfCountAsync(Pf, 8, Cancellation));

        Assert.Equal((Errno)errno, exception.Errno);
        Assert.StartsWith("set 8 VFs on 0000:3b:00.0: ", exception.Message);
        Assert.Contains("0000:3b:00.0/sriov_numvfs", exception.Message);
        Assert.Contains(words, exception.Message);
    }

    [Fact]
    public async Task The_errno_of_a_real_refusal_is_kept()
    {
        // /dev/full refuses every write, as a driver would.
        _host.Link($"{Function}/sriov_numvfs", "/dev/full");

        SysfsException exception = await Assert.ThrowsAsync<SysfsException>(
            () => Control.SetVfCountAsync(Pf, 8, Cancellation));

        Assert.Equal(Errno.ENOSPC, exception.Errno);
    }

    [Fact]
    public async Task A_missing_attribute_is_refused_and_not_created()
    {
        _host.Dir(Function);

        SysfsException exception = await Assert.ThrowsAsync<SysfsException>(
            () => Control.SetVfCountAsync(Pf, 8, Cancellation));

        Assert.Equal(Errno.ENOENT, exception.Errno);
        Assert.Contains("num_vfs", exception.Meaning);
        Assert.False(File.Exists(_host.At($"{Function}/sriov_numvfs")));
    }

    [Fact]
    public async Task A_driver_that_is_not_loaded_is_named()
    {
        SysfsException exception = await Assert.ThrowsAsync<SysfsException>(
            () => Control.BindAsync(Pf, "vfio-pci", Cancellation));

        Assert.Contains("modprobe vfio-pci", exception.Message);
    }

    [Fact]
    public async Task A_driver_that_blocks_is_given_up_at_the_limit()
    {
        using var answer = new ManualResetEventSlim();
        var control = new PciControl(_host.Paths,
            new SysfsWriter(TimeSpan.FromMilliseconds(20), TimeProvider.System, (_, _) => answer.Wait(Cancellation)));

        SysfsException exception = await Assert.ThrowsAsync<SysfsException>(
            () => control.SetVfCountAsync(Pf, 8, Cancellation));
        answer.Set();

        Assert.Equal(Errno.ETIMEDOUT, exception.Errno);
        Assert.Contains("still in progress", exception.Message);
    }

    [Theory]
    [InlineData(0, 120)]
    [InlineData(125, 245)]
    [InlineData(254, 374)]
    public void The_limit_grows_with_the_VFs(int vfs, int seconds) => Assert.Equal(
        seconds, new SysfsWriter(SysfsWriter.DefaultLimit, TimeProvider.System).LimitFor(vfs).TotalSeconds, 3);

    /// <summary>Each VF that comes within the limit grants it again, however long all of them take.</summary>
    [Fact]
    public async Task VFs_that_come_one_by_one_are_waited_for()
    {
        const int Vfs = 12;
        var control = new PciControl(_host.Paths, new SysfsWriter(
            TimeSpan.FromMilliseconds(200), TimeProvider.System, (_, _) =>
            {
                for (int vf = 0; vf < Vfs; vf++)
                {
                    Thread.Sleep(100);
                    _host.Link($"{Function}/virtfn{vf}", $"../0000:01:00.{vf + 2}");
                }
            }));
        var begun = Stopwatch.StartNew();

        await control.SetVfCountAsync(Pf, 1, Cancellation);

        Assert.InRange(begun.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task While_a_write_is_stuck_no_second_one_of_the_same_attribute_is_begun()
    {
        using var answer = new ManualResetEventSlim();
        int writes = 0;
        var control = new PciControl(_host.Paths, new SysfsWriter(
            TimeSpan.FromMilliseconds(20), TimeProvider.System, (_, _) =>
            {
                Interlocked.Increment(ref writes);
                answer.Wait(Cancellation);
            }));

        await Assert.ThrowsAsync<SysfsException>(() => control.SetVfCountAsync(Pf, 8, Cancellation));
        for (int i = 0; i < 36; i++)
        {
            SysfsException second = await Assert.ThrowsAsync<SysfsException>(
                () => control.SetVfCountAsync(Pf, 0, Cancellation));
            Assert.Contains("an earlier write to it is still in progress", second.Message);
        }

        Assert.Equal(1, writes);
        answer.Set();
    }

    [Fact]
    public async Task Waiting_for_a_driver_can_be_cancelled()
    {
        using var answer = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        var writer = new SysfsWriter(SysfsWriter.DefaultLimit, TimeProvider.System, (_, _) =>
        {
            cancel.Cancel();
            answer.Wait(Cancellation);
        });
        var control = new PciControl(_host.Paths, writer);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => control.SetVfCountAsync(Pf, 8, cancel.Token));
        answer.Set();
    }
}
