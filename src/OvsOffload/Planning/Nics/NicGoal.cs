using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>
/// The goal of one PF: the configuration, with what it leaves open filled in from the host.
/// </summary>
/// <param name="Nic">The operator's words.</param>
/// <param name="Pf">The PF as it is.</param>
/// <param name="Mode">
/// The e-switch's configured mode; null where the driver has no e-switch and none is asked for.
/// </param>
/// <param name="VfsNow">The VFs there are.</param>
/// <param name="Vfs">The configured number of VFs.</param>
/// <param name="Steering">The steering mode to set; null when it is right or not asked for.</param>
/// <param name="Former">
/// The VFs of now; where there are none, those that an apply under way, or one that was cut off, took away.
/// </param>
/// <param name="Moment">When the host was read.</param>
internal sealed record NicGoal(
    NicIntent Nic,
    PhysicalFunction Pf,
    EswitchMode? Mode,
    int VfsNow,
    int Vfs,
    string? Steering,
    ImmutableArray<VirtualFunction> Former,
    DateTimeOffset Moment)
{
    /// <summary>What is changed of the host already, what a run that was cut off left included.</summary>
    public required RecordedChanges Changes { get; init; }

    /// <summary>Whether the e-switch has to change its mode, be it only to change the steering mode under it.</summary>
    public bool ChangesMode => Pf.Mode != Mode || (Steering is not null && Mode == EswitchMode.Switchdev);

    /// <summary>Whether VFs have to be created or removed.</summary>
    public bool ChangesVfs => Vfs != VfsNow;

    /// <summary>Whether the VFs of now will be gone at some moment.</summary>
    public bool LosesVfs => VfsNow > 0 && ChangesVfs;

    /// <summary>Fills in one PF's goal.</summary>
    public static NicGoal Of(NicIntent nic, PhysicalFunction pf, HostState state)
    {
        EswitchMode? mode = nic.Mode switch
        {
            NicMode.Switchdev => EswitchMode.Switchdev,
            NicMode.Legacy when pf.Eswitch.IsKnown => EswitchMode.Legacy,
            _ => InterruptedChanges.ModeOf(state.Changes.ValueOr(RecordedChanges.None), pf) ?? pf.Mode,
        };
        int now = pf.VfCount.ValueOr(0);
        string? steering = nic.Steering switch
        {
            SteeringChoice.Smfs => "smfs",
            SteeringChoice.Dmfs => "dmfs",
            _ => null,
        };
        bool differs = steering is not null && pf.SteeringMode.IsKnown && pf.SteeringMode.Value != steering;
        RecordedChanges changes = state.Changes.ValueOr(RecordedChanges.None);
        ImmutableArray<VirtualFunction> former = !pf.VirtualFunctions.IsEmpty ? pf.VirtualFunctions
            : state.RemovedVfs.GetValueOrDefault(pf.Address, []) is { IsEmpty: false } taken ? taken
            : InterruptedChanges.RemovedVfs(changes, pf.Address);
        int vfs = nic.Vfs ?? InterruptedChanges.VfsOf(changes, pf) ?? now;
        return new NicGoal(nic, pf, mode, now, vfs, differs ? steering : null, former, state.ReadAt)
        {
            Changes = changes,
        };
    }
}
