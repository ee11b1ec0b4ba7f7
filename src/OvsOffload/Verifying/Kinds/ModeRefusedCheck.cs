using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>
/// A check of one reason for which the e-switch refused to change its mode. That cannot be told by looking, only by
/// trying: so it goes by what the last apply since the boot met, and by the mode of now.
/// </summary>
internal abstract class ModeRefusedCheck : FunctionCheck
{
    /// <inheritdoc/>
    public sealed override ObservationParts Needs => ObservationParts.Journal;

    /// <summary>The kind of the step, as the plan and the journal name it.</summary>
    private const string Step = "eswitch-mode";

    /// <summary>What follows "the e-switch refused to go to MODE mode: ".</summary>
    protected abstract string Why { get; }

    /// <summary>Why it is so, in one sentence.</summary>
    protected abstract string Cause { get; }

    /// <summary>What mends it.</summary>
    protected abstract string Fix(PhysicalFunction pf);

    /// <summary>Whether these words of the driver give the reason.</summary>
    protected abstract bool Matches(string words);

    /// <summary>Whether a refusal that this run met gives the reason.</summary>
    protected virtual bool Matches(Refusal refusal) => Matches(refusal.Words);

    /// <inheritdoc/>
    protected sealed override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        EswitchMode? wanted = intent?.Mode switch
        {
            NicMode.Switchdev => EswitchMode.Switchdev,
            NicMode.Legacy => EswitchMode.Legacy,
            _ => null,
        };
        if (wanted is null)
        {
            return [Skip(name, "the configuration does not set mode: for this PF")];
        }

        if (pf.Eswitch.IsFailed)
        {
            return [Skip(name, $"cannot read the e-switch mode: {pf.Eswitch.Why}")];
        }

        if (pf.Mode == wanted)
        {
            return [Ok(name, $"devlink dev eswitch show pci/{name}: mode {wanted.Value.ToName()}, as configured")];
        }

        if (input.State.Refusals.FirstOrDefault(refusal => refusal.Pf == pf.Address && Matches(refusal)) is { } met)
        {
            return [Refused(pf, $"the last apply: {met.Words}", wanted.Value)];
        }

        if (!input.Journal.IsKnown)
        {
            return [Skip(name, input.Journal.IsAbsent
                ? $"the mode was not changed since boot: {input.Journal.Why}"
                : $"cannot read the journal of the last apply: {input.Journal.Why}")];
        }

        JournalLine? failed =
            input.Journal.Value.LastOrDefault(line => line.Id == $"{Step}:{name}" && line.Phase == "failed");
        return failed switch
        {
            { Error: { } error } when Matches(error) =>
                [Refused(pf, $"journal of the last apply: {failed.Id}: {error}", wanted.Value)],
            null => [Ok(name, "journal of the last apply: no failed change of the mode")],
            _ => [Skip(name, "the last apply failed to change the mode: "
                + (failed.Error ?? "the journal has no reason"))],
        };
    }

    private Finding Refused(PhysicalFunction pf, string evidence, EswitchMode wanted) => Found(
        Severity,
        pf.Address.ToString(),
        $"the e-switch refused to change to {wanted.ToName()} mode: {Why}",
        evidence,
        Cause,
        Fix(pf));
}
