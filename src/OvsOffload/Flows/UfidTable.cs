using System.Numerics;

namespace OvsOffload.Flows;

/// <summary>Where a flow was counted.</summary>
internal readonly record struct SeenFlow(ushort Port, byte Layer, FlowState State);

/// <summary>The flows that were seen, by their 128-bit id: open addressing with linear probing, in two plain
/// arrays.</summary>
/// <param name="maxFlows">The most flows it takes.</param>
internal sealed class UfidTable(int maxFlows)
{
    private const int FirstSlots = 1024;

    /// <summary>2^64 divided by the golden ratio, as in Knuth, The Art of Computer Programming, volume 3, section
    /// 6.4.</summary>
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;

    private UInt128[] _ufids = new UInt128[FirstSlots];
    private SeenFlow[] _seen = new SeenFlow[FirstSlots];
    private SeenFlow _zero;
    private bool _hasZero;

    public int Count { get; private set; }

    /// <summary>The place of a flow, made when it is not there yet.</summary>
    /// <param name="ufid">Its id.</param>
    /// <param name="isNew">True when it was not there.</param>
    /// <param name="isFull">True when it was not there and there is no room for it; the place is then of no
    /// use.</param>
    public ref SeenFlow Find(UInt128 ufid, out bool isNew, out bool isFull)
    {
        // An empty slot holds 0, so the id 0 has a place of its own.
        if (ufid == UInt128.Zero)
        {
            isNew = !_hasZero;
            isFull = isNew && Count >= maxFlows;
            if (isNew && !isFull)
            {
                _hasZero = true;
                Count++;
            }

            return ref _zero;
        }

        var slot = SlotOf(_ufids, ufid);
        isNew = _ufids[slot] != ufid;
        isFull = isNew && Count >= maxFlows;
        if (isNew && !isFull)
        {
            if (++Count > _ufids.Length / 4 * 3)
            {
                Grow();
                slot = SlotOf(_ufids, ufid);
            }

            _ufids[slot] = ufid;
        }

        return ref _seen[slot];
    }

    private static int SlotOf(UInt128[] ufids, UInt128 ufid)
    {
        // A ufid is a hash already, but nothing promises that: multiplicative hashing spreads a run of numbers, too.
        var mixed = (((ulong)(ufid >> 64) * GoldenRatio) ^ (ulong)ufid) * GoldenRatio;
        var slot = (int)(mixed >> (64 - BitOperations.Log2((uint)ufids.Length)));
        while (ufids[slot] != UInt128.Zero && ufids[slot] != ufid)
        {
            slot = (slot + 1) & (ufids.Length - 1);
        }

        return slot;
    }

    private void Grow()
    {
        var ufids = new UInt128[_ufids.Length * 2];
        var seen = new SeenFlow[ufids.Length];
        for (var i = 0; i < _ufids.Length; i++)
        {
            if (_ufids[i] != UInt128.Zero)
            {
                var slot = SlotOf(ufids, _ufids[i]);
                ufids[slot] = _ufids[i];
                seen[slot] = _seen[i];
            }
        }

        _ufids = ufids;
        _seen = seen;
    }
}
