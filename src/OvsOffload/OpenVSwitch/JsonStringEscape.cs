using System.Text;

namespace OvsOffload.OpenVSwitch;

/// <summary>One escape of a JSON string (RFC 8259 section 7), read byte by byte.</summary>
internal struct JsonStringEscape
{
    /// <summary>The most bytes of UTF-8 that one escape, or a pair of them, can give.</summary>
    public const int MaxBytes = 4;

    private const int HexDigits = 4;

    private State _state;
    private int _digits;
    private int _value;
    private char _highSurrogate;

    private enum State
    {
        None,
        Backslash,
        Hex,
        AfterHighSurrogate,
    }

    /// <summary>True until the escape is over: the next byte belongs to <see cref="Next"/>.</summary>
    public readonly bool Open => _state != State.None;

    /// <summary>A backslash was read.</summary>
    public void Start() => _state = State.Backslash;

    /// <summary>Reads the next byte of the escape.</summary>
    /// <returns>The count of bytes of UTF-8 written to <paramref name="text"/>; 0 while the escape goes on.</returns>
    /// <exception cref="FormatException">No such escape.</exception>
    public int Next(byte b, Span<byte> text)
    {
        switch (_state)
        {
            case State.Hex:
                return NextDigit(b, text);
            // The second half of a pair must follow at once; OVS and RFC 8259 know no other use of a high surrogate.
            case State.AfterHighSurrogate when b == '\\':
                _state = State.Backslash;
                return 0;
            case State.AfterHighSurrogate:
                throw new FormatException("half a surrogate pair in a string");
        }

        if (b == 'u')
        {
            _state = State.Hex;
            _digits = _value = 0;
            return 0;
        }

        if (_highSurrogate != 0)
        {
            throw new FormatException("half a surrogate pair in a string");
        }

        _state = State.None;
        text[0] = b switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'t' => (byte)'\t',
            (byte)'r' => (byte)'\r',
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            (byte)'"' or (byte)'\\' or (byte)'/' => b,
            _ => throw new FormatException($"byte 0x{b:x2} after a backslash"),
        };
        return 1;
    }

    private int NextDigit(byte b, Span<byte> text)
    {
        if (!char.IsAsciiHexDigit((char)b))
        {
            throw new FormatException($"byte 0x{b:x2} is no hexadecimal digit");
        }

        int digit = b <= '9' ? b - '0' : (b | 0x20) - 'a' + 10;
        _value = (_value << 4) | digit;
        if (++_digits < HexDigits)
        {
            return 0;
        }

        char unit = (char)_value;
        if (_highSurrogate == 0 && char.IsHighSurrogate(unit))
        {
            _highSurrogate = unit;
            _state = State.AfterHighSurrogate;
            return 0;
        }

        if (char.IsLowSurrogate(unit) != (_highSurrogate != 0))
        {
            throw new FormatException("half a surrogate pair in a string");
        }

        Rune rune = _highSurrogate == 0 ? new Rune(unit) : new Rune(_highSurrogate, unit);
        _highSurrogate = '\0';
        _state = State.None;
        return rune.EncodeToUtf8(text);
    }
}
