using System.Runtime.CompilerServices;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Flows;

/// <summary>Takes the lines that a text begins with, as <see cref="IFlowConsumer.AddLines"/> does.</summary>
internal delegate int LinesConsumer(ReadOnlySpan<byte> text, int maxLineBytes);

/// <summary>Splits plain text into lines while it arrives, as <see cref="UnixctlReplyScanner"/> does with a reply: for
/// dumps in files and from other programs.</summary>
/// <remarks>One buffer of fixed size; nothing is allocated for a line. Usage: fill <see cref="Room"/>, tell
/// <see cref="Received"/>, until the end of the text, and look at <see cref="Rest"/> then.</remarks>
internal sealed class RecordSplitter
{
    private readonly RecordConsumer _consumer;
    private readonly int _maxRecordBytes;
    private readonly byte[] _buffer;
    private int _end;
    private int _searched;

    /// <param name="consumer">Gets each line that has ended, without its newline, in order.</param>
    /// <param name="bufferBytes">Size of the one buffer; above <paramref name="maxRecordBytes"/>.</param>
    /// <param name="maxRecordBytes">Longest line that is handed out whole; of a longer one only its beginning
    /// is.</param>
    public RecordSplitter(RecordConsumer consumer, int bufferBytes, int maxRecordBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(bufferBytes, maxRecordBytes + 1);
        _consumer = consumer;
        _maxRecordBytes = maxRecordBytes;
        _buffer = new byte[bufferBytes];
    }

    /// <summary>Is given the text first, wherever a line begins; gets nothing by default.</summary>
    public LinesConsumer LinesConsumer { get; init; } = (_, _) => 0;

    /// <summary>Where the next bytes go; never empty.</summary>
    public Memory<byte> Room => _buffer.AsMemory(_end);

    /// <summary>What came after the last newline; more than the longest line when it is too long.</summary>
    public ReadOnlySpan<byte> Rest => _buffer.AsSpan(0, _end);

    /// <summary>Reads the next <paramref name="count"/> bytes of <see cref="Room"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Received(int count)
    {
        _end += count;
        // What is left of a line was given out already.
        int start = _searched == 0 ? LinesConsumer(_buffer.AsSpan(0, _end), _maxRecordBytes) : 0;
        _searched += start;
        while (_buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n') is var length && length >= 0)
        {
            int end = _searched + length;
            Emit(_buffer.AsSpan(start, end - start));
            start = end + 1;
            start += LinesConsumer(_buffer.AsSpan(start, _end - start), _maxRecordBytes);
            _searched = start;
        }

        // One byte more than the longest line stays, so that it shows as too long when its end comes.
        int rest = Math.Min(_end - start, _maxRecordBytes + 1);
        _buffer.AsSpan(start, rest).CopyTo(_buffer);
        _end = _searched = rest;
    }

    private void Emit(ReadOnlySpan<byte> line)
    {
        bool whole = line.Length <= _maxRecordBytes;
        _consumer(whole ? line : line[.._maxRecordBytes], whole);
    }
}
