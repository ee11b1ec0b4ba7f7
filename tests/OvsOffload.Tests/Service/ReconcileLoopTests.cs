using System.Collections.Immutable;
using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Service;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Service;

public sealed class ReconcileLoopTests
{
    private static readonly HostIntent WantsOffload =
        new() { OpenVSwitch = new OpenVSwitchIntent { HwOffload = true } };

    private readonly FakeTime _time = new();
    private readonly ReconciledHost _host = new();
    private readonly List<string> _log = [];
    private readonly ChangeSignal _changes;
    private ServiceIntent _intent = new(WantsOffload, Configured: true, ReloadSucceeded: true);

    public ReconcileLoopTests() => _changes = new ChangeSignal(new ChangeOptions(), _time);

    [Fact]
    public async Task Drift_at_the_start_is_repaired_by_one_apply_and_one_reading_after_it()
    {
        await using Running running = Start();
        await running.UntilAsync(() => _host.Reads == 2);
        await running.StayAsync(TimeSpan.FromHours(1));
        Assert.Equal((2, 1), (_host.Reads, _host.Applies));
        Assert.True(running.Loop.Status.LastApply?.Succeeded);
        Assert.Empty(running.Loop.Status.Plan!.Steps);
    }

    [Fact]
    public async Task A_change_that_is_no_drift_is_read_and_nothing_is_applied()
    {
        _host.HwOffload = true;
        await using Running running = Start();
        await running.UntilAsync(() => _host.Reads == 1);
        _changes.Raise("a link changed");
        await running.UntilAsync(() => _host.Reads == 2);
        await running.StayAsync(TimeSpan.FromHours(1));
        Assert.Equal((2, 0), (_host.Reads, _host.Applies));
    }

    [Fact]
    public async Task Drift_later_is_repaired_by_one_apply()
    {
        _host.HwOffload = true;
        await using Running running = Start();
        await running.UntilAsync(() => _host.Reads == 1);
        _host.HwOffload = false;
        _changes.Raise("somebody changed the database");
        await running.UntilAsync(() => _host.HwOffload);
        await running.StayAsync(TimeSpan.FromHours(1));
        Assert.Equal(1, _host.Applies);
    }

    [Fact]
    public async Task Drift_that_raises_no_event_is_repaired_once_another_reading_shows_it()
    {
        _host.HwOffload = true;
        await using Running running = Start();
        await running.UntilAsync(() => _host.Reads == 1);
        running.Loop.Observe(Later());
        await running.StayAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _host.Reads);
        _host.HwOffload = false;
        running.Loop.Observe(Later());
        await running.UntilAsync(() => _host.Applies == 1);

