using System.Text.Json;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Status;

#pragma warning disable RS0030 // The one file that writes to the terminal line by line.

namespace OvsOffload.Cli;

/// <summary>
/// The terminal. Results go to standard output, everything else to standard error, all without what would steer a
/// terminal, whoever's words they are. A terminal that is gone (a lost SSH connection) never stops the work: what
/// cannot be written is dropped.
/// </summary>
internal static class Output
{
    /// <summary>Errors that were said.</summary>
    private static readonly List<string> Errors = [];

    /// <summary>
    /// Whether results may be coloured: on a terminal, and where nobody asked for none (NO_COLOR, with any value).
    /// </summary>
    public static bool Colour => IsTerminal
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    /// <summary>Whether results go to a terminal.</summary>
    public static bool IsTerminal => !Console.IsOutputRedirected;

    /// <summary>Whether somebody at a terminal can answer.</summary>
    public static bool IsInteractive => !Console.IsInputRedirected;

    /// <summary>Whether a document was begun on standard output.</summary>
    public static bool HasDocument { get; private set; }

    /// <summary>Why results could not be written, such as a full disk; null while they could. A reader that went away
    /// (a closed pipe), or a terminal, has what it wanted.</summary>
    public static string? Unwritten { get; private set; }

    /// <summary>Standard output, for a document.</summary>
    public static Stream Open()
    {
        HasDocument = true;
        return new ResultStream(Console.OpenStandardOutput(), why => Unwritten ??= why);
    }

    /// <summary>Asks a question; null where the input has ended, or the program is told to.</summary>
    public static async Task<string?> AskAsync(string question, CancellationToken cancellation)
    {
        Console.Error.Write(TerminalText.Clean(question));

        // Nothing ends a read of a terminal; the thread that waits in it ends with the program.
        Task<string?> answer = Task.Run(Console.ReadLine, CancellationToken.None);
        var told = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        if (await Task.WhenAny(answer, told) == answer)
        {
            return await answer;
        }

        Note("");
        return null;
    }

    /// <summary>Clears the terminal for what follows: cursor home, erase below (ECMA-48).</summary>
    public static void ClearScreen() => WriteResult("\e[H\e[J");

    /// <summary>Writes a line of the result.</summary>
    public static void Result(string line) => WriteResult(TerminalText.Clean(line) + "\n");

    /// <summary>The same with its first word in a colour, where results may be coloured.</summary>
    /// <param name="line">The line.</param>
    /// <param name="colour">A parameter of SGR (ECMA-48); null for none.</param>
    public static void Result(string line, string? colour)
    {
        string clean = TerminalText.Clean(line);
        int start = clean.Length - clean.TrimStart().Length;
        int end = clean.IndexOf(' ', start);
        WriteResult((colour is null || !Colour || end < 0
            ? clean
            : $"{clean[..start]}\e[{colour}m{clean[start..end]}\e[0m{clean[end..]}") + "\n");
    }

    /// <summary>Writes a line about the work.</summary>
    public static void Note(string line) => Write(Console.Error, line);

    /// <summary>Writes an error, with the program's name as tools do.</summary>
    public static void Error(string line)
    {
        Errors.Add(line);
        Write(Console.Error, $"ovs-offload: {line}");
    }

    /// <summary>Writes what was said as errors as one JSON document, for programs that read no other stream.</summary>
    public static void JsonError(int status) => Json(writer => WriteError(writer, status));

    /// <summary>Writes the member of a document that says what failed:
    /// <c>"error":{"message","status"}</c>.</summary>
    public static void WriteError(Utf8JsonWriter writer, int status)
    {
        writer.WriteStartObject("error");
        writer.WriteString("message", Errors.Count == 0 ? "see standard error" : string.Join("; ", Errors));
        writer.WriteNumber("status", status);
        writer.WriteEndObject();
    }

    /// <summary>Says that the host's PFs could not be listed, where that is so.</summary>
    public static void WarnIfUnreadable(HostState state)
    {
        foreach (string unread in InventoryDocument.Unreadable(state))
        {
            Error($"cannot read {unread}");
        }
    }

    /// <summary>Writes one JSON document.</summary>
    public static void Json(HostState state, Action<Utf8JsonWriter> members)
    {
        using Stream stream = Open();
        Document.Write(stream, state.HostName, state.ReadAt, members);
    }

    /// <summary>Writes one JSON document that says nothing of the host's state.</summary>
    public static void Json(Action<Utf8JsonWriter> members)
    {
        using Stream stream = Open();
        Document.Write(stream, Environment.MachineName, TimeProvider.System.GetUtcNow(), members);
    }

    private static void WriteResult(string text)
    {
        try
        {
            Console.Out.Write(text);
        }
        catch (IOException failure) when (!IsTerminal)
        {
            Unwritten ??= failure.Message;
        }
        catch (IOException)
        {
        }
    }

    private static void Write(TextWriter writer, string line)
    {
        try
        {
            writer.WriteLine(TerminalText.Clean(line));
        }
        catch (IOException)
        {
        }
    }
}
