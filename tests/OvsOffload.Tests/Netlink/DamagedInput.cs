using OvsOffload.Netlink;

namespace OvsOffload.Tests.Netlink;

/// <summary>
/// Gives a reader every damaged form of a good answer. It may refuse with the one typed failure, or find a value;
/// anything else that it throws fails the test. (An endless loop would be ended by the runner.)
/// </summary>
internal static class DamagedInput
{
    /// <summary>The answer cut at every offset.</summary>
    /// <returns>How many of the cuts were refused.</returns>
    public static async Task<int> CutAsync(byte[] answer, Func<INetlinkChannel, Task> read)
    {
        int refused = 0;
        for (int length = 0; length < answer.Length; length++)
        {
            refused += await IsRefusedAsync(answer[..length], read) ? 1 : 0;
        }

        return refused;
    }

    /// <summary>
    /// Each byte of the answer changed to each of some values. The first message is kept together by its header.
    /// </summary>
    public static async Task MutateAsync(byte[] answer, Func<INetlinkChannel, Task> read)
    {
        byte[] values = [0, 1, 3, 4, 5, 0x7f, 0x80, 0xff];
        for (int offset = 0; offset < answer.Length; offset++)
        {
            foreach (byte value in values.Append((byte)(answer[offset] ^ 1)))
            {
                byte[] damaged = answer.ToArray();
                damaged[offset] = value;
                await IsRefusedAsync(damaged, read);
            }
        }
    }

    /// <summary>True when the answer is refused with the typed failure, false when it is read.</summary>
    public static async Task<bool> IsRefusedAsync(byte[] answer, Func<INetlinkChannel, Task> read)
    {
        // a kernel that falls silent is the socket's affair; the reader sees the end of the answer in any case
        var kernel = new FakeKernel(_ => [answer, Bytes.Acknowledgement()]);
        try
        {
            await read(kernel);
            return false;
        }
        catch (NetlinkException)
        {
            return true;
        }
    }
}
