namespace OvsOffload.Os;

/// <summary>A program to run: argument vector, never a shell line.</summary>
/// <param name="Arguments">The program first, then its arguments.</param>
internal sealed record ProcessRequest(IReadOnlyList<string> Arguments)
{
    /// <summary>How long the program may take. Default one minute.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Of a program that changes something: it is not to be cut in the midst of it.</summary>
    public static readonly TimeSpan GraceOfChange = TimeSpan.FromSeconds(5);

    /// <summary>How long it may take to end after SIGTERM before SIGKILL. Default one second: what only reads is not
    /// waited for when this program is told to end.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes kept of each of its two outputs; what comes after is read and dropped. Default 1 MiB.</summary>
    public int OutputBound { get; init; } = 1 << 20;

    /// <summary>What the program reads on its standard input. Default nothing.</summary>
    public string Input { get; init; } = "";

    /// <summary>Variables of its environment besides those of this program.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The command as a human would type it.</summary>
    public override string ToString() =>
        string.Join(' ', Arguments.Select(word =>
            word.Length == 0 || word.Any(char.IsWhiteSpace) ? $"'{word}'" : word));
}

/// <summary>A program that ended with exit code 0.</summary>
/// <param name="Output">Its standard output, at most <see cref="ProcessRequest.OutputBound"/> bytes.</param>
/// <param name="Error">Its standard error, likewise.</param>
/// <param name="IsCut">Whether one of the two was longer.</param>
internal sealed record ProcessResult(string Output, string Error, bool IsCut);

/// <summary>A program that could not be started, took too long, or ended with another exit code than 0.</summary>
internal sealed class ProcessException : Exception
{
    /// <summary>Characters of standard error that the message shows; the end says what went wrong.</summary>
    private const int TailLength = 2000;

    public ProcessException(ProcessRequest request, string reason, int? exitCode, string error, Exception? inner = null)
        : base(Text(request, reason, Tail(error)), inner)
    {
        Request = request;
        ExitCode = exitCode;
        ErrorTail = Tail(error);
    }

    public ProcessRequest Request { get; }

    /// <summary>Null when it never ran or was killed at its limit. 128 + N when signal N ended it.</summary>
    public int? ExitCode { get; }

    /// <summary>The end of what it wrote to standard error.</summary>
    public string ErrorTail { get; }

    private static string Text(ProcessRequest request, string reason, string tail) =>
        tail.Length == 0 ? $"{request}: {reason}" : $"{request}: {reason}: {tail}";

    private static string Tail(string error)
    {
        string text = error.Trim();
        return text.Length <= TailLength ? text : "... " + text[^TailLength..];
    }
}
