using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Applying;

/// <summary>
/// Checks, immediately before a step, what uses what it would take: a guest may have got a VF since the plan was made,
/// and the kernel destroys it without asking. Not safe for concurrent use.
/// </summary>
/// <param name="read">Reads the PFs with the holders of their VFs.</param>
/// <param name="time">Tells how old the last answer is.</param>
internal sealed class HolderCheck(
    Func<CancellationToken, Task<Reading<ImmutableArray<PhysicalFunction>>>> read, TimeProvider time)
{
    /// <summary>
    /// A step on one VF takes an answer of this age too: a PF has up to 127 of them in a row, and a reading of the host
    /// for each would take longer than the steps.
    /// </summary>
    private static readonly TimeSpan OneVfAge = TimeSpan.FromSeconds(1);

    private Reading<ImmutableArray<PhysicalFunction>>? _answer;
    private long _asked;

    /// <summary>What uses what a step would take, as a sentence; null when nothing does. Unknown counts as in
    /// use.</summary>
    public async Task<string?> RefusalAsync(StepAction action, CancellationToken cancellation)
    {
        if (!VfUsage.MayBeInUseSincePlan(action))
        {
            return null;
        }

        if (_answer is not { } answer || action.Detaches is { OnlyVf: null }
            || time.GetElapsedTime(_asked) > OneVfAge)
        {
            _asked = time.GetTimestamp();
            _answer = answer = await read(cancellation);
        }

        return VfUsage.Refusal(action, answer);
    }
}
