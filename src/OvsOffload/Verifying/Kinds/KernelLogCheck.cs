using OvsOffload.Host;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>
/// A check that goes by lines which a NIC's driver, or the PCI core for it, wrote into the kernel's log since the boot.
/// </summary>
internal abstract class KernelLogCheck : Check
{
    /// <summary>How old a line may be to be told as what is, and not as what was.</summary>
    protected static readonly TimeSpan Recent = TimeSpan.FromHours(1);

    /// <summary>Words of the kernel, one of which stands in the line.</summary>
    protected abstract IReadOnlyList<string> Phrases { get; }

    /// <summary>Why it is so, in one sentence.</summary>
    protected abstract string Cause { get; }

    /// <inheritdoc/>
    public sealed override IEnumerable<Finding> Examine(Observation input)
    {
        HostState state = input.State;
        if (state.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Host, Objects.UnreadableReason(state.PhysicalFunctions))];
        }

        if (state.KnownFunctions.IsEmpty)
        {
            return [Skip(Objects.Host, Objects.NoFunctions)];
        }

        if (!state.Kernel.Log.TryGet(out IReadOnlyList<KernelLogRecord>? records))
        {
            return [Skip(Objects.Kernel, $"kernel log: {state.Kernel.Log.Why}")];
        }

        Finding[] found =
        [
            .. input.NicLog.Where(record => Matches(record.Text))
                .GroupBy(record => FunctionOf(record, state))
                .Select(lines => Evaluate(lines.Key, [.. lines], input)),
        ];
        return found.Length > 0
            ? found
            : [Ok(Objects.Kernel, $"kernel log: no \"{Phrases[0]}\" in {records.Count} records")];
    }

    /// <summary>What mends it.</summary>
    protected abstract string Fix(PhysicalFunction? pf, Observation input);

    /// <summary>Whether a line is one of those; by default one of the words stands in it.</summary>
    protected virtual bool Matches(string text) =>
        Phrases.AnyIn(text, StringComparison.Ordinal);

    /// <summary>How bad the newest line is; by default as bad as the check gets.</summary>
    /// <param name="pf">The PF that it speaks of; null where it names none of this host.</param>
    /// <param name="record">The newest line.</param>
    /// <param name="input">Everything else.</param>
    protected virtual FindingStatus StatusOf(PhysicalFunction? pf, KernelLogRecord record, Observation input) =>
        Severity;

    /// <summary>Whether a line is of the last hour; true where the uptime is not known.</summary>
    protected static bool IsRecent(KernelLogRecord record, Observation input) =>
        !input.State.Kernel.Facts.Uptime.TryGet(out TimeSpan uptime) || uptime - record.SinceBoot <= Recent;

    /// <summary>
    /// Whether a PF has the VFs that are wanted of it, or where nothing is said of it any: then a failure to make them
    /// is history.
    /// </summary>
    protected static bool HasExpectedVfs(PhysicalFunction? pf, Observation input) =>
        pf is not null && pf.VfCount.ValueOr(0) > 0
        && (input.IntentOf(pf)?.Vfs is not { } wanted || pf.VfCount.Value == wanted);

    private Finding Evaluate(PhysicalFunction? pf, KernelLogRecord[] lines, Observation input) => Found(
        StatusOf(pf, lines[^1], input),
        pf?.Address.ToString() ?? Objects.Kernel,
        Info.Title,
        $"kernel log: {Objects.OneLine(lines[^1].Text)}" + (lines.Length > 1 ? $" ({lines.Length} matching "
            + "lines)" : ""),
        Cause,
        Fix(pf, input));

    private static PhysicalFunction? FunctionOf(KernelLogRecord record, HostState state) =>
        state.KnownFunctions.FirstOrDefault(pf => record.Text.Contains(pf.Address.ToString(), StringComparison.Ordinal)
            || pf.VirtualFunctions.Any(vf =>
                record.Text.Contains(vf.Address.ToString(), StringComparison.Ordinal)));
}
