namespace OvsOffload.Os;

/// <summary>
/// Text of others on its way to a terminal: the words of kernels, daemons, dumps, bundles and processes may hold what
/// would steer it.
/// </summary>
internal static class TerminalText
{
    /// <summary>What stands in place of what is not printed.</summary>
    public const char Unprintable = '?';

    /// <summary>
    /// The text without control characters, other than the ends of lines and tabs, and without those that turn the
    /// direction of what follows (Unicode's bidirectional overrides, by which a text reads as another).
    /// </summary>
    public static string Clean(string text) => text.Any(Steers)
        ? string.Concat(text.Select(letter => Steers(letter) ? Unprintable : letter))
        : text;

    private static bool Steers(char letter) => letter is not ('\n' or '\t')
        && (char.IsControl(letter)
            || letter is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));
}
