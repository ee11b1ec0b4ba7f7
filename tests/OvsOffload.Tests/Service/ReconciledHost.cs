using System.Collections.Immutable;
using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Service;

namespace OvsOffload.Tests.Service;

/// <summary>A host whose only property is one setting of Open vSwitch.</summary>
internal sealed class ReconciledHost : IReconciler
{
    private int _now;

    public bool HwOffload { get; set; }

    public bool FailsToApply { get; set; }

    public bool FailsToRead { get; set; }

    /// <summary>Another host instead of the one with a setting.</summary>
    public HostState? Whole { get; set; }

    /// <summary>A host that obeys steps, instead.</summary>
    public FakeHost? Simulated { get; set; }

    /// <summary>What the other host is after an apply; as before where there is none.</summary>
    public HostState? AfterApply { get; set; }

    public Reading<ImmutableArray<PhysicalFunction>> Functions { get; set; } =
        Reading.Known(ImmutableArray<PhysicalFunction>.Empty);

    public int Reads { get; private set; }

    public int Applies { get; private set; }

    public int MaxAtOnce { get; private set; }

    public ServiceIntent? Applied { get; private set; }

    /// <summary>The run before, which died on its way.</summary>
    public InterruptedRun? Before { get; set; }

    /// <summary>How often the run before was settled.</summary>
    public int Settled { get; private set; }

    /// <summary>Whether another run holds the lock.</summary>
    public bool IsLocked { get; set; }

    public InterruptedRun? FindInterruptedRun() => Before;

    public void AcknowledgeInterruptedRun() => Settled++;

    public Task<HostState> ReadAsync(CancellationToken cancellation)
    {
        Reads++;
        return FailsToRead ? throw new IOException("no sysfs") : Task.FromResult(Simulated?.State ?? State());
    }

    public async Task<ApplyReport> ApplyAsync(
        ServiceIntent intent, IProgress<StepReport> progress, CancellationToken cancellation)
    {
        if (IsLocked)
        {
            throw new ApplyDeferredException("another ovs-offload process is running: process 7 (ovs-offload apply)");
        }

        if (Simulated is not null)
        {
            Applies++;
            return await Simulated.ApplyAsync(intent.Intent, cancellation);
        }

        MaxAtOnce = Math.Max(MaxAtOnce, ++_now);
        Applies++;
        Applied = intent;
        await Task.Yield();
        HwOffload |= !FailsToApply;
        Whole = FailsToApply ? Whole : AfterApply ?? Whole;
        _now--;
        return new ApplyReport([], [], FailsToApply ? ["refused by the driver"] : [], [], [], !FailsToApply);
    }

    /// <summary>What a reading shows.</summary>
    public HostState State()
    {
        if (Whole is not null)
        {
            return Whole;
        }

        var options = new Dictionary<string, string>();
        if (HwOffload)
        {
            options["hw-offload"] = "true";
        }

        return new HostState
        {
            ReadAt = FakeTime.Start,
            HostName = "host",
            Kernel = SampleHost.Legacy().Kernel,
            PhysicalFunctions = Functions,
            Devices = Reading.Known(ImmutableArray<NetDevice>.Empty),
            OpenVSwitch = new OpenVSwitchState
            {
                Database = Reading.Known(new OpenVSwitchDatabase
                {
                    RootId = Guid.Empty,
                    OtherConfig = options,
                    ExternalIds = new Dictionary<string, string>(),
                    NextCfg = 0,
                    CurCfg = 0,
                    Managers = [],
                    Bridges = [],
                }),
                Daemon = Reading.Known("3.5.0"),
                HwOffload = Reading.Absent<HwOffloadEffect>("no ports"),
                Upcalls = Reading.Known<IReadOnlyList<UpcallShow>>([]),
                Log = default,
            },
            Protected = Reading.Known(ImmutableArray<ProtectedDevice>.Empty),
            Filters = default,
        };
    }
}
