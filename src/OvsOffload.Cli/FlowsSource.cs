using System.CommandLine;
using OvsOffload.Bundles;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;

#pragma warning disable RS0030 // A dump may be a file of any size, or standard input.

namespace OvsOffload.Cli;

/// <summary>Where the flows of a command come from: the running switch, or a dump.</summary>
internal sealed class FlowsSource
{
    /// <summary>The most distinct flows of a dump that are told apart; they take 20 MB.</summary>
    private const int MaxOfFile = 1_500_000;

    /// <summary>About so long are lines of a dump with <c>-m</c>.</summary>
    private const int BytesPerLine = 450;

    private readonly string? _file;
    private readonly RecordedHost? _recorded;
    private readonly UnixctlClient _daemon;
    private readonly bool _offloadedOnly;
    private readonly int _maxFlows;

    private FlowsSource(string? file, bool offloadedOnly, int maxFlows, RecordedHost? recorded = null)
    {
        (_file, _offloadedOnly, _maxFlows, _recorded) = (file, offloadedOnly, maxFlows, recorded);
        _daemon = recorded?.Daemon ?? new UnixctlClient(Session.Daemon, TimeProvider.System);
    }

    /// <summary>Whether it is the running switch.</summary>
    public bool IsLive => _file is null && _recorded is null;

    /// <summary>What is read, for people.</summary>
    public string Name => _file switch
    {
        null => "Open vSwitch",
        "-" => "standard input",
        _ => _file,
    };

    /// <summary>The most distinct flows that are told apart.</summary>
    public int MaxFlows => IsLive ? _maxFlows : MaxOfFile;

    /// <summary>The host; null where the flows are not its own, or where nobody asks.</summary>
    public HostState? State { get; private set; }

    /// <summary>What reasons are decided by.</summary>
    public FlowReasonFacts Facts { get; private set; } = FlowReasonFacts.None;

    /// <summary>Opens what the options say; null when the configuration is wrong, which has then been said.</summary>
    public static FlowsSource? Open(ParseResult parsed, GlobalOptions globals, FlowsOptions options)
    {
        string? file = parsed.GetValue(options.File);
        bool offloadedOnly = parsed.GetValue(options.DumpedAs) is not null;
        if (parsed.GetValue(options.From) is { } bundle)
        {
            return BundleSource.OpenFlows(bundle) is { } recorded
                ? new FlowsSource(null, offloadedOnly: false, MaxOfFile, recorded)
                : null;
        }

        if (file is not null)
        {
            return new FlowsSource(file, offloadedOnly, MaxOfFile);
        }

        return Session.Open(parsed, globals) is { } session
            ? new FlowsSource(
                null, offloadedOnly, parsed.GetValue(options.MaxFlows) ?? session.Intent.Metrics.FlowDump.MaxFlows)
            {
                Session = session,
            }
            : null;
    }

    /// <summary>Whether flows are only counted, so that a dump need not show more than that.</summary>
    public bool CountOnly { get; set; }

    private FlowDumpDetail Detail => !_offloadedOnly ? FlowDumpDetail.All
        : CountOnly ? FlowDumpDetail.CountOffloaded
        : FlowDumpDetail.Offloaded;

    /// <summary>The session of the running switch.</summary>
    public Session? Session { get; private init; }

    /// <summary>Reads what reasons are decided by; nothing for a dump, which may be of another host.</summary>
    /// <param name="filters">Whether tc's filters are looked up, too.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task ReadFactsAsync(bool filters, CancellationToken cancellation)
    {
        if (_recorded is not null)
        {
            State = await _recorded.ReadStateAsync(cancellation);
            Facts = HostFlowFacts.Of(State);
            return;
        }

        if (Session is null)
        {
            return;
        }

        State = await Session.Reader.ReadAsync(cancellation);
        Facts = HostFlowFacts.Of(State);
        if (!filters)
        {
            return;
        }

        Reading<IReadOnlyDictionary<UInt128, FlowFilterFact>> read =
            await FlowFilterSource.ReadAsync(LiveNetlink.Instance, State, cancellation);
        if (read.TryGet(out IReadOnlyDictionary<UInt128, FlowFilterFact>? known))
        {
            Facts = Facts.With(known);
        }
        else
        {
            Output.Note($"cannot read tc filters, so their flags are not shown: {read.Why}");
        }
    }

    /// <summary>Reads all flows once.</summary>
    /// <param name="begin">Makes the consumer of a datapath's lines; its arguments are the datapath's name, empty for a
    /// dump, and how many flows to expect, 0 where nobody knows.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="FlowsException">They could not be read.</exception>
    public async Task ReadAsync(Func<string, long, IFlowConsumer> begin, CancellationToken cancellation)
    {
        try
        {
            if (_file is null)
            {
                await ReadSwitchAsync(begin, cancellation);
            }
            else
            {
                using Stream stream = _file == "-"
                    ? Console.OpenStandardInput()
                    : new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
                long lines = stream.CanSeek ? stream.Length / BytesPerLine : 0;
                FlowDump.Read(stream, begin("", lines), cancellation);
            }
        }
        catch (OpenVSwitchException failure)
        {
            throw new FlowsException(failure.Message, failure) { Status = ExitStatus.Partial };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FlowsException(failure.Message, failure);
        }
    }

    private async Task ReadSwitchAsync(Func<string, long, IFlowConsumer> begin, CancellationToken cancellation)
    {
        IReadOnlyList<UpcallShow> upcalls = await _daemon.UpcallShowAsync(cancellation);
        foreach (string datapath in await _daemon.DatapathsAsync(cancellation))
        {
            long flows = upcalls.FirstOrDefault(one => one.Datapath == datapath)?.Flows ?? 0;
            if (flows > _maxFlows)
            {
                throw new FlowsException($"{datapath} has {flows} flows, more than {_maxFlows} "
                    + "(metrics.flow-dump.max-flows); a dump would block ovs-vswitchd. Use --max-flows to raise the "
                    + "limit")
                {
                    Status = ExitStatus.Refused,
                };
            }

            await FlowDump.StreamAsync(_daemon, datapath, Detail, begin(datapath, flows).Add, cancellation);
        }
    }
}

/// <summary>Flows could not be read.</summary>
internal sealed class FlowsException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The exit status that it means.</summary>
    public int Status { get; init; } = ExitStatus.Failed;
}
