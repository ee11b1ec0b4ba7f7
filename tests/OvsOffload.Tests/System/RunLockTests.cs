using OvsOffload.System;
using OvsOffload.Tests.Fixtures;

namespace OvsOffload.Tests.System;

public sealed class RunLockTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_second_run_is_told_who_holds_the_lock()
    {
        using var first = RunLock.Take(_host.Paths, "apply");

        var exception = Assert.Throws<RunLockHeldException>(() => RunLock.Take(_host.Paths, "run"));

        Assert.Equal($"process {Environment.ProcessId} (apply)", exception.Holder.Value);
        Assert.Contains("(apply)", exception.Message);
    }

    [Fact]
    public void After_the_release_the_next_run_gets_it()
    {
        RunLock.Take(_host.Paths, "apply").Dispose();
        using var second = RunLock.Take(_host.Paths, "run");

        Assert.Equal($"process {Environment.ProcessId} (run)\n", _host.Text("/run/ovs-offload/holder"));
    }

    [Fact]
    public void What_a_dead_holder_left_behind_locks_nobody_out()
    {
        _host.File("/run/ovs-offload/lock", "").File("/run/ovs-offload/holder", "process 1 (apply)\n");

        using var taken = RunLock.Take(_host.Paths, "run");

        Assert.Contains("(run)", _host.Text("/run/ovs-offload/holder"));
    }
}
