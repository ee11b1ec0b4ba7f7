using System.Buffers.Text;

namespace OvsOffload.Flows;

/// <summary>A number as Open vSwitch prints it: decimal, or hexadecimal after <c>0x</c>.</summary>
internal static class FlowNumber
{
    /// <summary>Reads all of <paramref name="text"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out ulong number) => text.StartsWith("0x"u8)
        ? Utf8Parser.TryParse(text[2..], out number, out int used, 'x') && used == text.Length - 2
        : Utf8Parser.TryParse(text, out number, out used) && used == text.Length;
}
