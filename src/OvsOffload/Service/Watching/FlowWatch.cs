using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;

namespace OvsOffload.Service;

/// <summary>
/// Reads the flows in the background, one reading at a time: the cheap count first, then a dump, unless there are more
/// flows than allowed or the dumps before took more than their share of the time.
/// </summary>
internal sealed class FlowWatch(
    IFlowSource source, Func<FlowDumpIntent> options, ChangeSignal changes, Heartbeat heartbeat, TimeProvider time)
{
    /// <summary>The most between two attempts while ovs-vswitchd does not answer.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The longest a reading may take. A dump of a million flows takes 8 s to 18 s, and the client gives up after 60 s
    /// of silence.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Whether anybody wants the numbers: without, the switch is left alone.</summary>
    public Func<bool> IsEnabled { get; init; } = () => true;

    /// <summary>Told of every reading.</summary>
    public Action<FlowFacts> Follower { get; init; } = _ => { };

    /// <summary>What the last reading gave; nothing is asked for it.</summary>
    public FlowFacts Last => Volatile.Read(ref _reading).Facts;

    private readonly ChangeSignal _wake = new(new ChangeOptions(), time);
    private FlowReading _reading = FlowReading.Initial;
    private long _dumpsEnded;
    private TimeSpan _dumpsPutOff;

    /// <summary>Reads at every interval until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => EventLoop.RunAsync(
        RoundAsync, (wait, token) => _wake.WaitAsync(wait, token), cancellation);

    private async Task<TimeSpan?> RoundAsync(CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        heartbeat.Begin("reading flows", Limit);
        FlowReading reading = await ReadOnceAsync(cancellation);
        heartbeat.End();
        if (reading.Socket != _reading.Socket)
        {
            changes.Raise("ovs-vswitchd was started or stopped");
        }

        Volatile.Write(ref _reading, reading);
        Follower(reading.Facts);
        TimeSpan wait = options().Interval;
        return (reading.Failure is not null && wait > Retry ? Retry : wait) - time.GetElapsedTime(start);
    }

    /// <summary>
    /// What is known at this moment; a daemon that is gone or new since the last reading is a failure.
    /// </summary>
    /// <param name="devices">Devices whose flows are told apart.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<FlowFacts> NowAsync(IReadOnlySet<string> devices, CancellationToken cancellation)
    {
        string? socket = await source.ListeningAsync(cancellation);
        FlowReading reading = Volatile.Read(ref _reading);
        if (socket is not null && reading.Socket is not null && socket != reading.Socket)
        {
            _wake.Raise("ovs-vswitchd was restarted", urgent: true);
        }

        string? failure = socket is null ? FlowReading.NotListening
            : reading.Failure is not null ? reading.Failure
            : socket != reading.Socket ? "ovs-vswitchd was restarted; its flows have not been read yet"
            : null;
        return reading.Facts with { Failure = failure, Devices = devices };
    }

    private async Task<FlowReading> ReadOnceAsync(CancellationToken cancellation)
    {
        ImmutableArray<DatapathFacts> known = _reading.Datapaths;
        string? socket = null;
        try
        {
            socket = await source.ListeningAsync(cancellation);
            if (socket is null)
            {
                return new FlowReading(null, FlowReading.NotListening, WithoutCurrent(known));
            }

            if (!IsEnabled())
            {
                return new FlowReading(socket, FlowReading.Disabled, WithoutCurrent(known));
            }

            return new FlowReading(socket, null, await ReadAllAsync(known, cancellation));
        }
        catch (OpenVSwitchException failure)
        {
            return new FlowReading(socket, failure.Message, WithoutCurrent(known));
        }
    }

    private async Task<ImmutableArray<DatapathFacts>> ReadAllAsync(
        ImmutableArray<DatapathFacts> known, CancellationToken cancellation)
    {
        FlowDumpIntent bounds = options();
        IReadOnlyList<UpcallShow> upcalls = await source.UpcallShowAsync(cancellation);
        bool due = _dumpsPutOff == TimeSpan.Zero || time.GetElapsedTime(_dumpsEnded) >= _dumpsPutOff;
        long start = time.GetTimestamp();
        bool dumped = false;
        ImmutableArray<DatapathFacts>.Builder read = ImmutableArray.CreateBuilder<DatapathFacts>();
        foreach (string name in await source.DatapathsAsync(cancellation))
        {
            UpcallShow? upcall = upcalls.FirstOrDefault(one => one.Datapath == name);
            DatapathFacts datapath = known.FirstOrDefault(one => one.Name == name)
                ?? new DatapathFacts(name, null, null, null, null, ImmutableDictionary<DumpSkip, long>.Empty);
            datapath = datapath with
            {
                FlowLimit = upcall?.FlowLimit,
                HandedOver = upcall?.HandedOverFlows,
                RevalidatorDump = upcall is null ? null : TimeSpan.FromMilliseconds(upcall.DumpDurationMilliseconds),
                Lookups = await source.LookupsAsync(name, cancellation),
            };
            if (upcall?.Flows > bounds.MaxFlows)
            {
                datapath = Skip(datapath, DumpSkip.TooManyFlows) with { Tally = null };
            }
            else if (!due)
            {
                datapath = Skip(datapath, DumpSkip.Duty);
            }
            else
            {
                dumped = true;
                datapath = await DumpAsync(datapath, bounds.MaxFlows, cancellation);
            }

            read.Add(datapath);
        }

        if (dumped)
        {
            TimeSpan took = time.GetElapsedTime(start);
            (_dumpsEnded, _dumpsPutOff) = (time.GetTimestamp(), took * (1 / bounds.Duty - 1));
        }

        return read.ToImmutable();
    }

    private async Task<DatapathFacts> DumpAsync(DatapathFacts datapath, int maxFlows, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        FlowTally tally = await source.DumpAsync(datapath.Name, maxFlows, cancellation);

        // Counts that do not cover the whole dump are no counts of the datapath.
        return tally.Truncated
            ? Skip(datapath, DumpSkip.TooManyFlows) with { Tally = null }
            : datapath with { Tally = tally, LastDump = new DumpFact(time.GetUtcNow(), time.GetElapsedTime(start)) };
    }

    private static DatapathFacts Skip(DatapathFacts datapath, DumpSkip reason) => datapath with
    {
        Skipped = datapath.Skipped.SetItem(reason, datapath.Skipped.GetValueOrDefault(reason) + 1),
    };

    /// <summary>Keeps what is past, and nothing that would pass for present.</summary>
    private static ImmutableArray<DatapathFacts> WithoutCurrent(ImmutableArray<DatapathFacts> datapaths) =>
    [
        .. datapaths.Select(datapath => datapath with
        {
            FlowLimit = null,
            HandedOver = null,
            RevalidatorDump = null,
            Lookups = null,
            Tally = null,
        }),
    ];

    /// <summary>One reading.</summary>
    /// <param name="Socket">The control socket, which tells one run of the daemon from the next; null when it was
    /// down.</param>
    /// <param name="Failure">Why there are no numbers; null when there are.</param>
    /// <param name="Datapaths">What was read.</param>
    private sealed record FlowReading(string? Socket, string? Failure, ImmutableArray<DatapathFacts> Datapaths)
    {
        /// <summary>Before the first.</summary>
        public static readonly FlowReading Initial = new(null, "the flows have not been read yet", []);

        public const string Disabled = "the collector flows is disabled";

        /// <summary>The same without devices that are told apart.</summary>
        public FlowFacts Facts => new(Failure, Datapaths, ImmutableHashSet<string>.Empty)
        {
            IsPending = ReferenceEquals(this, Initial),
        };

        public const string NotListening = "ovs-vswitchd does not accept connections on its control socket";
    }
}
