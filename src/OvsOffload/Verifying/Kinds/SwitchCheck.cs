using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>A check of Open vSwitch's configuration.</summary>
internal abstract class SwitchCheck : Check
{
    /// <inheritdoc/>
    public sealed override IEnumerable<Finding> Examine(Observation input) =>
        input.State.OpenVSwitch.Database.Match(
            database => Examine(database, input),
            why => [Skip(Objects.Switch, $"this host has no Open vSwitch: {why}")],
            why => [Skip(Objects.Switch, $"cannot read the Open vSwitch database: {why}")]);

    /// <summary>Looks at the database.</summary>
    protected abstract IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input);
}
