namespace OvsOffload.Os;

/// <summary>Keeps the native heap of a process that runs for months small.</summary>
internal static class NativeHeap
{
    /// <summary>
    /// Bytes, of a block and of what is free at the heap's end. zlib takes some 400 KiB for each compressed answer, and
    /// to take them from the kernel anew would be a tenth of a scrape.
    /// </summary>
    private const int MaxKept = 1 << 20;

    private const int Arenas = 1;

    /// <summary>
    /// What is freed beyond a bound is given back to the kernel. By default glibc raises that bound with the first
    /// block, and each thread's arena then keeps what zlib needed for a compressed answer: 12 MB of them, measured.
    /// </summary>
    public static void Limit()
    {
        try
        {
            // What is refused costs memory and nothing else.
            LibC.SetMallocOption(LibC.MallocMapThreshold, MaxKept);
            LibC.SetMallocOption(LibC.MallocTrimThreshold, MaxKept);
            LibC.SetMallocOption(LibC.MallocMostArenas, Arenas);
        }
        catch (EntryPointNotFoundException)
        {
            // Another libc, which has other habits.
        }
    }
}
