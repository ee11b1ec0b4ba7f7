using System.Buffers;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace OvsOffload.Netlink;

/// <summary>
/// A <see cref="IPEntry"/> as one line of text, which holds all of it: its kind, the structure in hexadecimal digits,
/// each attribute as <c>number=value</c>. IP addresses stand as such, so that a masked bundle masks them; everything
/// else in hexadecimal digits: <c>route 021800fe... 1=203.0.113.0 4=00000000 5=192.0.2.1 6=4d000000</c>. The hops of a
/// multipath route stand in brackets, each begun by its flags, weight and link. <c>weight=</c>, <c>until=</c> and
/// <c>preferred=</c> follow.
/// </summary>
internal static class IPEntryText
{
    /// <summary>The text of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="withLabel">Whether the label of an address is told, in which the link's name stands.</param>
    public static string Of(IPEntry entry, bool withLabel = true)
    {
        var text = new StringBuilder();
        int header = IPEntry.HeaderLength(entry.Kind);
        ReadOnlySpan<byte> payload = entry.Payload.AsSpan();
        text.Append(Word(entry.Kind)).Append(' ').Append(Convert.ToHexStringLower(payload[..header]));
        Attributes(text, entry.Kind, payload[header..], withLabel);
        if (entry.Weight != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" weight={entry.Weight}");
        }

        if (entry.Until is { } until)
        {
            text.Append(CultureInfo.InvariantCulture, $" until={until}");
        }

        return entry.PreferredUntil is { } preferred
            ? text.Append(CultureInfo.InvariantCulture, $" preferred={preferred}").ToString()
            : text.ToString();
    }

    /// <summary>The entry that a text stands for; null where it is no such text.</summary>
    public static IPEntry? Parse(string text)
    {
        try
        {
            var words = new Queue<string>(text.Split(' '));
            IPEntryKind kind = words.Dequeue() switch
            {
                "address" => IPEntryKind.Address,
                "nexthop" => IPEntryKind.Nexthop,
                "route" => IPEntryKind.Route,
                var other => throw new FormatException($"no kind: {other}"),
            };
            byte[] header = Convert.FromHexString(words.Dequeue());
            if (header.Length != IPEntry.HeaderLength(kind))
            {
                return null;
            }

            var payload = new ArrayBufferWriter<byte>();
            payload.Write(header);
            var entry = new IPEntry(kind, []);
            while (words.TryDequeue(out string? word))
            {
                if (word.StartsWith("weight=", StringComparison.Ordinal))
                {
                    entry = entry with { Weight = byte.Parse(word["weight=".Length..], CultureInfo.InvariantCulture) };
                }
                else if (word.StartsWith("until=", StringComparison.Ordinal))
                {
                    entry = entry with { Until = long.Parse(word["until=".Length..], CultureInfo.InvariantCulture) };
                }
                else if (word.StartsWith("preferred=", StringComparison.Ordinal))
                {
                    entry = entry with
                    {
                        PreferredUntil = long.Parse(word["preferred=".Length..], CultureInfo.InvariantCulture),
                    };
                }
                else
                {
                    Attribute(payload, kind, word, words);
                }
            }

            return entry with { Payload = [.. payload.WrittenSpan] };
        }
        catch (Exception damage)
            when (damage is FormatException or OverflowException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Writes an attribute as it stands in a payload: without flags of its type, padded to 4.</summary>
    public static void Append(ArrayBufferWriter<byte> output, ushort type, ReadOnlySpan<byte> value)
    {
        int length = 4 + value.Length;
        Span<byte> span = output.GetSpan(NetlinkMessage.Align(length))[..NetlinkMessage.Align(length)];
        span.Clear();
        MemoryMarshal.Write(span, checked((ushort)length));
        MemoryMarshal.Write(span[2..], type);
        value.CopyTo(span[4..]);
        output.Advance(span.Length);
    }

    private static string Word(IPEntryKind kind) => kind switch
    {
        IPEntryKind.Address => "address",
        IPEntryKind.Nexthop => "nexthop",
        _ => "route",
    };

    private static bool IsIP(IPEntryKind kind, ushort type) => kind switch
    {
        IPEntryKind.Address => type is AddressAttribute.Address or AddressAttribute.Local or AddressAttribute.Broadcast,
        IPEntryKind.Nexthop => type is NexthopAttribute.Gateway,
        _ => type is RouteAttribute.Destination or RouteAttribute.SourceRange or RouteAttribute.Gateway
            or RouteAttribute.Source,
    };

    private static void Attributes(
        StringBuilder text, IPEntryKind kind, ReadOnlySpan<byte> attributes, bool withLabel = true)
    {
        var reader = new AttributeReader(attributes, "kept entry");
        while (reader.Read())
        {
            if (kind == IPEntryKind.Address && reader.Type == AddressAttribute.Label && !withLabel)
            {
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $" {reader.Type}=");
            if (IsIP(kind, reader.Type))
            {
                text.Append(reader.IPAddress());
            }
            else if (kind == IPEntryKind.Route && reader.Type == RouteAttribute.Via && reader.Value.Length is 6 or 18)
            {
                text.Append(Convert.ToHexStringLower(reader.Value[..2])).Append('/')
                    .Append(new IPAddress(reader.Value[2..]));
            }
            else if (kind == IPEntryKind.Route && reader.Type == RouteAttribute.Multipath)
            {
                text.Append('[');
                ReadOnlySpan<byte> hops = reader.Value;
                while (RouteHops.TryTake(ref hops, out ReadOnlySpan<byte> hop))
                {
                    text.Append(' ').Append(Convert.ToHexStringLower(hop[2..RouteHops.HeaderLength]));
                    Attributes(text, kind, hop[RouteHops.HeaderLength..]);
                    text.Append(" ,");
                }

                text.Append(" ]");
            }
            else
            {
                text.Append(Convert.ToHexStringLower(reader.Value));
            }
        }
    }

    private static void Attribute(ArrayBufferWriter<byte> output, IPEntryKind kind, string word, Queue<string> words)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        ushort type = ushort.Parse(word[..Math.Max(0, equals)], NumberStyles.None, CultureInfo.InvariantCulture);
        string value = word[(equals + 1)..];
        if (kind == IPEntryKind.Route && type == RouteAttribute.Multipath)
        {
            Append(output, type, Hops(words));
        }
        else if (kind == IPEntryKind.Route && type == RouteAttribute.Via
            && value.IndexOf('/', StringComparison.Ordinal) == 4)
        {
            Append(
                output, type, [.. Convert.FromHexString(value[..4]), .. IPAddress.Parse(value[5..]).GetAddressBytes()]);
        }
        else
        {
            Append(output, type, IsIP(kind, type)
                ? IPAddress.Parse(value).GetAddressBytes()
                : Convert.FromHexString(value));
        }
    }

    private static ReadOnlySpan<byte> Hops(Queue<string> words)
    {
        var hops = new ArrayBufferWriter<byte>();
        for (string word = words.Dequeue(); word != "]"; word = words.Dequeue())
        {
            byte[] fields = Convert.FromHexString(word);
            if (fields.Length != RouteHops.HeaderLength - 2)
            {
                throw new FormatException("a hop has six bytes");
            }

            var attributes = new ArrayBufferWriter<byte>();
            for (string one = words.Dequeue(); one != ","; one = words.Dequeue())
            {
                Attribute(attributes, IPEntryKind.Route, one, words);
            }

            RouteHops.Append(hops, fields, attributes.WrittenSpan);
        }

        return hops.WrittenSpan;
    }
}
