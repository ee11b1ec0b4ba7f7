namespace OvsOffload.OpenVSwitch;

/// <summary>Finds where one JSON object ends in a stream of bytes, whatever the pieces it arrives in.</summary>
/// <remarks>
/// JSON-RPC as Open vSwitch speaks it has neither lengths nor delimiters: one object follows the other. Only braces,
/// brackets and strings are followed here; whether the text between them is JSON is left to the parser that gets the
/// whole object.
/// </remarks>
internal struct JsonObjectFramer
{
    private int _depth;
    private bool _inString;
    private bool _escaped;

    /// <summary>True from the first brace of an object until its last one.</summary>
    public readonly bool InObject => _depth > 0;

    /// <summary>Follows <paramref name="bytes"/> until the object ends.</summary>
    /// <returns>The count of bytes up to and with the closing brace, or -1 where the object goes on.</returns>
    /// <exception cref="FormatException">Something else than an object or blanks stands where an object should
    /// start.</exception>
    public int Advance(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            byte b = bytes[i];
            if (_inString)
            {
                FollowString(b);
            }
            else if (_depth == 0 && b != '{')
            {
                if (b is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
                {
                    throw new FormatException($"byte 0x{b:x2} where an object should start");
                }
            }
            else if (b == '"')
            {
                _inString = true;
            }
            else if (b is (byte)'{' or (byte)'[')
            {
                _depth++;
            }
            else if (b is (byte)'}' or (byte)']' && --_depth == 0)
            {
                return i + 1;
            }
        }

        return -1;
    }

    private void FollowString(byte b)
    {
        if (_escaped)
        {
            _escaped = false;
        }
        else if (b == '\\')
        {
            _escaped = true;
        }
        else if (b == '"')
        {
            _inString = false;
        }
    }
}
