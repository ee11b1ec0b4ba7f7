namespace OvsOffload.Os;

/// <summary>Keeps the native heap of a process that runs for months small.</summary>
internal static class NativeHeap
{
    /// <summary>glibc's own default, DEFAULT_MMAP_THRESHOLD_MIN. Bytes.</summary>
    private const int MapThreshold = 128 * 1024;

    private const int Arenas = 1;

    /// <summary>
    /// Blocks of 128 KiB and more are given back to the kernel when they are freed. By default glibc raises that limit
    /// with the first one, and each thread's arena then keeps what zlib needed for a compressed answer: 12 MB of them,
    /// measured.
    /// </summary>
    public static void Restrain()
    {
        try
        {
            // What is refused costs memory and nothing else.
            LibC.SetMallocOption(LibC.MallocMapThreshold, MapThreshold);
            LibC.SetMallocOption(LibC.MallocMostArenas, Arenas);
        }
        catch (EntryPointNotFoundException)
        {
            // Another libc, which has other habits.
        }
    }
}
