using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OvsOffload.Flows;

/// <summary>Where a flow was counted. Its port is not kept: every copy of a flow has the same key, and so the same
/// port.</summary>
/// <param name="State">As it was counted.</param>
/// <param name="Layer">Index of the layer, below <see cref="MaxLayers"/>.</param>
/// <param name="Reason">Index of the reason and its source, below <see cref="MaxReasons"/>.</param>
internal readonly record struct SeenFlow(FlowState State, int Layer, int Reason)
{
    public const int MaxLayers = 16;
    public const int MaxReasons = 256;

    /// <summary>Three, four and eight bits.</summary>
    public ushort Packed => (ushort)((int)State | (Layer << 3) | (Reason << 7));

    public static SeenFlow Of(ushort packed) =>
        new((FlowState)(packed & 7), (packed >> 3) & (MaxLayers - 1), packed >> 7);
}

/// <summary>The flows that were seen, by their 128-bit id: open addressing with linear probing, in two plain arrays of
/// together 10 bytes a slot.</summary>
/// <remarks>
/// Of the id 64 bits are kept, a hash of all of it: among a million flows two are taken for one in one dump out of 37
/// million. The ids themselves are hashes with a secret of ovs-vswitchd's (odp_flow_key_hash, lib/odp-util.c), so
/// nobody can choose them.
/// </remarks>
internal sealed class UfidTable
{
    private const int FirstSlots = 1024;

    /// <summary>2^64 divided by the golden ratio, as in Knuth, The Art of Computer Programming, volume 3, section
    /// 6.4.</summary>
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;

    /// <summary>Any odd number of about as many ones as zeros; one of wyhash's.</summary>
    private const ulong SecondSecret = 0xA0761D6478BD642F;

    private readonly int _maxFlows;
    private ulong[] _hashes;
    private ushort[] _seen;

    /// <param name="maxFlows">The most flows it takes.</param>
    /// <param name="expected">How many there will be, so that nothing is copied while it grows; 0 where nobody
    /// knows.</param>
    public UfidTable(int maxFlows, long expected = 0)
    {
        _maxFlows = maxFlows;
        _hashes = new ulong[SlotsFor(Math.Clamp(expected, 0, maxFlows))];
        _seen = new ushort[_hashes.Length];
    }

    public int Count { get; private set; }

    /// <summary>Looks a flow up, and takes it in when it is not there yet.</summary>
    /// <param name="ufid">Its id as text of <see cref="Ufid.Length"/> bytes.</param>
    /// <param name="seen">What it is seen as now; becomes what it was seen as when it is known.</param>
    /// <param name="slot">Where it is, for <see cref="Replace"/>, until the next call.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public UfidLookup Find(ReadOnlySpan<byte> ufid, ref SeenFlow seen, out int slot) =>
        Find(HashOf(ufid), ref seen, out slot);

    /// <summary>The same by the flow's key, for dumps without ids: the key is as much a flow's own as its id.</summary>
    /// <inheritdoc cref="Find(ReadOnlySpan{byte}, ref SeenFlow, out int)"/>
    public UfidLookup FindKey(ReadOnlySpan<byte> key, ref SeenFlow seen, out int slot)
    {
        ulong hash = (ulong)key.Length;
        for (; key.Length >= sizeof(ulong); key = key[sizeof(ulong)..])
        {
            hash = Mix(hash, Word(key));
        }

        foreach (byte b in key)
        {
            hash = Mix(hash, b);
        }

        return Find(Math.Max(1, hash), ref seen, out slot);
    }

    /// <summary>The same by what <see cref="HashOf"/> makes of the id.</summary>
    /// <inheritdoc cref="Find(ReadOnlySpan{byte}, ref SeenFlow, out int)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public UfidLookup Find(ulong hash, ref SeenFlow seen, out int slot)
    {
        slot = SlotOf(_hashes, hash);
        if (_hashes[slot] != 0)
        {
            seen = SeenFlow.Of(_seen[slot]);
            return UfidLookup.Known;
        }

        if (Count >= _maxFlows)
        {
            return UfidLookup.Full;
        }

        if (++Count > _hashes.Length / 4 * 3)
        {
            Grow();
            slot = SlotOf(_hashes, hash);
        }

        _hashes[slot] = hash;
        _seen[slot] = seen.Packed;
        return UfidLookup.New;
    }

    /// <summary>
    /// Fetches the place of a flow from memory, which takes as long as reading a line: to be called before that, with
    /// any text.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Prefetch(ReadOnlySpan<byte> ufid) => Prefetch(HashOf(ufid));

    /// <inheritdoc cref="Prefetch(ReadOnlySpan{byte})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(ulong hash)
    {
        if (Sse.IsSupported)
        {
            // A hint: nothing is read, so that it does no harm where the arrays are moved meanwhile.
            int place = PlaceOf(_hashes, hash);
            Sse.Prefetch0(Unsafe.AsPointer(ref _hashes[place]));
            Sse.Prefetch0(Unsafe.AsPointer(ref _seen[place]));
        }
    }

    /// <summary>Changes what a flow was seen as.</summary>
    public void Replace(int slot, SeenFlow seen) => _seen[slot] = seen.Packed;

    /// <summary>Slots that are at most three quarters full.</summary>
    private static int SlotsFor(long flows) => (int)Math.Max(FirstSlots, (flows + 3) / 3 * 4);

    /// <summary>What stands for an id; never 0, which stands for an empty slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong HashOf(ReadOnlySpan<byte> ufid)
    {
        // The words of the text overlap, and together they are all of it.
        ulong hash = Mix(Word(ufid), Word(ufid[8..]));
        hash = Mix(hash ^ Word(ufid[16..]), Word(ufid[24..]));
        return Math.Max(1, Mix(hash, Word(ufid[28..])));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ReadOnlySpan<byte> text) => BinaryPrimitives.ReadUInt64LittleEndian(text);

    /// <summary>Multiplies to 128 bits and folds them, as wyhash does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left ^ GoldenRatio, right ^ SecondSecret, out ulong low);
        return high ^ low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PlaceOf(ulong[] hashes, ulong hash) => (int)Math.BigMul(hash, (ulong)hashes.Length, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SlotOf(ulong[] hashes, ulong hash)
    {
        int slot = PlaceOf(hashes, hash);
        while (hashes[slot] != 0 && hashes[slot] != hash)
        {
            slot = slot + 1 == hashes.Length ? 0 : slot + 1;
        }

        return slot;
    }

    private void Grow()
    {
        ulong[] hashes = new ulong[Math.Min(_hashes.Length * 2, SlotsFor(_maxFlows))];
        ushort[] seen = new ushort[hashes.Length];
        for (int i = 0; i < _hashes.Length; i++)
        {
            if (_hashes[i] != 0)
            {
                int slot = SlotOf(hashes, _hashes[i]);
                hashes[slot] = _hashes[i];
                seen[slot] = _seen[i];
            }
        }

        _hashes = hashes;
        _seen = seen;
    }
}

/// <summary>What came of a look-up.</summary>
internal enum UfidLookup
{
    /// <summary>It was not there, and is now.</summary>
    New,

    /// <summary>It was there.</summary>
    Known,

    /// <summary>It was not there, and there is no room for it.</summary>
    Full,
}
