using System.CommandLine;
using System.CommandLine.Help;
using OvsOffload.Cli.Commands;

namespace OvsOffload.Cli;

/// <summary>
/// The program from its arguments to its exit status. Whatever the arguments are and whatever happens, it ends with one
/// line of an error and a status that says what kind it is, never with a stack trace.
/// </summary>
internal static class CommandLine
{
    /// <summary>An argument such as <c>@x</c> is a word, not the name of a file with more of them.</summary>
    private static readonly ParserConfiguration Words = new() { ResponseFileTokenReplacer = null };

    /// <summary>Columns that the help takes at least: in 5 of them the library never ends.</summary>
    private const int NarrowestHelp = 40;

    /// <summary>Every command with its options.</summary>
    public static RootCommand Create()
    {
        var globals = new GlobalOptions();
        var root = new RootCommand("configure and verify hardware offload of Open vSwitch")
        {
            globals.Config,
            globals.Json,
            PlanCommand.Create(globals),
            ApplyCommand.Create(globals),
            RevertCommand.Create(globals),
            StatusCommand.Create(globals),
            TopCommand.Create(globals),
            InventoryCommand.Create(globals),
            VerifyCommand.Create(globals),
            FlowsCommand.Create(globals),
            BondCommand.Create(globals),
            MetricsCommand.Create(globals),
            ImportCommand.Create(globals),
            RunCommand.Create(globals),
            SupportBundleCommand.Create(globals),
            MaintenanceCommand.Create(),
        };
        foreach (HelpAction help in root.Options.Select(option => option.Action).OfType<HelpAction>())
        {
            help.MaxWidth = Math.Max(help.MaxWidth, NarrowestHelp);
        }

        return root;
    }

    /// <summary>What the arguments mean; without any, the help.</summary>
    public static ParseResult Parse(string[] arguments) =>
        Create().Parse(arguments.Length == 0 ? ["--help"] : arguments, Words);

    /// <summary>Runs the program.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        // Asked of the words themselves, as it also counts where they cannot be parsed.
        bool json = arguments.Contains("--json");
        int status = await InvokeAsync(arguments);
        if (Output.Unwritten is { } why)
        {
            Output.Error($"cannot write the results: {why}");
            return ExitStatus.Failed;
        }

        if (json && status != ExitStatus.Ok && !Output.HasDocument)
        {
            Output.JsonError(status);
        }

        return status;
    }

    private static async Task<int> InvokeAsync(string[] arguments)
    {
        try
        {
            ParseResult parsed = Parse(arguments);
            if (parsed.Errors.Count > 0)
            {
                Output.Error(UsageError.Of(parsed));
                return ExitStatus.Usage;
            }

            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,

                // An apply that is told to stop takes back what it did; that may last as long as a driver needs.
                ProcessTerminationTimeout = TimeSpan.FromMinutes(15),
            });
        }
        catch (OperationCanceledException)
        {
            return ExitStatus.Failed;
        }
        catch (Exception failure)
        {
            Output.Error(Last(failure));
            return ExitStatus.Failed;
        }
    }

    /// <summary>What is said of a failure that nobody foresaw: what it is, where, and how it is reported.</summary>
    private static string Last(Exception failure)
    {
        string place = failure.StackTrace?.Split('\n') is [{ } first, ..] ? $" ({first.Trim()})" : "";
        string message = failure.Message.ReplaceLineEndings(" ");
        return $"internal error: {failure.GetType().Name}: {message}{place}. Please report this line, the command "
            + "and the file that ovs-offload support-bundle creates";
    }
}
