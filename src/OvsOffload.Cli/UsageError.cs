using System.CommandLine;
using System.CommandLine.Parsing;
using OvsOffload.Intent.Configuration;

namespace OvsOffload.Cli;

/// <summary>What is wrong with the arguments, in one line that ends with the help to read.</summary>
internal static class UsageError
{
    /// <summary>Letters of somebody's words that are shown.</summary>
    private const int Bound = 200;

    /// <summary>The line.</summary>
    public static string Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string what = What(parsed, command);
        return $"{what}{(what.EndsWith('?') ? "" : ".")} See '{PathOf(parsed.CommandResult)} --help'";
    }

    private static string What(ParseResult parsed, Command command)
    {
        if (parsed.UnmatchedTokens is [var word, ..])
        {
            bool option = word.StartsWith('-');
            IEnumerable<string> known = option
                ? Options(parsed.CommandResult).Select(one => one.Name)
                : command.Subcommands.Select(one => one.Name);
            string kind = option ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            return $"unknown {kind} {Shown(word)}"
                + (Suggestion.Find(word, known) is { } nearest ? $"; did you mean {nearest}?" : "");
        }

        return command.Subcommands.Count > 0 && command.Action is null
            ? $"{PathOf(parsed.CommandResult)} needs a command: "
                + string.Join(", ", command.Subcommands.Select(one => one.Name))
            : Shown(parsed.Errors[0].Message).TrimEnd('.');
    }

    /// <summary>The options that may stand here, those of the commands above included.</summary>
    private static IEnumerable<Option> Options(CommandResult result)
    {
        for (SymbolResult? at = result; at is not null; at = at.Parent)
        {
            if (at is CommandResult one)
            {
                foreach (Option option in one.Command.Options.Where(option => one == result || option.Recursive))
                {
                    yield return option;
                }
            }
        }
    }

    /// <summary>The command with those above it: <c>ovs-offload flows why</c>.</summary>
    private static string PathOf(CommandResult result)
    {
        var names = new Stack<string>();
        for (SymbolResult? at = result; at?.Parent is not null; at = at.Parent)
        {
            if (at is CommandResult one)
            {
                names.Push(one.Command.Name);
            }
        }

        return string.Join(' ', names.Prepend("ovs-offload"));
    }

    private static string Shown(string text)
    {
        string line = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        return line.Length > Bound ? $"{line[..Bound]}.." : line;
    }
}
