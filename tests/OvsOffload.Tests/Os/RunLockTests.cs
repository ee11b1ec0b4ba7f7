using OvsOffload.Os;

namespace OvsOffload.Tests.Os;

public sealed class RunLockTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_second_run_is_told_who_holds_the_lock()
    {
        using var first = RunLock.TryTake(_host.Paths, out string? nobody);
        using var second = RunLock.TryTake(_host.Paths, out string? holder);

        Assert.NotNull(first);
        Assert.Null(nobody);
        Assert.Null(second);
        Assert.StartsWith($"process {Environment.ProcessId} (", holder);
    }

    [Fact]
    public void After_the_release_the_next_run_gets_it()
    {
        RunLock.TryTake(_host.Paths, out _)!.Dispose();
        using var second = RunLock.TryTake(_host.Paths, out _);

        Assert.NotNull(second);
    }

    [Fact]
    public void Its_directory_is_closed_to_others_and_mended_where_it_is_not()
    {
        const UnixFileMode OwnerOnly =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        RunLock.TryTake(_host.Paths, out _)!.Dispose();
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(_host.At("/run/ovs-offload")));

        File.SetUnixFileMode(_host.At("/run/ovs-offload"), OwnerOnly | UnixFileMode.GroupExecute);
        RunLock.TryTake(_host.Paths, out _)!.Dispose();

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(_host.At("/run/ovs-offload")));
    }

    [Fact]
    public void Where_its_holder_cannot_be_written_it_is_held_without_a_name()
    {
        _host.Dir("/run/ovs-offload/holder");

        using var first = RunLock.TryTake(_host.Paths, out _);
        using var second = RunLock.TryTake(_host.Paths, out string? holder);

        Assert.NotNull(first);
        Assert.Null(second);
        Assert.Equal("another process", holder);
    }

    [Fact]
    public void A_link_in_place_of_its_directory_is_not_followed()
    {
        _host.Dir("/elsewhere").Link("/run/ovs-offload", "../elsewhere");

        IOException failure = Assert.Throws<IOException>(() => RunLock.TryTake(_host.Paths, out _));

        Assert.Contains("is a symbolic link, not a directory; remove it", failure.Message);
    }

    [Fact]
    public void The_lock_of_a_dead_process_is_free()
    {
        _host.File("/run/ovs-offload/lock", "").File("/run/ovs-offload/holder", "process 1 (ovs-offload apply)\n");

        using var taken = RunLock.TryTake(_host.Paths, out _);

        Assert.NotNull(taken);
        Assert.Contains($"process {Environment.ProcessId} ", _host.Text("/run/ovs-offload/holder"));
    }
}
