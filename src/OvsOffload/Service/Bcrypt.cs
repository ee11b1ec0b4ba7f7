using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using OvsOffload.Intent.Configuration;

namespace OvsOffload.Service;

/// <summary>
/// Compares passwords with bcrypt hashes (Provos and Mazières, "A Future-Adaptable Password Scheme", 1999), because
/// .NET
/// has none. It makes no hashes for others.
/// </summary>
internal static class Bcrypt
{
    /// <summary>What bcrypt encrypts (section 4 of the paper).</summary>
    private static ReadOnlySpan<byte> Magic => "OrpheanBeholderScryDoubt"u8;

    /// <summary>Times that it is encrypted (likewise).</summary>
    private const int MagicRounds = 64;

    /// <summary>Bytes of a password that count, its closing zero included (likewise).</summary>
    private const int MostKeyBytes = 72;

    private const int SaltBytes = 16;

    /// <summary>Implementations keep 23 of the 24 bytes; hashes are compared in that length.</summary>
    private const int HashBytes = 23;

    private const int SaltAt = 7;

    private const int SaltLetters = 22;

    /// <summary>
    /// Whether a hash is that of a password. Takes as long for a wrong password as for the right one.
    /// </summary>
    /// <param name="password">The password; what is beyond 72 bytes of UTF-8 does not count.</param>
    /// <param name="hash">A hash that <see cref="BcryptHash.Complaint"/> has nothing against.</param>
    /// <exception cref="ArgumentException">It is no hash.</exception>
    public static bool Matches(string password, string hash)
    {
        if (BcryptHash.Complaint(hash) is { } complaint)
        {
            throw new ArgumentException(complaint, nameof(hash));
        }

        Span<byte> salt = stackalloc byte[SaltBytes];
        Span<byte> wanted = stackalloc byte[HashBytes];
        Decode(hash.AsSpan(SaltAt, SaltLetters), salt);
        Decode(hash.AsSpan(SaltAt + SaltLetters), wanted);
        Span<byte> made = stackalloc byte[Magic.Length];
        Hash(Encoding.UTF8.GetBytes(password), salt, BcryptHash.CostOf(hash), made);
        return CryptographicOperations.FixedTimeEquals(made[..HashBytes], wanted);
    }

    private static void Hash(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, Span<byte> hash)
    {
        byte[] key = new byte[Math.Min(password.Length + 1, MostKeyBytes)];
        password[..Math.Min(password.Length, key.Length)].CopyTo(key);
        var cipher = new Blowfish();
        cipher.Expand(key, salt);
        for (long round = 1L << cost; round > 0; round--)
        {
            cipher.Expand(key, []);
            cipher.Expand(salt, []);
        }

        for (int at = 0; at < hash.Length; at += 8)
        {
            uint left = BinaryPrimitives.ReadUInt32BigEndian(Magic[at..]);
            uint right = BinaryPrimitives.ReadUInt32BigEndian(Magic[(at + 4)..]);
            for (int round = 0; round < MagicRounds; round++)
            {
                cipher.Encrypt(ref left, ref right);
            }

            BinaryPrimitives.WriteUInt32BigEndian(hash[at..], left);
            BinaryPrimitives.WriteUInt32BigEndian(hash[(at + 4)..], right);
        }
    }

    /// <summary>bcrypt's base 64: six bits a letter, the highest first, without padding.</summary>
    private static void Decode(ReadOnlySpan<char> letters, Span<byte> bytes)
    {
        int bits = 0, held = 0, at = 0;
        foreach (char letter in letters)
        {
            held = (held << 6) | BcryptHash.Alphabet.IndexOf(letter, StringComparison.Ordinal);
            bits += 6;
            if (bits >= 8 && at < bytes.Length)
            {
                bits -= 8;
                bytes[at++] = (byte)(held >> bits);
                held &= (1 << bits) - 1;
            }
        }
    }

    /// <summary>Schneier's cipher with bcrypt's key schedule.</summary>
    private sealed class Blowfish
    {
        private const int Subkeys = 18;

        private const int Words = Subkeys + 4 * 256;

        /// <summary>The subkeys P, then the boxes S1 to S4. They begin as the digits of pi behind the point.</summary>
        private static readonly Lazy<uint[]> Digits = new(DigitsOfPi);

        private readonly uint[] _words = (uint[])Digits.Value.Clone();

        /// <summary>Mixes a key, and a salt unless it is empty, into the state.</summary>
        public void Expand(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
        {
            int keyAt = 0, saltAt = 0;
            for (int i = 0; i < Subkeys; i++)
            {
                _words[i] ^= Next(key, ref keyAt);
            }

            uint left = 0, right = 0;
            for (int i = 0; i < Words; i += 2)
            {
                if (!salt.IsEmpty)
                {
                    left ^= Next(salt, ref saltAt);
                    right ^= Next(salt, ref saltAt);
                }

                Encrypt(ref left, ref right);
                _words[i] = left;
                _words[i + 1] = right;
            }
        }

        /// <summary>Encrypts one block: 16 rounds of Feistel.</summary>
        public void Encrypt(ref uint left, ref uint right)
        {
            uint[] words = _words;
            for (int i = 0; i < Subkeys - 2; i += 2)
            {
                left ^= words[i];
                right ^= Mix(words, left);
                right ^= words[i + 1];
                left ^= Mix(words, right);
            }

            (left, right) = (right ^ words[Subkeys - 1], left ^ words[Subkeys - 2]);
        }

        private static uint Mix(uint[] words, uint half) =>
            ((words[Subkeys + (half >> 24)] + words[Subkeys + 256 + ((half >> 16) & 0xff)])
                ^ words[Subkeys + 512 + ((half >> 8) & 0xff)])
            + words[Subkeys + 768 + (half & 0xff)];

        /// <summary>The next four bytes of a text that repeats.</summary>
        private static uint Next(ReadOnlySpan<byte> text, ref int at)
        {
            uint word = 0;
            for (int i = 0; i < sizeof(uint); i++)
            {
                word = (word << 8) | text[at];
                at = at + 1 == text.Length ? 0 : at + 1;
            }

            return word;
        }

        /// <summary>Computed (Machin: pi = 16 arctan 1/5 - 4 arctan 1/239), so that no digit can be mistyped.</summary>
        private static uint[] DigitsOfPi()
        {
            // The sums of some thousand terms, each cut to a whole number, are wrong in their last bits only.
            const int Guard = 64;
            const int Bits = Words * 32;
            BigInteger one = BigInteger.One << (Bits + Guard);
            BigInteger pi = (16 * ArcTangent(5, one) - 4 * ArcTangent(239, one)) >> Guard;
            byte[] bytes = (pi - (3 * BigInteger.One << Bits)).ToByteArray(isUnsigned: true, isBigEndian: true);

            // Leading zeros are no part of a number's bytes, but of the digits.
            byte[] digits = new byte[Bits / 8];
            bytes.CopyTo(digits, digits.Length - bytes.Length);
            uint[] words = new uint[Words];
            for (int i = 0; i < words.Length; i++)
            {
                words[i] = BinaryPrimitives.ReadUInt32BigEndian(digits.AsSpan(i * sizeof(uint)));
            }

            return words;
        }

        /// <summary>arctan 1/x, times <paramref name="one"/>: 1/x - 1/3x^3 + 1/5x^5 - ..</summary>
        private static BigInteger ArcTangent(int x, BigInteger one)
        {
            BigInteger power = one / x, sum = power;
            for (int odd = 3; !power.IsZero; odd += 2)
            {
                power /= -x * x;
                sum += power / odd;
            }

            return sum;
        }
    }
}
