using System.CommandLine;
using OvsOffload.Bundles;
using OvsOffload.Flows;
using OvsOffload.Os;

namespace OvsOffload.Cli.Commands;

/// <summary><c>flows summary|list|why</c>: what is offloaded, and why the rest is not.</summary>
internal static class FlowsCommand
{
    /// <summary>Flows that <c>why</c> shows when it is not told how many.</summary>
    private const int DefaultTextLimit = 20;

    private const int DefaultJsonLimit = 1000;

    /// <summary>The least time between two readings of <c>--watch</c>.</summary>
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(2);

    /// <summary>Makes the command.</summary>
    public static Command Create(GlobalOptions globals)
    {
        var options = new FlowsOptions();
        var summary = new Command("summary", "count the flows by state, port and reason")
        {
            options.File, options.From, options.DumpedAs, options.Watch, options.Port, options.MaxFlows,
            options.StatesOnly,
        };
        summary.SetAction((parsed, cancellation) => RunAsync(parsed, globals, options, SummaryAsync, cancellation));
        var list = new Command("list", "list the flows")
        {
            options.File, options.From, options.DumpedAs, options.Watch, options.Port, options.State, options.Reason,
            options.Top, options.MaxFlows,
        };
        list.SetAction((parsed, cancellation) => RunAsync(parsed, globals, options, ListAsync, cancellation));
        var why = new Command("why", "show why flows are not offloaded; exits 3 if some should be")
        {
            options.File, options.From, options.DumpedAs, options.Watch, options.Port, options.State, options.Reason,
            options.Top, options.MaxFlows, options.Assume,
        };
        why.SetAction((parsed, cancellation) => RunAsync(parsed, globals, options, WhyAsync, cancellation));
        return new Command("flows", "show which flows are offloaded, and why the others are not")
        {
            summary, list, why,
        };
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        GlobalOptions globals,
        FlowsOptions options,
        Func<FlowsView, CancellationToken, Task<int>> show,
        CancellationToken cancellation)
    {
        if (FlowsSource.Open(parsed, globals, options) is not { } source)
        {
            return ExitStatus.Usage;
        }

        bool watch = parsed.GetValue(options.Watch);
        if (watch && !source.IsLive)
        {
            Output.Error("--watch cannot be used with --file or --from");
            return ExitStatus.Usage;
        }

        var view = new FlowsView(parsed, globals, options, source);
        try
        {
            int status = ExitStatus.Ok;
            await EventLoop.RunAsync(
                async token =>
                {
                    long start = TimeProvider.System.GetTimestamp();
                    status = await show(view, token);
                    view.BeginRefresh();

                    // The switch does nothing else while it dumps, so watching may not cost more than the service may.
                    TimeSpan took = TimeProvider.System.GetElapsedTime(start);
                    TimeSpan wait = took / (source.Session?.Intent.Metrics.FlowDump.Duty ?? 1) - took;
                    return !watch ? null : wait > WatchInterval ? wait : WatchInterval;
                },
                TimeProvider.System,
                cancellation);
            return status;
        }
        catch (BundleException failure)
        {
            Output.Error(failure.Message);
            return ExitStatus.Failed;
        }
        catch (FlowsException failure)
        {
            Output.Error(failure.Message);
            return failure.Status;
        }
        catch (OperationCanceledException) when (watch)
        {
            return ExitStatus.Ok;
        }
    }

    private static async Task<int> SummaryAsync(FlowsView view, CancellationToken cancellation)
    {
        view.Source.CountOnly = true;
        bool reasons = !view.Parsed.GetValue(view.Options.StatesOnly);
        if (reasons)
        {
            await view.Source.ReadFactsAsync(filters: false, cancellation);
        }

        var tallies = new FlowTallies(view.Source, view.Options.StateOfPlain(view.Parsed), reasons)
        {
            Query = view.Options.Query(view.Parsed, null, notOffloaded: false),
            StatesOnly = !reasons,
        };
        await view.Source.ReadAsync(tallies.Begin, cancellation);
        int status = view.StatusOfInput(LineCounts.Of(tallies.Built.Select(one => one.Tally)));
        if (view.IsJson)
        {
            view.Json(
                writer =>
                {
                    FlowsDocument.WriteSummary(writer, tallies.Built);
                    FlowsView.WriteFailure(writer, status);
                });
        }
        else if (status == ExitStatus.Ok)
        {
            view.Lines(FlowsText.Summary(tallies.Built, view.Rates(tallies.Built)));
        }

        return status;
    }

