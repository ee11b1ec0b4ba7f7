namespace OvsOffload.Verifying;

/// <summary>Looks for words of the kernel or of a daemon in lines of their logs.</summary>
internal static class LogWords
{
    /// <summary>Whether one of the words stands in a line: dozens of checks ask it of thousands of lines.</summary>
    public static bool AnyIn(this IReadOnlyList<string> words, string line, StringComparison comparison)
    {
        for (int i = 0; i < words.Count; i++)
        {
            if (line.Contains(words[i], comparison))
            {
                return true;
            }
        }

        return false;
    }
}
