using System.Collections.Immutable;
using System.CommandLine;
using OvsOffload.Os;
using OvsOffload.Top;

namespace OvsOffload.Cli.Commands;

/// <summary><c>top</c>: representors with their rates in hardware and software, live.</summary>
internal static class TopCommand
{
    private const double MinSeconds = 0.1;

    private const double MaxSeconds = 3600;

    /// <summary>Makes the command.</summary>
    public static Command Create(GlobalOptions globals)
    {
        Option<double> interval = NumberOption.Seconds(
            "--interval", "seconds between samples, 0.1 to 3600 (default 2)", MinSeconds, MaxSeconds, unless: 2);
        Option<int?> count =
            NumberOption.AtLeastOne("--count", "print N samples and exit, instead of the live table");
        var once = new Option<bool>("--once") { Description = "same as --count 1" };
        var command = new Command(
            "top", "live rates of representors in hardware and software; prints one sample if the output is not a "
                + "terminal")
        {
            interval, count, once,
        };
        command.SetAction((parsed, cancellation) =>
        {
            bool json = parsed.GetValue(globals.Json);
            int samples = parsed.GetValue(count) is { } asked ? asked
                : json || parsed.GetValue(once) || !Output.IsTerminal || !Output.IsInteractive ? 1
                : 0;
            return RunAsync(
                parsed, globals, TimeSpan.FromSeconds(parsed.GetValue(interval)), samples, json, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, GlobalOptions globals, TimeSpan interval, int samples, bool json,
        CancellationToken cancellation)
    {
        if (Session.Open(parsed, globals) is not { } session)
        {
            return ExitStatus.Usage;
        }

        using var source = new TopSource(session.Reader, TimeProvider.System);
        if (samples == 0)
        {
            await new TopLoop(new TopTerminal(), source.ReadAsync, interval, TimeProvider.System)
                .RunAsync(cancellation);
            return ExitStatus.Ok;
        }

        try
        {
            await PrintAsync(source, interval, samples, json, cancellation);
            return ExitStatus.Ok;
        }
        catch (TopException failure)
        {
            Output.Error($"cannot read counters: {failure.Message}");
            return ExitStatus.Failed;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitStatus.Ok;
        }
    }

    private static async Task PrintAsync(
        TopSource source, TimeSpan interval, int samples, bool json, CancellationToken cancellation)
    {
        TopSample? before = null;
        int printed = -1;
        await EventLoop.RunAsync(
            async token =>
            {
                TopSample now = await source.ReadAsync(token);
                if (before is not null)
                {
                    Print(now, TopRates.Between(before, now), json, isFirst: printed == 0);
                }

                before = now;
                return ++printed < samples ? interval : null;
            },
            TimeProvider.System,
            cancellation);
    }

    private static void Print(TopSample now, ImmutableArray<TopRow> rows, bool json, bool isFirst)
    {
        if (json)
        {
            using Stream stream = Output.Open();
            Document.WriteLine(stream, now.Host, now.ReadAt, writer => TopDocument.Write(writer, rows));
            return;
        }

        if (!isFirst)
        {
            Output.Result("");
        }

        foreach (string line in TopLayout.Table(rows, new TopState()))
        {
            Output.Result(line);
        }
    }
}