    private static async Task<int> ListAsync(FlowsView view, CancellationToken cancellation)
    {
        await view.Source.ReadFactsAsync(filters: true, cancellation);
        FlowQuery query = view.Options.Query(view.Parsed, null, notOffloaded: false);
        if (!view.IsJson)
        {
            view.Lines([FlowsText.Heading]);
            (IReadOnlyList<FlowRecord> most, LineCounts lines) = await ListedAsync(
                view, query, flow => view.Lines([FlowsText.Row(flow)]), cancellation);
            view.Lines(most.Select(FlowsText.Row));
            return view.StatusOfInput(lines);
        }

        // Flows that come one by one are written one by one, so that memory does not grow with them.
        using var document = new FlowsJson(view);
        try
        {
            (IReadOnlyList<FlowRecord> most, LineCounts lines) =
                await ListedAsync(view, query, document.Write, cancellation);
            foreach (FlowRecord flow in most)
            {
                document.Write(flow);
            }

            return document.End(view.StatusOfInput(lines));
        }
        catch (FlowsException failure)
        {
            Output.Error(failure.Message);
            return document.End(failure.Status);
        }
    }

    /// <summary>
    /// The flows of a list, and what the lines were. Each line is judged by itself, as it comes, unless a reason is
    /// asked for that only the whole dump shows.
    /// </summary>
    private static async Task<(IReadOnlyList<FlowRecord> Most, LineCounts Lines)> ListedAsync(
        FlowsView view, FlowQuery query, Action<FlowRecord> found, CancellationToken cancellation)
    {
        if (!query.Reasons.Any(FlowReasons.NeedsWholeDump))
        {
            FlowPicker each = await PickAsync(view, query, found, cancellation);
            return (each.Largest, each.Lines);
        }

        var tallies = new FlowTallies(view.Source, view.Options.StateOfPlain(view.Parsed), true) { Query = query };
        FlowPicker picked = await PickAsync(view, query.ForPicking, _ => { }, cancellation, tallies);
        return (query.Settled(picked.Largest, tallies.Built), picked.Lines);
    }

    private static async Task<int> WhyAsync(FlowsView view, CancellationToken cancellation)
    {
        await view.Source.ReadFactsAsync(filters: true, cancellation);
        FlowQuery query = view.Options.Query(
            view.Parsed, view.IsJson ? DefaultJsonLimit : DefaultTextLimit, notOffloaded: true);
        var tallies = new FlowTallies(view.Source, view.Options.StateOfPlain(view.Parsed), true) { Query = query };
        var whatIf = WhatIfRun.Of(view);
        FlowPicker picker = await PickAsync(
            view, query.ForPicking, _ => { }, cancellation, tallies, whatIf);
        IReadOnlyList<(string Datapath, FlowTally Tally)> built = tallies.Built;
        IReadOnlyList<FlowRecord> most = query.Settled(picker.Largest, built);
        int status = view.StatusOfInput(LineCounts.Of(built.Select(one => one.Tally)));
        if (view.IsJson)
        {
            view.Json(writer =>
            {
                FlowsDocument.WriteReasons(writer, built, view.Source.Facts.Log);
                whatIf?.Write(writer);
                writer.WriteStartArray("flows");
                foreach (FlowRecord flow in most)
                {
                    FlowsDocument.WriteFlow(writer, flow);
                }

                writer.WriteEndArray();
                FlowsView.WriteFailure(writer, status);
            });
        }
        else if (status == ExitStatus.Ok)
        {
            view.Lines([
                .. whatIf?.Lines() ?? [], .. FlowsText.Explain(built, most, view.Source.Facts.Log),
            ]);
        }

        return FlowsDocument.Sum(built).Any(count => FlowReasons.Of(count.Reason).IsFault)
            ? ExitStatus.Pending
            : status != ExitStatus.Ok || FlowsText.IsKnown(built) ? status
            : ExitStatus.Partial;
    }

    private static async Task<FlowPicker> PickAsync(
        FlowsView view,
        FlowQuery query,
        Action<FlowRecord> found,
        CancellationToken cancellation,
        FlowTallies? beside = null,
        WhatIfRun? whatIf = null)
    {
        var picker = new FlowPicker(query, view.Source.Facts, view.Source.MaxFlows, found)
        {
            DumpedAs = view.Options.StateOfPlain(view.Parsed),
        };
        await view.Source.ReadAsync(
            (datapath, expected) =>
            {
                picker.Begin(datapath);
                picker.Companion = beside?.Begin(datapath, expected);
                picker.WhatIf = whatIf?.Begin();
                return picker;
            },
            cancellation);
        return picker;
    }
}
