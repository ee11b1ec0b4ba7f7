namespace OvsOffload.Tests.Flows;

/// <summary>Gives bytes in pieces of one size, as a pipe may.</summary>
internal sealed class SlowStream(byte[] bytes, int size) : MemoryStream(bytes)
{
    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(size, buffer.Length)]);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(size, count));
}
