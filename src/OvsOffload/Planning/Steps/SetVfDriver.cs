using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Binds a VF to a driver, or unbinds it.</summary>
/// <param name="Pf">The PF.</param>
/// <param name="Vf">The VF's index.</param>
/// <param name="From">The driver before; null for none.</param>
/// <param name="To">
/// The driver after; null for none, <see cref="Default"/> for the one that the kernel would choose.
/// </param>
/// <param name="OverrideFrom">driver_override before.</param>
/// <param name="OverrideTo">driver_override after; null clears it.</param>
internal sealed record SetVfDriver(
    PciAddress Pf, int Vf, string? From, string? To, string? OverrideFrom, string? OverrideTo) : StepAction
{
    /// <summary>Stands for the driver that the kernel chooses by itself.</summary>
    public const string Default = "default";

    /// <summary>What an unbound VF is bound to later in the same plan; null where it stays without a driver.</summary>
    public VfBinding? Later { get; init; }

    public override string Kind => To is null ? "vf-unbind" : "vf-driver";
    public override string Object => $"{Pf} vf{Vf}";
    public override string Summary => $"driver of {Pf} vf{Vf}: {From ?? "none"} -> {To ?? "none"}";
    public override Scope Scope => new Scope.OfPf(Pf);
    public override ImmutableArray<StepAction> Inverse =>
        [new SetVfDriver(Pf, Vf, To, From, OverrideTo, OverrideFrom)];

    public override DetachedDevices? Detaches => new(Pf) { Vfs = true, OnlyVf = Vf, IsFresh = From is null };

    public override RecordedChanges Record(RecordedChanges changes) => changes
        .WithVf(
            ChangeKind.VfDriver, Pf, Vf, $"{new BoundDriver(From, OverrideFrom)}", $"{new BoundDriver(To, OverrideTo)}")
        .With(ChangeKind.VfBinding, Object, null, To is null ? Later?.Bound.ToString() : null);
}
