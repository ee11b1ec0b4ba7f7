using System.Buffers;
using System.Text;

namespace OvsOffload.OpenVSwitch;

/// <summary>Gets one record of a dump: a line of the text, un-escaped, without its newline.</summary>
/// <param name="record">The bytes; they are overwritten when the call returns.</param>
/// <param name="whole">False when the record is longer than the stated bound, and so only its beginning is
/// given.</param>
internal delegate void RecordConsumer(ReadOnlySpan<byte> record, bool whole);

/// <summary>Reads one unixctl reply while it arrives, and hands out the lines of its <c>result</c> one by
/// one.</summary>
/// <remarks>
/// The reply to a dump is one JSON object with one string that may be hundreds of megabytes long. It passes through
/// one buffer of fixed size; un-escaping happens in place, as text never grows by it; nothing is allocated for a
/// record. Usage: fill <see cref="Room"/>, tell <see cref="Received"/>, until <see cref="Done"/>.
/// The members may stand in any order, so records can have been handed out before an error shows: they count for
/// nothing then.
/// </remarks>
internal sealed class UnixctlReplyScanner
{
    private const int MaxNameBytes = 32;

    // What cannot be copied as it is within a JSON string: its end, an escape, and what RFC 8259 section 7 wants
    // escaped.
    private static readonly SearchValues<byte> Stops =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(b => (byte)b)]);

    private readonly RecordConsumer _consumer;
    private readonly int _maxRecordBytes;
    private readonly byte[] _buffer;

    // The buffer: [_recordStart, _recordEnd) holds what there is of the record, un-escaped; [_read, _end) is still to
    // be read.
    private int _recordStart;
    private int _recordEnd;
    private int _read;
    private int _end;
    private bool _overlong;

    private Place _place = Place.BeforeObject;
    private Member _member;
    private JsonStringEscape _escape;
    private bool _sawResult;

    /// <param name="consumer">Gets each record, in order.</param>
    /// <param name="bufferBytes">Size of the one buffer; above <paramref name="maxRecordBytes"/>.</param>
    /// <param name="maxRecordBytes">Longest record that is handed out whole.</param>
    public UnixctlReplyScanner(RecordConsumer consumer, int bufferBytes, int maxRecordBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxRecordBytes, MaxNameBytes);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(bufferBytes, maxRecordBytes + JsonStringEscape.MaxBytes);
        _consumer = consumer;
        _maxRecordBytes = maxRecordBytes;
        _buffer = new byte[bufferBytes];
    }

    private enum Place
    {
        BeforeObject,
        BeforeName,
        Name,
        AfterName,
        BeforeValue,
        Word,
        Text,
        AfterValue,
        Done,
    }

    private enum Member
    {
        Other,
        Id,
        Result,
        Error,
    }

    /// <summary>True when the object has ended and both <see cref="Id"/> and <see cref="ErrorText"/> are
    /// final.</summary>
    public bool Done => _place == Place.Done;

    /// <summary>True when any byte has come.</summary>
    public bool Started { get; private set; }

    /// <summary>The <c>id</c> of the reply as it was written, null where there was none.</summary>
    public string? Id { get; private set; }

    /// <summary>The text of the <c>error</c> member; null when there is none, or when it is null.</summary>
    public string? ErrorText { get; private set; }

    /// <summary>Where the next bytes go; never empty before <see cref="Done"/>.</summary>
    public Memory<byte> Room => _buffer.AsMemory(_end);

    /// <summary>Reads the next <paramref name="count"/> bytes of <see cref="Room"/>.</summary>
    /// <exception cref="FormatException">They are not those of a unixctl reply.</exception>
    public void Received(int count)
    {
        Started |= count > 0;
        _end += count;
        while (_read < _end && _place != Place.Done)
        {
            if (_place is Place.Text or Place.Name)
            {
                ReadText();
            }
            else
            {
                ReadByte(_buffer[_read]);
            }
        }

        Compact();
    }

    private void ReadByte(byte b)
    {
        if (_place == Place.Word && b is not ((byte)',' or (byte)'}') && !IsBlank(b))
        {
            Append(1);
            return;
        }

        if (_place == Place.Word)
        {
            EndWord();
        }

        _read++;
        if (IsBlank(b))
        {
            return;
        }

        _place = (_place, b) switch
        {
            (Place.BeforeObject, (byte)'{') => Place.BeforeName,
            (Place.BeforeName, (byte)'"') => StartRecord(Place.Name),
            (Place.AfterName, (byte)':') => Place.BeforeValue,
            (Place.BeforeValue, (byte)'"') => StartRecord(Place.Text),
            (Place.BeforeValue, (byte)'-' or (byte)'n' or (byte)'t' or (byte)'f') => StartWord(),
            (Place.BeforeValue, >= (byte)'0' and <= (byte)'9') => StartWord(),
            (Place.AfterValue, (byte)',') => Place.BeforeName,
            (Place.AfterValue, (byte)'}') => End(),
            _ => throw new FormatException($"byte 0x{b:x2} is out of place"),
        };
    }

    private static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    private Place StartRecord(Place place)
    {
        _recordStart = _recordEnd = _read;
        _overlong = false;
        if (place == Place.Text && _member == Member.Result)
        {
            _sawResult = true;
        }

        return place;
    }

    private Place StartWord()
    {
        _read--;
        return StartRecord(Place.Word);
    }

    private Place End()
    {
        if (!_sawResult && ErrorText is null)
        {
            throw new FormatException("neither a result nor an error in it");
        }

        return Place.Done;
    }

    private void ReadText()
    {
        while (_read < _end)
        {
            if (_escape.Open)
            {
                ReadEscape(_buffer[_read]);
                continue;
            }

            Span<byte> rest = _buffer.AsSpan(_read, _end - _read);
            int stop = rest.IndexOfAny(Stops);
            Append(stop < 0 ? rest.Length : stop);
            if (stop < 0)
            {
                return;
            }

            byte b = _buffer[_read++];
            if (b == '"')
            {
                EndText();
                return;
            }

            if (b != '\\')
            {
                throw new FormatException($"byte 0x{b:x2} stands bare in a string");
            }

            _escape.Start();
        }
    }

    private void ReadEscape(byte b)
    {
        _read++;
        Span<byte> text = stackalloc byte[JsonStringEscape.MaxBytes];
        int count = _escape.Next(b, text);
        if (count == 1 && text[0] == '\n' && _place == Place.Text && _member == Member.Result)
        {
            EmitRecord();
        }
        else if (count > 0)
        {
            Append(text[..count]);
        }
    }

    /// <summary>Makes the next <paramref name="count"/> bytes that were read a part of the record.</summary>
    private void Append(int count)
    {
        int kept = Math.Min(count, _maxRecordBytes - (_recordEnd - _recordStart));
        if (_recordEnd != _read)
        {
            _buffer.AsSpan(_read, kept).CopyTo(_buffer.AsSpan(_recordEnd));
        }

        _overlong |= kept < count;
        _recordEnd += kept;
        _read += count;
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        if (_recordEnd - _recordStart + text.Length > _maxRecordBytes)
        {
            _overlong = true;
            return;
        }

        text.CopyTo(_buffer.AsSpan(_recordEnd));
        _recordEnd += text.Length;
    }

    private void EmitRecord()
    {
        _consumer(Record, !_overlong);
        _recordStart = _recordEnd = _read;
        _overlong = false;
    }

    private ReadOnlySpan<byte> Record => _buffer.AsSpan(_recordStart, _recordEnd - _recordStart);

    private void EndText()
    {
        if (_place == Place.Name)
        {
            _member = Record switch
            {
                var name when name.SequenceEqual("id"u8) => Member.Id,
                // ovs-appctl --format json wraps a plain text so (since 3.4).
                var name when name.SequenceEqual("result"u8) || name.SequenceEqual("reply"u8) => Member.Result,
                var name when name.SequenceEqual("error"u8) => Member.Error,
                _ => Member.Other,
            };
            _place = Place.AfterName;
            return;
        }

        _place = Place.AfterValue;
        switch (_member)
        {
            // A text that ends in a newline has no empty record after it.
            case Member.Result when _recordEnd > _recordStart || _overlong:
                EmitRecord();
                break;
            case Member.Error:
                ErrorText = Encoding.UTF8.GetString(Record).TrimEnd('\n');
                break;
            case Member.Id:
                Id = $"\"{Encoding.UTF8.GetString(Record)}\"";
                break;
        }
    }

    private void EndWord()
    {
        _place = Place.AfterValue;
        string word = Encoding.UTF8.GetString(Record[..Math.Min(Record.Length, MaxNameBytes)]);
        if (word is not ("null" or "true" or "false") && !IsNumber(word))
        {
            throw new FormatException($"'{word}' is no value");
        }

        if (_member == Member.Id)
        {
            Id = word;
        }
        else if (word != "null" && _member != Member.Other)
        {
            throw new FormatException($"the {_member.ToString().ToLowerInvariant()} is '{word}', not a text");
        }
    }

    private static bool IsNumber(string word) =>
        word.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E') && char.IsAsciiDigit(word[^1]);

    /// <summary>Moves what there is of the record to the front, so that there is room after it.</summary>
    private void Compact()
    {
        int held = _recordEnd - _recordStart;
        int unread = _end - _read;
        if (_recordStart > 0)
        {
            _buffer.AsSpan(_recordStart, held).CopyTo(_buffer);
        }

        // The text of an escape that is still open takes the place of bytes already read, which end here.
        int unreadAt = held + (_escape.Open ? JsonStringEscape.MaxBytes : 0);
        _buffer.AsSpan(_read, unread).CopyTo(_buffer.AsSpan(unreadAt));
        _recordStart = 0;
        _recordEnd = held;
        _read = unreadAt;
        _end = unreadAt + unread;
    }
}
