using System.Text.Json;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Status;

#pragma warning disable RS0030 // The one file that writes to the terminal line by line.

namespace OvsOffload.Cli;

/// <summary>
/// The terminal. Results go to standard output, everything else to standard error. A terminal that is gone (a lost SSH
/// connection) never stops the work: what cannot be written is dropped.
/// </summary>
internal static class Output
{
    /// <summary>
    /// Whether results may be coloured: on a terminal, and where nobody asked for none (NO_COLOR, with any value).
    /// </summary>
    public static bool Colour => IsTerminal
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    /// <summary>Whether results go to a terminal.</summary>
    public static bool IsTerminal => !Console.IsOutputRedirected;

    /// <summary>Whether somebody at a terminal can answer.</summary>
    public static bool CanAsk => !Console.IsInputRedirected;

    /// <summary>Standard output, for a document.</summary>
    public static Stream Open() => Console.OpenStandardOutput();

    /// <summary>Asks a question; null where the input has ended.</summary>
    public static string? Ask(string question)
    {
        Console.Error.Write(question);
        return Console.ReadLine();
    }

    /// <summary>Writes a part of the result that is no line.</summary>
    public static void Write(string text) => Console.Out.Write(text);

    /// <summary>Writes a line of the result.</summary>
    public static void Result(string line) => Write(Console.Out, line);

    /// <summary>Writes a line about the work.</summary>
    public static void Note(string line) => Write(Console.Error, line);

    /// <summary>Writes an error, with the program's name as tools do.</summary>
    public static void Error(string line) => Write(Console.Error, $"ovs-offload: {line}");

    /// <summary>Says that the host's PFs could not be listed, where that is so.</summary>
    public static void Unread(HostState state)
    {
        foreach (string unread in InventoryDocument.Unread(state))
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

    private static void Write(TextWriter writer, string line)
    {
        try
        {
            writer.WriteLine(line);
        }
        catch (IOException)
        {
        }
    }
}
