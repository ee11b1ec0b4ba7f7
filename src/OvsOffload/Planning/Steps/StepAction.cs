using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>
/// What a step does: plain data with the value before and the value after, so that all that follows from it is known
/// before it is run. The executor carries out each as it stands and chooses nothing.
/// </summary>
internal abstract record StepAction
{
    /// <summary>The kind in the plan's JSON and journal: one lower-case word with hyphens.</summary>
    public abstract string Kind { get; }

    /// <summary>The object it changes: a PCI address, a VF, a device, a key.</summary>
    public abstract string Object { get; }

    /// <summary>What it does, for people.</summary>
    public abstract string Summary { get; }

    /// <summary>What it belongs to, and is undone with when a step of the same scope fails.</summary>
    public abstract Scope Scope { get; }

    /// <summary>
    /// The actions that undo it, in the order in which they are run; empty where nothing is left behind.
    /// </summary>
    public abstract ImmutableArray<StepAction> Inverse { get; }

    /// <summary>
    /// The actions that undo what it may have left behind when it failed midway: a VF without a driver, an e-switch in
    /// another mode than was asked for, a setting that is written and that no daemon took up. Run on a host that is as
    /// it was, they change nothing.
    /// </summary>
    public virtual ImmutableArray<StepAction> InverseOfFailed => Inverse;

    /// <summary>What it takes from whoever uses it; null for nothing.</summary>
    public virtual DetachedDevices? Detaches => null;

    /// <summary>How it is undone, for people.</summary>
    public string Undo
    {
        get
        {
            ImmutableArray<StepAction> inverse = Inverse;
            return inverse.IsEmpty
                ? "nothing to undo"
                : string.Join("; ", inverse.Select(step => step.Summary).Take(3))
                    + (inverse.Length > 3 ? $"; and {inverse.Length - 3} more" : "");
        }
    }

    /// <summary>
    /// The record of what is changed of the host after it, so that a later run can undo it; what it puts back comes off
    /// the record.
    /// </summary>
    /// <param name="changes">The record before it.</param>
    public abstract RecordedChanges Record(RecordedChanges changes);

    /// <summary>
    /// The record while it runs: whatever moment it is cut off at, a later run has to find what is left to do.
    /// </summary>
    /// <param name="changes">The record before it.</param>
    public virtual RecordedChanges RecordDuring(RecordedChanges changes) =>
        RecordedChanges.During(changes, Record(changes));
}