        HostState Later() => _host.State() with { ReadAt = FakeTime.Start.AddHours(-1), ReadTimestamp = 5 };
    }

    [Fact]
    public async Task Offload_that_lost_its_effect_is_read_again_though_there_is_no_drift()
    {
        _intent = new ServiceIntent(HostIntent.Observe, Configured: false, ReloadSucceeded: true);
        _host.HwOffload = true;
        await using Running running = Start();
        await running.UntilAsync(() => _host.Reads == 1);
        HostState state = _host.State();
        running.Loop.Observe(state with
        {
            ReadTimestamp = state.ReadTimestamp + 5,
            OpenVSwitch = state.OpenVSwitch with
            {
                HwOffload = Reading.Known(new HwOffloadEffect(false, "no ingress qdisc on p0")),
            },
        });
        await running.UntilAsync(() => _host.Reads == 2);
    }

    [Fact]
    public async Task Without_a_configuration_nothing_is_ever_applied()
    {
        _intent = new ServiceIntent(HostIntent.Observe, Configured: false, ReloadSucceeded: true);
        await using Running running = Start();
        await running.UntilAsync(() => _host.Reads == 1);
        _changes.Raise("a link changed");
        await running.UntilAsync(() => _host.Reads == 2);
        Assert.Equal(0, _host.Applies);
        Assert.Empty(running.Loop.Status.Plan!.Steps);
    }

    [Fact]
    public async Task An_apply_that_fails_is_tried_again_after_waits_that_double()
    {
        _host.FailsToApply = true;
        await using Running running = Start();
        await running.StayAsync(TimeSpan.FromSeconds(100));
        Assert.InRange(_host.Applies, 4, 8);
        Assert.False(running.Loop.Status.LastApply?.Succeeded);
        Assert.Single(_log, line => line.Contains("refused by the driver", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_cannot_be_read_is_read_again_and_has_no_state_meanwhile()
    {
        _host.HwOffload = true;
        _host.FailsToRead = true;
        await using Running running = Start();
        await running.UntilAsync(() => _host.Reads >= 3);
        Assert.Null(running.Loop.Status.State);
        _host.FailsToRead = false;
        await running.UntilAsync(() => running.Loop.Status.State is not null);
        Assert.Single(_log, line => line.Contains("cannot read the host", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_that_is_refused_because_a_VF_is_held_is_made_again_on_a_slow_timer_until_it_is_let_go()
    {
        _intent = new ServiceIntent(SampleIntent.Switchdev(2), Configured: true, ReloadSucceeded: true);
        HostState free = SampleHost.Legacy();
        _host.Whole = free.WithHolder(0, HolderKind.Vfio, "qemu-system-x86 (pid 4242) has /dev/vfio/17 open");
        await using Running running = Start();
        await running.UntilAsync(() => _host.Reads == 1);
        await running.StayAsync(TimeSpan.FromSeconds(55));
        Assert.Equal(1, _host.Reads);
        await running.StayAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(2, _host.Reads);

        await running.StayAsync(TimeSpan.FromHours(2));
        int reads = _host.Reads;
        await running.StayAsync(TimeSpan.FromHours(2));
        Assert.InRange(_host.Reads - reads, 10, 12);
        Assert.Single(_log, line => line.Contains("/dev/vfio/17", StringComparison.Ordinal));
        Assert.Equal(0, _host.Applies);

        _host.Whole = free;
        await running.StayAsync(TimeSpan.FromMinutes(11));
        Assert.NotEqual(0, _host.Applies);
    }

    [Fact]
    public async Task A_card_that_was_away_for_an_hour_is_repaired_at_once_when_it_returns()
    {
        _intent = new ServiceIntent(SampleIntent.Switchdev(2), Configured: true, ReloadSucceeded: true);
        HostState there = SampleHost.Legacy();
        _host.Whole = there with { PhysicalFunctions = Reading.Known(ImmutableArray<PhysicalFunction>.Empty) };
        _host.AfterApply = SampleHost.ConnectX6Dx();
        await using Running running = Start();
        await running.StayAsync(TimeSpan.FromHours(1));
        Assert.Equal(0, _host.Applies);
        Assert.False(running.Loop.Status.LastApply?.Succeeded);
        Assert.InRange(_log.Count(line => line.StartsWith("waiting ", StringComparison.Ordinal)), 5, 12);
        Assert.Contains("waiting 300 s, because the plan has problems, see above", _log);

        _host.Whole = there;
        _changes.Raise("a link changed");
        await running.StayAsync(TimeSpan.FromSeconds(4));
        Assert.Equal(1, _host.Applies);
        Assert.True(running.Loop.Status.LastApply?.Succeeded);
    }

    [Fact]
    public async Task Objections_do_not_count_as_applies_that_failed()
    {
        _intent = new ServiceIntent(SampleIntent.Switchdev(2), Configured: true, ReloadSucceeded: true);
        HostState there = SampleHost.Legacy();
        _host.FailsToApply = true;
        _host.Whole = there;
        await using Running running = Start();
        await running.UntilAsync(() => _host.Applies == 1);
        HostState unread = there.WithPf(pf => pf with { Eswitch = Reading.Failed<Eswitch>("EIO") });
        for (int i = 0; i < 30; i++)
        {
            int reads = _host.Reads;
            _host.Whole = unread with { ReadTimestamp = i };
            _changes.Raise("a link changed", urgent: true);
            await running.UntilAsync(() => _host.Reads > reads);
        }

        int applies = _host.Applies;
        _host.Whole = there;
        _changes.Raise("it can be read again", urgent: true);
        await running.StayAsync(TimeSpan.FromSeconds(5));
        Assert.True(_host.Applies > applies, string.Join('\n', _log));
    }

    [Fact]
    public async Task A_success_ends_the_waits_of_the_failures_before_it()
    {
        _host.FailsToApply = true;
        await using Running running = Start();
        await running.StayAsync(TimeSpan.FromSeconds(200));
        Assert.Contains("waiting 64 s, because the last 7 applies failed", _log);
        _host.FailsToApply = false;
        await running.UntilAsync(() => _host.HwOffload);
        await running.StayAsync(TimeSpan.FromSeconds(1));

        _host.FailsToApply = true;
        _host.HwOffload = false;
        _log.Clear();
        _changes.Raise("somebody changed the database");
        int applies = _host.Applies;
        await running.UntilAsync(() => _host.Applies == applies + 1);
        await running.StayAsync(TimeSpan.FromSeconds(5));
        Assert.Contains("waiting 2 s, because the last 2 applies failed", _log);
    }

    [Fact]
    public async Task Drift_that_comes_back_at_once_is_repaired_ever_more_slowly_and_the_log_says_why()
    {
        await using Running running = Start();
        for (int i = 0; i < 8; i++)
        {
            await running.UntilAsync(() => _host.HwOffload);
            _host.HwOffload = false;
            _changes.Raise("another program changed it");
        }

        await running.StayAsync(TimeSpan.FromSeconds(20));
        Assert.False(_host.HwOffload);
        Assert.Contains(_log, line => line.StartsWith(
            "waiting 128 s, because these steps were applied before and did not last (8 times so far)",
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_run_puts_an_apply_off_and_does_not_count_as_a_failure()
    {
        _host.IsLocked = true;
        await using Running running = Start();
        await running.StayAsync(TimeSpan.FromSeconds(10));
        Assert.Null(running.Loop.Status.LastApply);
        Assert.Contains("waiting 4 s, because another run is in progress", _log);
        _host.IsLocked = false;
        await running.StayAsync(TimeSpan.FromSeconds(10));
        Assert.True(running.Loop.Status.LastApply?.Succeeded);
    }

    [Fact]
    public async Task An_interrupted_run_is_logged_once_and_completed()
    {
        _host.Before = new InterruptedRun(FakeTime.Start, 3, "sriov_numvfs of 0000:3b:00.0: 0 -> 4");
        await using Running running = Start();
        await running.UntilAsync(() => _host.Reads == 2);
        await running.StayAsync(TimeSpan.FromHours(1));
        Assert.Single(_log, line => line.EndsWith(
            "was cut off after 3 steps, during: sriov_numvfs of 0000:3b:00.0: 0 -> 4; finishing it now",
            StringComparison.Ordinal));
        Assert.Equal((1, 0), (_host.Applies, _host.Settled));
    }

    [Fact]
    public async Task An_interrupted_run_that_left_nothing_to_do_is_acknowledged()
    {
        _host.Before = new InterruptedRun(FakeTime.Start, 3, null);
        _host.HwOffload = true;
        await using Running running = Start();
        await running.UntilAsync(() => _host.Settled == 1);
        _changes.Raise("a link changed");
        await running.StayAsync(TimeSpan.FromHours(1));
        Assert.Equal((0, 1), (_host.Applies, _host.Settled));
        Assert.Contains("the interrupted run is complete", _log);
    }

    [Fact]
    public async Task A_held_VF_on_one_PF_keeps_the_other_from_nothing_now_and_when_it_drifts_later()
    {
        var other = PciAddress.Parse("0000:3b:00.1");
        HostIntent one = SampleIntent.Switchdev(2);
        HostIntent two = one with
        {
            Nics = [one.Nics[0], one.Nics[0] with { Pf = SampleIntent.Reference(other.ToString()) }],
        };
        _intent = new ServiceIntent(two, Configured: true, ReloadSucceeded: true);
        HostState held = SampleHost.Legacy().WithHolder(0, HolderKind.Vfio, "a guest").WithSecondPort();
        _host.Simulated = new FakeHost(held);
        await using Running running = Start();
        await running.UntilAsync(() => _host.Simulated.State.Find(other) is { Mode: EswitchMode.Switchdev });
        await running.StayAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(1, _host.Applies);
        Assert.False(running.Loop.Status.LastApply?.Succeeded);
        Assert.Equal(EswitchMode.Legacy, _host.Simulated.State.KnownFunctions[0].Mode);
        Assert.Contains(_log, line => line.StartsWith("applied partly: ", StringComparison.Ordinal));
        Assert.Single(_log, line => line.Contains("a guest", StringComparison.Ordinal));

        _host.Simulated.Run(new SetLinkUp(new UplinkOf(other), true, false));
        _changes.Raise("a link changed");
        await running.StayAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(2, _host.Applies);
        Assert.True(_host.Simulated.State.Find(other)!.Uplink!.Up);
    }

    [Fact]
    public async Task Changes_while_a_plan_is_refused_do_not_make_the_timer_slower()
    {
        _intent = new ServiceIntent(SampleIntent.Switchdev(2), Configured: true, ReloadSucceeded: true);
        _host.Whole = SampleHost.Legacy().WithHolder(0, HolderKind.Vfio, "a guest");
        await using Running running = Start();
        for (int i = 0; i < 20; i++)
        {
            int reads = _host.Reads;
            _changes.Raise("again", urgent: true);
            await running.UntilAsync(() => _host.Reads > reads);
        }

        int before = _host.Reads;
        await running.StayAsync(TimeSpan.FromSeconds(90));
        Assert.NotEqual(before, _host.Reads);
    }

    [Fact]
    public async Task PFs_that_could_not_be_listed_are_asked_for_again_also_by_a_host_that_is_only_observed()
    {
        _intent = new ServiceIntent(HostIntent.Observe, Configured: false, ReloadSucceeded: true);
        _host.Functions = Reading.Failed<ImmutableArray<PhysicalFunction>>("/sys/bus/pci/devices: EIO");
        await using Running running = Start();
        await running.UntilAsync(() => _host.Reads >= 3);
        _host.Functions = Reading.Known(ImmutableArray<PhysicalFunction>.Empty);
        await running.UntilAsync(() => running.Loop.Status.State is { PhysicalFunctions.IsKnown: true });
        int reads = _host.Reads;
        await running.StayAsync(TimeSpan.FromHours(1));
        Assert.Equal(reads, _host.Reads);
        Assert.Single(_log, line => line.Contains("/sys/bus/pci/devices: EIO", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_new_configuration_is_applied_at_once()
    {
        _host.HwOffload = true;
        await using Running running = Start();
        await running.UntilAsync(() => _host.Reads == 1);
        _intent = new ServiceIntent(
            new HostIntent { OpenVSwitch = new OpenVSwitchIntent { MaxIdle = TimeSpan.FromSeconds(30) } }, true, true);
        _changes.Raise("configuration reloaded", urgent: true);
        await running.UntilAsync(() => _host.Applies == 1);
        Assert.Equal(_intent, _host.Applied);
    }

    [Fact]
    public async Task Two_applies_are_never_under_way_at_once()
    {
        _host.FailsToApply = true;
        await using Running running = Start();
        for (int i = 0; i < 20; i++)
        {
            _changes.Raise("again", urgent: true);
            await running.StayAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, _host.MaxAtOnce);
    }

    private Running Start()
    {
        var loop = new ReconcileLoop(
            _host, () => _intent, _changes, new Heartbeat("loop", _time), (_, line) => _log.Add(line),
            new ReconcileOptions(), _time);
        return new Running(loop, _time);
    }

    /// <summary>A loop that runs until the test ends.</summary>
    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly FakeTime _time;
        private readonly Task _task;

        public Running(ReconcileLoop loop, FakeTime time)
        {
            (Loop, _time) = (loop, time);
            _task = loop.RunAsync(_stop.Token);
        }

        public ReconcileLoop Loop { get; }

        /// <summary>Lets time go on until something is so.</summary>
        public async Task UntilAsync(Func<bool> isSo)
        {
            while (!isSo())
            {
                await ThrowWhereItEndedAsync();
                await _time.StepAsync(TimeSpan.FromMilliseconds(250));
            }
        }

        /// <summary>Lets so much time go by, in a hundred steps.</summary>
        public async Task StayAsync(TimeSpan span)
        {
            for (int i = 0; i < 100; i++)
            {
                await ThrowWhereItEndedAsync();
                await _time.StepAsync(span / 100);
            }
        }

        /// <summary>A loop that ended by itself has failed, and what is waited for never comes.</summary>
        private Task ThrowWhereItEndedAsync() => _task.IsCompleted ? _task : Task.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }
    }
}
