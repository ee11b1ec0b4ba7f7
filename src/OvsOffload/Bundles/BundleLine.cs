using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace OvsOffload.Bundles;

/// <summary>
/// One JSON object of a bundle, read strictly: what is not of the type that is asked for is an error.
/// </summary>
internal readonly struct BundleLine(JsonElement value, string file, int number)
{
    /// <summary>A text.</summary>
    /// <exception cref="BundleException">It is missing, or no text.</exception>
    public string Text(string name) => TryText(name) ?? throw Error($"no {name}");

    /// <summary>A text; null where it is missing.</summary>
    public string? TryText(string name)
    {
        if (!value.TryGetProperty(name, out JsonElement member))
        {
            return null;
        }

        try
        {
            return member.ValueKind == JsonValueKind.String ? member.GetString()! : throw Error($"{name} is not a "
                + "string");
        }
        catch (InvalidOperationException)
        {
            // A surrogate without its other half, or bytes that are not UTF-8.
            throw Error($"{name} is not valid Unicode");
        }
    }

    /// <summary>The same; where it is <paramref name="usual"/>, that very string and no other one.</summary>
    public string? TryText(string name, string usual) => Is(name, usual) ? usual : TryText(name);

    /// <summary>Whether it is this very text.</summary>
    public bool Is(string name, string text) =>
        value.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String
        && member.ValueEquals(text);

    /// <summary>A text as its bytes in UTF-8; null where it is missing.</summary>
    public byte[]? TryUtf8(string name)
    {
        if (value.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String)
        {
            ReadOnlySpan<byte> quoted = JsonMarshal.GetRawUtf8Value(member);
            if (!quoted.Contains((byte)'\\') && Utf8.IsValid(quoted))
            {
                return quoted[1..^1].ToArray();
            }
        }

        return TryText(name) is { } text ? Encoding.UTF8.GetBytes(text) : null;
    }

    /// <summary>A number.</summary>
    public int Number(string name) => TryNumber(name) ?? throw Error($"no {name}");

    /// <summary>A number; null where it is missing.</summary>
    public int? TryNumber(string name) => !value.TryGetProperty(name, out JsonElement member) ? null
        : member.ValueKind == JsonValueKind.Number && member.TryGetInt32(out int read) ? read
        : throw Error($"{name} is not a number");

    /// <summary>True or false.</summary>
    public bool Flag(string name) => TryFlag(name) ?? throw Error($"no {name}");

    /// <summary>True or false; null where it is missing.</summary>
    public bool? TryFlag(string name) => !value.TryGetProperty(name, out JsonElement member) ? null
        : member.ValueKind is JsonValueKind.True or JsonValueKind.False ? member.GetBoolean()
        : throw Error($"{name} is not true or false");

    /// <summary>A moment (RFC 3339).</summary>
    public DateTimeOffset Time(string name) =>
        value.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String
        && member.TryGetDateTimeOffset(out DateTimeOffset time)
            ? time
            : throw Error($"{name} is not a time");

    /// <summary>Bytes.</summary>
    public byte[] Base64(string name) =>
        value.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String
        && member.TryGetBytesFromBase64(out byte[]? bytes)
            ? bytes
            : throw Error($"{name} is not base64");

    /// <summary>What is wrong with it, and where it stands.</summary>
    public BundleException Error(string what) => new($"{file}:{number}: {what}");
}

/// <summary>Reads the JSON files of a bundle.</summary>
internal static class BundleLines
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    /// <summary>Reads a file that is one object.</summary>
    /// <exception cref="BundleException">It is not.</exception>
    public static T One<T>(ReadOnlyMemory<byte> content, string file, Func<BundleLine, T> read) =>
        Read(content, file, 1, read);

    /// <summary>Reads a file with an object a line.</summary>
    /// <exception cref="BundleException">A line is none, or is wrong.</exception>
    public static ImmutableArray<T> All<T>(ReadOnlyMemory<byte> content, string file, Func<BundleLine, T> read)
    {
        ImmutableArray<T>.Builder all = ImmutableArray.CreateBuilder<T>(content.Span.Count((byte)'\n'));
        for (int number = 1; !content.IsEmpty; number++)
        {
            int end = content.Span.IndexOf((byte)'\n');
            if (end < 0)
            {
                throw new BundleException($"{file}:{number}: truncated line");
            }

            all.Add(Read(content[..end], file, number, read));
            content = content[(end + 1)..];
        }

        return all.MoveToImmutable();
    }

    private static T Read<T>(ReadOnlyMemory<byte> text, string file, int number, Func<BundleLine, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? read(new BundleLine(document.RootElement, file, number))
                : throw new BundleException($"{file}:{number}: not a JSON object");
        }
        catch (JsonException malformed)
        {
            throw new BundleException($"{file}:{number}: invalid JSON: {malformed.Message}", malformed);
        }
    }
}
