using System.Buffers;
using System.Globalization;

namespace OvsOffload.Intent.Configuration;

/// <summary>The form of a bcrypt hash: <c>$2b$10$</c>, 22 letters of salt, 31 of the hash.</summary>
internal static class BcryptHash
{
    /// <summary>The least that bcrypt has: 16 rounds.</summary>
    public const int MinCost = 4;

    /// <summary>Every step doubles the time; this one takes seconds.</summary>
    public const int MaxCost = 16;

    /// <summary>Characters.</summary>
    public const int Length = 60;

    /// <summary>bcrypt's own base 64, in its order.</summary>
    public const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private const int SaltAt = 7;

    private const int LastOfSalt = SaltAt + 21;

    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    /// <summary>Why a text is no hash that can be used; null where it is one.</summary>
    public static string? FindError(string text)
    {
        if (text.Length == 0 || text[0] != '$')
        {
            return "not a hash; do not store the password itself";
        }

        bool known = text.Length == Length && text[0..2] == "$2" && text[2] is 'a' or 'b' or 'y'
            && text[3] == '$' && text[6] == '$' && char.IsAsciiDigit(text[4]) && char.IsAsciiDigit(text[5])
            && text.AsSpan(SaltAt).IndexOfAnyExcept(Letters) < 0;
        if (!known)
        {
            return "not a bcrypt hash, or truncated";
        }

        return CostOf(text) is var cost and (< MinCost or > MaxCost) ? $"its cost is {cost}" : null;
    }

    /// <summary>
    /// The one spelling of a hash: 22 letters of six bits hold a salt of 128 bits, 31 letters a hash of 184, and the
    /// bits that are left over in the last letter of each are zero.
    /// </summary>
    public static string Canonical(string hash)
    {
        Span<char> letters = stackalloc char[Length];
        hash.CopyTo(letters);
        letters[LastOfSalt] = Alphabet[Alphabet.IndexOf(letters[LastOfSalt], StringComparison.Ordinal) & ~0xf];
        letters[^1] = Alphabet[Alphabet.IndexOf(letters[^1], StringComparison.Ordinal) & ~0x3];
        return new string(letters);
    }

    /// <summary>The cost: the hash takes two to the power of it rounds.</summary>
    public static int CostOf(string hash) =>
        int.Parse(hash.AsSpan(4, 2), NumberStyles.None, CultureInfo.InvariantCulture);
}
