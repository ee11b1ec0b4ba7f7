namespace OvsOffload.Intent.Configuration;

/// <summary>Finds which known word a mistyped one was meant to be.</summary>
internal static class Suggestion
{
    /// <summary>No word of the configuration is longer; what is longer was not mistyped.</summary>
    private const int LongestWord = 64;

    /// <summary>
    /// The known word that is the fewest typing mistakes away, at most two, and less than half of it; null when there
    /// is none.
    /// </summary>
    public static string? Find(string word, IEnumerable<string> known)
    {
        if (word.Length > LongestWord)
        {
            return null;
        }

        (string? nearest, int distance) = known
            .Select(candidate => (Word: candidate, Distance: Distance(word.ToLowerInvariant(), candidate)))
            .DefaultIfEmpty((Word: "", Distance: int.MaxValue))
            .MinBy(candidate => candidate.Distance);
        return distance <= 2 && distance * 2 < nearest.Length + 1 ? nearest : null;
    }

    /// <summary>" Did you mean ..?" as a hint, or null.</summary>
    public static string? Hint(string word, IEnumerable<string> known) =>
        Find(word, known) is { } nearest ? $"Did you mean \"{nearest}\"?" : null;

    /// <summary>
    /// How many letters have to be inserted, deleted, replaced or swapped with their neighbour (Damerau and
    /// Levenshtein's distance, in the form in which no letter is touched twice).
    /// </summary>
    internal static int Distance(string from, string to)
    {
        int[,] rows = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                int replaced = rows[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[from.Length, to.Length];
    }
}
