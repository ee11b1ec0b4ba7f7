using System.Collections.Immutable;
using System.CommandLine;
using OvsOffload.Host;
using OvsOffload.Verifying;

namespace OvsOffload.Cli.Commands;

/// <summary><c>verify</c>: the diagnostics; the list of checks; one check at length.</summary>
internal static class VerifyCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(GlobalOptions globals)
    {
        var only = new Option<string[]>("--only")
        {
            Description = "run only these checks, by id or slug, comma-separated",
            HelpName = "ID,..",
            AllowMultipleArgumentsPerToken = true,
        };
        var severity = new Option<string>("--severity")
        {
            Description = "show, and count for the exit status, only findings of this severity or worse",
            HelpName = "error|warning|info",
        };
        severity.AcceptOnlyFromAmong("error", "warning", "info");
        var list = new Option<bool>("--list") { Description = "list the checks" };
        var explain = new Option<string>("--explain") { Description = "explain one check", HelpName = "ID" };
        var from = new Option<string>("--from")
        {
            Description = "check the host of a support bundle instead of this host",
            HelpName = "BUNDLE",
        };
        FileOption.RefuseEmpty(from);
        var command = new Command("verify", "find out why offload does not work, with evidence and fixes")
        {
            only, severity, from, list, explain,
        };
        command.SetAction((parsed, cancellation) =>
        {
            bool json = parsed.GetValue(globals.Json);
            if (parsed.GetValue(explain) is { } word)
            {
                return Task.FromResult(Explain(word, json));
            }

            if (parsed.GetValue(list))
            {
                return Task.FromResult(List(json));
            }

            return Selected(parsed.GetValue(only)) is { } checks
                ? RunAsync(
                    parsed, globals, parsed.GetValue(from), checks, Severity(parsed.GetValue(severity)), cancellation)
                : Task.FromResult(ExitStatus.Usage);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, GlobalOptions globals, string? bundle, ImmutableArray<Check> checks, CheckSeverity severity,
        CancellationToken cancellation)
    {
        if (await (bundle is null
            ? ReadAsync(parsed, globals, checks, cancellation)
            : BundleSource.ReadAsync(bundle, parsed, globals, cancellation)) is not { } input)
        {
            return ExitStatus.Usage;
        }

        VerifyReport report = VerifyReport.Of(input, checks).AtLeast(severity);
        if (parsed.GetValue(globals.Json))
        {
            Output.Json(input.State, writer => VerifyDocument.Write(writer, report));
        }
        else
        {
            foreach (ReportLine line in VerifyText.Lines(report))
            {
                Output.Result(line.Text, line.Colour);
            }
        }

        return ExitStatus.Of(report);
    }

    private static async Task<Observation?> ReadAsync(
        ParseResult parsed, GlobalOptions globals, ImmutableArray<Check> checks, CancellationToken cancellation)
    {
        return Session.Open(parsed, globals) is { } session
            ? await session.Observations.ReadAsync(session.Intent, Checks.Needs(checks), cancellation)
            : null;
    }

    /// <summary>
    /// The checks that were asked for, in the order of the list; null when one is unknown, which has then been said.
    /// </summary>
    private static ImmutableArray<Check>? Selected(string[]? words)
    {
        string[] asked = [.. (words ?? []).SelectMany(word =>
            word.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        if (asked.Length == 0 && words is { Length: > 0 })
        {
            Output.Error("--only names no check. See ovs-offload verify --list");
            return null;
        }

        if (asked.Length == 0)
        {
            return Checks.All;
        }

        string[] unknown = [.. asked.Where(word => Checks.Find(word) is null)];
        foreach (string word in unknown)
        {
            WriteUnknown(word);
        }

        return unknown.Length > 0
            ? null
            : [.. Checks.All.Where(check => asked.Any(word => Checks.Find(word) == check))];
    }

    private static int Explain(string word, bool json)
    {
        if (Checks.Find(word)?.Info is not { } info)
        {
            WriteUnknown(word);
            return ExitStatus.Usage;
        }

        if (json)
        {
            Output.Json(writer => VerifyDocument.WriteExplanation(writer, info));
            return ExitStatus.Ok;
        }

        Output.Result($"{info.Id} {info.Slug} ({VerifyDocument.Name(info.Severity)}): {info.Title}");
        Output.Result("");
        Output.Result(info.Explanation);
        return ExitStatus.Ok;
    }

    private static int List(bool json)
    {
        if (json)
        {
            Output.Json(writer => VerifyDocument.WriteList(writer, Checks.All));
            return ExitStatus.Ok;
        }

        var table = new TextTable("ID", "SEVERITY", "SLUG", "TITLE");
        foreach (CheckInfo info in Checks.All.Select(check => check.Info))
        {
            table.Add(info.Id, VerifyDocument.Name(info.Severity), info.Slug, info.Title);
        }

        foreach (string line in table.Lines())
        {
            Output.Result(line);
        }

        return ExitStatus.Ok;
    }

    private static void WriteUnknown(string word)
    {
        string nearest = Checks.Nearest(word) is { } check
            ? $" Did you mean {check.Info.Id} ({check.Info.Slug})?"
            : " See ovs-offload verify --list.";
        Output.Error($"unknown check {word}.{nearest}");
    }

    private static CheckSeverity Severity(string? word) => word switch
    {
        "error" => CheckSeverity.Error,
        "warning" => CheckSeverity.Warning,
        _ => CheckSeverity.Info,
    };
}
