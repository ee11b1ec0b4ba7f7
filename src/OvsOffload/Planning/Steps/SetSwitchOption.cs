using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Sets or removes a key of Open_vSwitch.other_config; null means that it is not there.</summary>
internal sealed record SetSwitchOption(string Key, string? From, string? To) : StepAction
{
    public override string Kind => "switch-option";
    public override string Object => Key;
    public override string Summary => $"Open_vSwitch other_config:{Key}: {From ?? "unset"} -> {To ?? "unset"}";
    public override Scope Scope => Scope.Switch;
    public override ImmutableArray<StepAction> Inverse => [new SetSwitchOption(Key, To, From)];

    public override RecordedChanges Record(RecordedChanges changes) =>
        changes.With(ChangeKind.SwitchOption, Key, From, To);
}
