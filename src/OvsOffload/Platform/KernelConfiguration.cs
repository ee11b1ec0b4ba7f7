using System.IO.Compression;
using System.Text;
using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>How an option of the kernel's build stands.</summary>
internal enum KernelOption
{
    /// <summary><c>is not set</c>, or not in the file at all, as when what it depends on is off.</summary>
    Off = 0,

    /// <summary><c>m</c></summary>
    Module,

    /// <summary><c>y</c></summary>
    BuiltIn,
}

/// <summary>What the running kernel was built with. <see cref="Source"/> names the file, as the host names
/// it.</summary>
internal sealed class KernelConfiguration
{
    /// <summary>A configuration has about 10 000 options in 300 KB.</summary>
    private const int Bound = 8 << 20;

    private const string Prefix = "CONFIG_";

    /// <summary>The file as it is: of its 10 000 options some thirty are asked for.</summary>
    private readonly ReadOnlyMemory<byte> _text;

    private KernelConfiguration(string source, ReadOnlyMemory<byte> text)
    {
        Source = source;
        _text = text;
    }

    /// <summary>The file it was read from.</summary>
    public string Source { get; }

    /// <summary>How an option stands; the last line about it counts.</summary>
    /// <param name="name">With or without <c>CONFIG_</c>.</param>
    public KernelOption this[string name]
    {
        get
        {
            string prefix = name.StartsWith(Prefix, StringComparison.Ordinal) ? "" : Prefix;
            byte[] start = Encoding.UTF8.GetBytes($"{prefix}{name}=");
            for (ReadOnlySpan<byte> text = _text.Span; text.LastIndexOf(start) is var at and >= 0; text = text[..at])
            {
                if (at == 0 || text[at - 1] == '\n')
                {
                    ReadOnlySpan<byte> value = _text.Span[(at + start.Length)..];
                    int end = value.IndexOf((byte)'\n');
                    return OptionOf((end < 0 ? value : value[..end]).Trim(" \t\r"u8));
                }
            }

            return KernelOption.Off;
        }
    }

    public bool IsOn(string name) => this[name] != KernelOption.Off;

    /// <summary>
    /// Reads the first of: <c>/proc/config.gz</c> (the kernel's own), <c>/boot/config-RELEASE</c>,
    /// <c>/usr/lib/modules/RELEASE/config</c>, <c>/lib/modules/RELEASE/config</c>. Absent when the host has none of
    /// them.
    /// </summary>
    public static Reading<KernelConfiguration> Read(HostPaths paths, KernelRelease release)
    {
        (string File, string Name)[] places =
        [
            (Path.Combine(paths.Proc, "config.gz"), "/proc/config.gz"),
            (Path.Combine(paths.Boot, $"config-{release}"), $"/boot/config-{release}"),
            (Path.Combine(paths.Usr, $"lib/modules/{release}/config"), $"/usr/lib/modules/{release}/config"),
            (Path.Combine(paths.Lib, $"modules/{release}/config"), $"/lib/modules/{release}/config"),
        ];
        string? failure = null;
        foreach ((string? file, string? name) in places)
        {
            Reading<KernelConfiguration> reading = paths.Files.Bytes(file, Bound).Then(bytes => Parse(name, bytes));
            if (reading.IsKnown)
            {
                return reading;
            }
            failure ??= reading.IsFailed ? reading.Why : null;
        }
        return failure is null
            ? Reading.Absent<KernelConfiguration>($"none of {string.Join(", ", places.Select(place => place.Name))}")
            : Reading.Failed<KernelConfiguration>(failure);
    }

    /// <summary>Reads a configuration, compressed or not.</summary>
    public static Reading<KernelConfiguration> Parse(string source, byte[] bytes)
    {
        ReadOnlyMemory<byte> text;
        try
        {
            text = bytes is [0x1f, 0x8b, ..] ? Decompress(bytes) : bytes;
        }
        catch (InvalidDataException exception)
        {
            return Reading.Failed<KernelConfiguration>($"{source}: {exception.Message}");
        }

        return HasOptions(text.Span)
            ? Reading.Known(new KernelConfiguration(source, text))
            : Reading.Failed<KernelConfiguration>($"{source}: contains no kernel options");
    }

    /// <summary>Strings and numbers are options too, but nobody here asks for their value.</summary>
    private static KernelOption OptionOf(ReadOnlySpan<byte> value) => value switch
    {
        [(byte)'m'] => KernelOption.Module,
        [] or [(byte)'n'] => KernelOption.Off,
        _ => KernelOption.BuiltIn,
    };

    private static bool HasOptions(ReadOnlySpan<byte> text)
    {
        foreach (Range one in text.Split((byte)'\n'))
        {
            if (text[one].StartsWith("CONFIG_"u8) && text[one].Contains((byte)'='))
            {
                return true;
            }
        }

        return false;
    }

    /// <exception cref="InvalidDataException">Damaged, cut short, or too long.</exception>
    private static ReadOnlyMemory<byte> Decompress(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var text = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = gzip.Read(buffer)) > 0;)
        {
            text.Write(buffer, 0, read);
            if (text.Length > Bound)
            {
                throw new InvalidDataException($"longer than {Bound} bytes");
            }
        }
        // The last four bytes of a gzip file are the length of what was compressed (RFC 1952), which tells a cut file.
        if (bytes.Length < 4 || BitConverter.ToUInt32(bytes, bytes.Length - 4) != text.Length)
        {
            throw new InvalidDataException("the compressed file is truncated");
        }
        return text.GetBuffer().AsMemory(0, (int)text.Length);
    }
}
