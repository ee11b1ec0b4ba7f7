using System.Text;
using System.Text.Json;
using CsCheck;

namespace OvsOffload.Tests.Fixtures;

/// <summary>
/// Bytes to which something happened, for readers of what strangers write. CsCheck shrinks what fails to the fewest
/// changes and names its seed: <c>CsCheck_Seed=..</c> repeats it, <c>CsCheck_Iter=10000</c> takes a hundred times as
/// many.
/// </summary>
internal static class Damage
{
    /// <summary>The longest run of bytes that one change hits.</summary>
    private const int LongestRun = 40;

    /// <summary>How many bytes around a place the changes there hit.</summary>
    private const uint Around = 90;

    /// <summary>A text with one to some changes: bytes replaced, removed, put in, and runs copied elsewhere.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The most changes.</param>
    /// <param name="marks">Bytes that mean something to the reader, put in as often as any other.</param>
    /// <param name="near">An offset near which half of the changes are; null for everywhere.</param>
    /// <param name="keepsLength">Whether nothing is removed or put in.</param>
    public static Gen<byte[]> Of(
        byte[] text, int most, string marks = "\0", int? near = null, bool keepsLength = false)
    {
        Gen<ChangeKind> kind = keepsLength
            ? Gen.Frequency<ChangeKind>((14, ChangeKind.Replaced), (1, ChangeKind.Copied), (1, ChangeKind.Overwritten))
            : Gen.Frequency<ChangeKind>(
                (8, ChangeKind.Replaced), (3, ChangeKind.Removed), (3, ChangeKind.PutIn), (1, ChangeKind.Copied),
                (1, ChangeKind.Overwritten));
        var octet = Gen.OneOf<byte>(Gen.Byte, Gen.OneOf(Encoding.UTF8.GetBytes(marks)));
        Gen<uint> place = near is null
            ? Gen.UInt
            : Gen.OneOf<uint>(Gen.UInt, Gen.UInt[0, Around].Select(offset => offset + (uint)near));
        return Gen.Select(kind, place, Gen.UInt, Gen.Int[1, LongestRun], octet)
            .Array[1, most]
            .Select(changes =>
            {
                var bytes = new List<byte>(text);
                foreach ((ChangeKind what, uint at, uint from, int run, byte value) in changes)
                {
                    Apply(bytes, what, at, from, run, value);
                }

                return bytes.ToArray();
            });
    }

    /// <summary>Tries a property with so many damaged texts; more with <c>CsCheck_Iter</c>.</summary>
    public static void Check(this Gen<byte[]> texts, int rounds, Action<byte[]> property) =>
        texts.Sample(property, iter: Rounds(rounds), print: Text);

    /// <inheritdoc cref="Check"/>
    public static Task CheckAsync(this Gen<byte[]> texts, int rounds, Func<byte[], Task> property) =>
        texts.SampleAsync(property, iter: Rounds(rounds), print: Text);

    /// <summary>So many times what <c>CsCheck_Iter</c> is, whose default is 100, of a hundred.</summary>
    public static long Rounds(int rounds) => rounds * CsCheck.Check.Iter / 100;

    private static void Apply(List<byte> bytes, ChangeKind what, uint at, uint from, int run, byte value)
    {
        if (bytes.Count == 0)
        {
            bytes.Add(value);
            return;
        }

        int place = (int)(at % bytes.Count);
        switch (what)
        {
            case ChangeKind.Removed:
                bytes.RemoveAt(place);
                break;
            case ChangeKind.PutIn:
                bytes.Insert(place, value);
                break;
            case ChangeKind.Copied:
                int source = (int)(from % bytes.Count);
                for (int i = 0; i < run && Math.Max(place, source) + i < bytes.Count; i++)
                {
                    bytes[place + i] = bytes[source + i];
                }

                break;
            case ChangeKind.Overwritten:
                for (int i = 0; i < run && place + i < bytes.Count; i++)
                {
                    bytes[place + i] = (byte)(value + i * from);
                }

                break;
            default:
                bytes[place] = value;
                break;
        }
    }

    /// <summary>As a string literal, one letter a byte.</summary>
    private static string Text(byte[] bytes) => JsonSerializer.Serialize(Encoding.Latin1.GetString(bytes));

    private enum ChangeKind
    {
        Replaced,
        Removed,
        PutIn,
        Copied,
        Overwritten,
    }
}
