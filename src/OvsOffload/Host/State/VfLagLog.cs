using OvsOffload.Os;
using OvsOffload.Platform;


namespace OvsOffload.Host;

/// <summary>
/// What the kernel's log says of a bond's VF-LAG, for drivers that show no state. The lines are those of mlx5_core
/// (lag/lag.c, eswitch.c), ice (ice_lag.c) and bonding (bond_main.c). Pure.
/// </summary>
internal static class VfLagLog
{
    /// <summary>
    /// mlx5 writes these when it makes a LAG, before it asks the firmware, so they count only until a refusal follows:
    /// <c>lag map port 1:1 port 2:2</c> (before 5.19), <c>shared_fdb:1 mode:hash</c> (since), one table of rules.
    /// </summary>
    private static readonly string[] CreationMessages =
        ["lag map port ", "shared_fdb:", "Operation mode is single FDB"];

    /// <summary>
    /// It writes these whenever it spreads a LAG's flows anew: <c>lag map: port 1:1 port 2:2</c>,
    /// <c>lag map active ports: 1, 2</c>, <c>modify lag map port 1:2 port 2:2</c>. One follows the release of a member
    /// too, just before the LAG ends, so they say nothing after a reset.
    /// </summary>
    private static readonly string[] Mappings = ["modify lag map", "lag map: port ", "lag map active ports:"];

    /// <summary>
    /// mlx5 says so last of whatever kept it from making the LAG; VFs that are bound are the usual reason. What it said
    /// before is nearer to the truth.
    /// </summary>
    private const string RefusalReason = "the firmware rejected the LAG, as it does while a VF is bound to a driver";

    /// <summary>Refusals, with what each means.</summary>
    private static readonly (string Words, string Why)[] Refusals =
    [
        ("Failed to create LAG port selection", "the firmware rejected the port selection table"),
        ("Failed to create LAG", "the firmware rejected the LAG"),
        ("Can't enable single FDB mode", "the e-switches could not be joined (shared FDB)"),
        ("Failed to deactivate VF LAG", "an older LAG could not be deactivated; mlx5_core has to be reloaded"),
        ("Failed to activate VF LAG", RefusalReason),
        ("Make sure all VFs are unbound prior to VF LAG", RefusalReason),
        ("Can't activate LAG offload", "the driver rejected the bond"),
        ("VF LAG disabled", "the driver rejected the bond"),
    ];

    /// <summary>
    /// After these what was written before says nothing any more: the e-switch or the bond was made anew.
    /// </summary>
    private static readonly string[] Resets =
        ["E-Switch: Enable: mode(", "E-Switch: Disable", "E-Switch: Unload", "): Releasing "];

    /// <summary>The state that the log proves.</summary>
    /// <param name="log">The kernel's log, oldest first.</param>
    /// <param name="marks">How lines name the bond's members: their PCI addresses and device names.</param>
    public static VfLag Of(Reading<IReadOnlyList<KernelLogRecord>> log, IReadOnlyCollection<string> marks)
    {
        if (!log.TryGet(out IReadOnlyList<KernelLogRecord>? records))
        {
            return VfLag.Undetermined($"cannot read the kernel log: {log.Why}");
        }

        var found = VfLag.Undetermined("neither the driver nor the kernel log shows the state");
        bool reset = false;
        foreach (KernelLogRecord record in records.Where(record =>
            marks.Any(mark => record.Text.Contains(mark, StringComparison.Ordinal))))
        {
            string evidence = $"kernel log: {record.Text}";
            if (Refused(record.Text) is { } why)
            {
                found = why == RefusalReason && found.State == VfLagState.Inactive
                    ? found
                    : VfLag.Inactive(why, evidence);
            }
            else if (Mappings.Any(record.Text.Contains) ? !reset : CreationMessages.Any(record.Text.Contains))
            {
                found = VfLag.Active(evidence);
                reset = false;
            }
            else if (Resets.Any(record.Text.Contains))
            {
                reset = true;
                found = VfLag.Undetermined($"the kernel log has no line about it after \"{record.Text}\"");
            }
        }

        return found;
    }

    private static string? Refused(string text) =>
        Array.Find(Refusals, refusal => text.Contains(refusal.Words, StringComparison.Ordinal)).Why;
}
