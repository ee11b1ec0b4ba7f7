using System.Text.Json;
using System.Text.Unicode;

namespace OvsOffload.OpenVSwitch;

/// <summary>Reads one message of a daemon.</summary>
internal static class JsonRpcText
{
    /// <summary>The message; every name and text in it can be asked for.</summary>
    /// <exception cref="FormatException">It is not JSON, or has a text that is no Unicode.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> text)
    {
        try
        {
            var message = JsonElement.Parse(text);
            if (!Utf8.IsValid(text) || text.IndexOf("\\u"u8) >= 0)
            {
                RequireUnicode(message);
            }

            return message;
        }
        catch (JsonException e)
        {
            throw new FormatException($"invalid JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            // How System.Text.Json calls bytes that are no UTF-8, and half a surrogate pair, when a text is asked for.
            throw new FormatException("a text that is not valid Unicode", e);
        }
    }

    /// <summary>Asks for every name and text, so that none fails at somebody who does not expect it.</summary>
    private static void RequireUnicode(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    _ = member.Name;
                    RequireUnicode(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    RequireUnicode(item);
                }

                break;
            case JsonValueKind.String:
                _ = element.GetString();
                break;
        }
    }
}
