using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Switches the feature hw-tc-offload of an uplink or representor.</summary>
internal sealed record SetHwTcOffload(DeviceReference Device, bool From, bool To)
    : StepAction, ISettingOf<RevertedDevice>
{
    private const string On = "on";

    /// <summary>The kind of its entry, <c>on</c> or <c>off</c>, by the device.</summary>
    public static string Recorded => "hw-tc-offload";

    public override string Kind => Recorded;
    public override string Object => Device.ToString();
    public override string Summary => $"hw-tc-offload of {Device}: {Text(From)} -> {Text(To)}";
    public override Scope Scope => Device.Scope;
    public override ImmutableArray<StepAction> Inverse => [new SetHwTcOffload(Device, To, From)];

    public override RecordedChanges Record(RecordedChanges changes) =>
        Device.Record(changes, Recorded, Text(From), Text(To));

    /// <inheritdoc/>
    public static StepAction? PutBack(RevertedDevice thing, RecordedChange entry) =>
        thing.Device.HwTcOffload.TryGet(out OffloadFeature? now) && !now.Fixed && Text(now.On) == entry.After
            ? new SetHwTcOffload(thing.Reference, now.On, entry.Before == On)
            : null;

    private static string Text(bool on) => on ? On : "off";
}
