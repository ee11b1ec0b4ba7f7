using OvsOffload.Host;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>
/// A network device as a plan names it: by what it is, not by its interface name. Representors come late and are
/// renamed, so the name is looked up (switch id and port name, through devlink) at the moment of use.
/// </summary>
internal abstract record DeviceReference
{
    /// <summary>What steps on the device belong to.</summary>
    public abstract Scope Scope { get; }

    /// <summary>
    /// Whether the device goes away when what ovs-offload changed is undone, and its settings with it: they need no
    /// record.
    /// </summary>
    /// <param name="changes">What is changed of the host.</param>
    public abstract bool IsOwned(RecordedChanges changes);

    /// <summary>The device as it is on a host; null where it is not there.</summary>
    public abstract NetDevice? In(HostState state);

    /// <summary>A member of a bond.</summary>
    public static DeviceReference Of(BondMember member) =>
        member.Pf is { } pf ? new UplinkOf(pf) : new DeviceNamed(member.Device.Name);

    /// <summary>
    /// An uplink, or a device of that name, as an entry of the record names it; null where it is not on the host any
    /// more.
    /// </summary>
    public static DeviceReference? Parse(string? text, HostState state)
    {
        DeviceReference? reference = text is null ? null
            : text.EndsWith(UplinkOf.Suffix, StringComparison.Ordinal)
                && PciAddress.TryParse(text[..^UplinkOf.Suffix.Length], out PciAddress pf) ? new UplinkOf(pf)
            : new DeviceNamed(text);
        return reference?.In(state) is null ? null : reference;
    }

    /// <summary>The record with one more change of a setting of the device.</summary>
    public RecordedChanges Record(RecordedChanges changes, string kind, string? before, string? after) =>
        IsOwned(changes) ? changes : changes.With(kind, $"{this}", before, after);
}

/// <summary>The uplink of a PF.</summary>
internal sealed record UplinkOf(PciAddress Pf) : DeviceReference
{
    /// <summary>What stands behind the PF's address in its text.</summary>
    public const string Suffix = " uplink";

    /// <inheritdoc/>
    public override Scope Scope => new Scope.OfPf(Pf);

    /// <inheritdoc/>
    public override bool IsOwned(RecordedChanges changes) => false;

    /// <inheritdoc/>
    public override NetDevice? In(HostState state) => state.Find(Pf)?.Uplink;

    /// <inheritdoc/>
    public override string ToString() => $"{Pf}{Suffix}";
}

/// <summary>The representor of a VF.</summary>
internal sealed record RepresentorOf(PciAddress Pf, int Vf) : DeviceReference
{
    /// <inheritdoc/>
    public override Scope Scope => new Scope.OfPf(Pf);

    /// <summary>Representors come with the mode or the VFs.</summary>
    public override bool IsOwned(RecordedChanges changes) => changes.CreatedVfs(Pf) || changes.ChangedMode(Pf);

    /// <inheritdoc/>
    public override NetDevice? In(HostState state) => state.Find(Pf)?.RepresentorOf(Vf)?.Device;

    /// <inheritdoc/>
    public override string ToString() => $"{Pf} vf{Vf}{RecordedChanges.OfRepresentor}";
}

/// <summary>The local port of an Open vSwitch bridge: the internal device that has the bridge's name.</summary>
internal sealed record LocalPortOf(string Bridge) : DeviceReference
{
    /// <inheritdoc/>
    public override Scope Scope => new Scope.OfBridge(Bridge);

    /// <inheritdoc/>
    public override bool IsOwned(RecordedChanges changes) => true;

    /// <inheritdoc/>
    public override NetDevice? In(HostState state) => state.FindDevice(Bridge);

    /// <inheritdoc/>
    public override string ToString() => Bridge;
}

/// <summary>A device that has no other mark than its name: a bond.</summary>
internal sealed record DeviceNamed(string Name) : DeviceReference
{
    /// <inheritdoc/>
    public override Scope Scope => new Scope.OfBond(Name);

    /// <inheritdoc/>
    public override bool IsOwned(RecordedChanges changes) => changes.CreatedBond(Name);

    /// <inheritdoc/>
    public override NetDevice? In(HostState state) => state.FindDevice(Name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
