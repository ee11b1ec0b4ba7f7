using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>A check of what <c>ovs-appctl upcall/show</c> tells of each datapath.</summary>
internal abstract class UpcallCheck : SwitchCheck
{
    /// <inheritdoc/>
    protected sealed override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        if (!input.State.OpenVSwitch.Upcalls.TryGet(out IReadOnlyList<UpcallShow>? datapaths))
        {
            return [Skip(Objects.Switch, $"ovs-appctl upcall/show: {input.State.OpenVSwitch.Upcalls.Why}")];
        }

        return datapaths.Count == 0
            ? [Skip(Objects.Switch, "there is no datapath")]
            : datapaths.Select(datapath => Evaluate(datapath, database));
    }

    /// <summary>Looks at one datapath.</summary>
    protected abstract Finding Evaluate(UpcallShow datapath, OpenVSwitchDatabase database);
}
