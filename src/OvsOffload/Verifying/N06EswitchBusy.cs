using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>The last apply met an e-switch that refused to change its mode because it was in use.</summary>
internal sealed class N06EswitchBusy : FunctionCheck
{
    /// <summary>The kind of the step, as the plan and the journal name it.</summary>
    private const string Step = "eswitch-mode";

    /// <summary>
    /// What drivers say of it (mlx5 eswitch_offloads.c; net/devlink/dev.c: rate nodes and traps hold the mode too).
    /// </summary>
    private static readonly string[] BusyWords = ["busy", "EBUSY", "VFs are bound", "Rate node", "traps are active"];

    public override CheckInfo Info { get; } = new(
        "N06",
        "eswitch-busy",
        CheckSeverity.Error,
        "the e-switch refused to change its mode, it is busy",
        """
        A driver does not change the e-switch's mode while something holds it: tc filters that are being written, VFs
        that are bound to a driver, a firmware reset, devlink rate nodes. mlx5 says "E-Switch is busy", with EBUSY or,
        while another operation has its lock, with EINVAL.

        It cannot be told by looking, only by trying. So this check goes by what the last apply since the boot met, and
        by the mode of now: once the mode is as wanted, the refusal is history.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        EswitchMode? wanted = wish?.Mode switch
        {
            NicMode.Switchdev => EswitchMode.Switchdev,
            NicMode.Legacy => EswitchMode.Legacy,
            _ => null,
        };
        if (wanted is null)
        {
            return [Skip(name, "no configuration says which mode is wanted")];
        }

        if (pf.Eswitch.IsFailed)
        {
            return [Skip(name, $"the e-switch's mode could not be read: {pf.Eswitch.Why}")];
        }

        if (pf.Mode == wanted)
        {
            return [Ok(name, $"devlink dev eswitch show pci/{name}: mode {wanted.Value.ToWord()}, as wanted")];
        }

        if (input.State.Refusals.FirstOrDefault(refusal => refusal.Pf == pf.Address
            && (refusal.Reason == RefusalReason.BusyWhileVfsAreBound || SaysBusy(refusal.Words))) is { } refusal)
        {
            return [Busy(name, $"the last apply: {refusal.Words}", wanted.Value)];
        }

        if (!input.Journal.IsKnown)
        {
            return [Skip(name, input.Journal.IsAbsent
                ? $"nothing has tried to change the mode since the boot: {input.Journal.Why}"
                : $"the journal of the last apply: {input.Journal.Why}")];
        }

        JournalLine? failed =
            input.Journal.Value.LastOrDefault(line => line.Id == $"{Step}:{name}" && line.Phase == "failed");
        return failed switch
        {
            { Error: { } error } when SaysBusy(error) =>
                [Busy(name, $"journal of the last apply: {failed.Id}: {error}", wanted.Value)],
            null => [Ok(name, "journal of the last apply: no change of the mode failed")],
            _ => [Skip(name, "the last apply failed to change the mode for another reason: "
                + (failed.Error ?? "the journal does not say which"))],
        };
    }

    private Finding Busy(string name, string evidence, EswitchMode wanted) => Found(
        FindingStatus.Error,
        name,
        $"the e-switch refused to go to {wanted.ToWord()} mode: it is busy",
        evidence,
        "something holds the e-switch: tc filters, VFs that are bound to a driver, or another operation",
        "stop what uses the VFs and remove leftover tc filters (tc qdisc del dev DEVICE ingress), then ovs-offload "
            + "apply");

    private static bool SaysBusy(string text) =>
        BusyWords.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
