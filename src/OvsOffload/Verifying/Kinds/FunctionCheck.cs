using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>A check of every PF.</summary>
internal abstract class FunctionCheck : Check
{
    /// <inheritdoc/>
    public sealed override IEnumerable<Finding> Examine(Observation input)
    {
        if (input.State.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Host, Objects.UnreadableReason(input.State.PhysicalFunctions))];
        }

        IEnumerable<Finding> found = input.State.KnownFunctions.IsEmpty
            ? [Skip(Objects.Host, Objects.NoFunctions)]
            : input.State.KnownFunctions.SelectMany(pf => Examine(pf, input.IntentOf(pf), input));
        return found.Concat(ExamineNotFound(input));
    }

    /// <summary>Looks at the PFs that the configuration names and that are not there; nothing by default.</summary>
    protected virtual IEnumerable<Finding> ExamineNotFound(Observation input) => [];

    /// <summary>Looks at one PF.</summary>
    /// <param name="pf">The PF.</param>
    /// <param name="intent">What the configuration says of it; null when it says nothing.</param>
    /// <param name="input">Everything else.</param>
    protected abstract IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input);
}

/// <summary>A check of the representors of every PF that is in switchdev mode.</summary>
internal abstract class RepresentorCheck : FunctionCheck
{
    /// <inheritdoc/>
    protected sealed override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input) =>
        pf switch
        {
            { Eswitch.IsFailed: true } =>
                [Skip(pf.Address.ToString(), $"cannot read the e-switch mode: {pf.Eswitch.Why}")],
            { Mode: not EswitchMode.Switchdev } =>
                [Skip(pf.Address.ToString(), "not in switchdev mode, so there are no representors")],
            { Representors.IsFailed: true } =>
                [Skip(pf.Address.ToString(), $"cannot read the representors: {pf.Representors.Why}")],
            _ => ExamineSwitchdev(pf, intent, input),
        };

    /// <summary>Looks at one PF in switchdev mode whose representors were read.</summary>
    protected abstract IEnumerable<Finding> ExamineSwitchdev(PhysicalFunction pf, NicIntent? intent, Observation input);

    /// <summary>The representors of VFs of this host that have a device.</summary>
    protected static IEnumerable<(Representor Representor, NetDevice Device)> Devices(PhysicalFunction pf) =>
        pf.VfRepresentors.Where(representor => representor.Device is not null)
            .Select(representor => (representor, representor.Device!));
}
