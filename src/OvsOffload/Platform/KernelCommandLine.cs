namespace OvsOffload.Platform;

/// <summary>The options that the boot loader gave to the kernel, in their order.
/// Documentation/admin-guide/kernel-parameters.rst.</summary>
internal sealed record KernelCommandLine(string Text, IReadOnlyList<string> Words)
{
    /// <summary>Splits at blanks outside double quotes, as the kernel does (lib/cmdline.c, next_arg).</summary>
    public static KernelCommandLine Parse(string text)
    {
        var words = new List<string>();
        bool quoted = false;
        int start = 0;
        for (int position = 0; position <= text.Length; position++)
        {
            if (position < text.Length && (quoted || !char.IsWhiteSpace(text[position])))
            {
                quoted ^= text[position] == '"';
                continue;
            }
            if (position > start)
            {
                words.Add(text[start..position].Replace("\"", "", StringComparison.Ordinal));
            }
            start = position + 1;
        }
        return new KernelCommandLine(text, words);
    }

    /// <summary>The value of the last <c>name=value</c>, which is the one that counts; "" for a bare <c>name</c>; null
    /// when it is not there. As for the kernel, dash and underscore in the name are the same.</summary>
    public string? ValueOf(string name)
    {
        for (int index = Words.Count - 1; index >= 0; index--)
        {
            string word = Words[index];
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            string found = equals < 0 ? word : word[..equals];
            if (found.Replace('-', '_') == name.Replace('-', '_'))
            {
                return equals < 0 ? "" : word[(equals + 1)..];
            }
        }
        return null;
    }
}
