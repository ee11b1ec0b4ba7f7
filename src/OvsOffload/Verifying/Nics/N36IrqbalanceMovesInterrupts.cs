using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Verifying;

/// <summary>irqbalance undoes what somebody else did with a PF's interrupts.</summary>
internal sealed class N36IrqbalanceMovesInterrupts : Check
{
    private const string Sockets = "/run/irqbalance";

    public override CheckInfo Info { get; } = new(
        "N36",
        "irqbalance-moves-interrupts",
        CheckSeverity.Warning,
        "irqbalance overrides configured interrupt affinity",
        """
        irqbalance measures the CPUs' load every ten seconds and moves interrupts. Most hosts need that. It is a
        conflict if something else sets the affinity: a start script or unit that writes smp_affinity or calls
        set_irq_affinity, mlnx_affinity or mlnx_tune, or MLNX_OFED with RUN_AFFINITY_TUNER=yes. The affinity then
        changes every few seconds. It is also a conflict on a host with isolated CPUs (isolcpus, nohz_full): by default
        irqbalance avoids those, but not when IRQBALANCE_BANNED_CPUS or IRQBALANCE_BANNED_CPULIST names others, and then
        the pinned CPUs of guests serve the NIC's interrupts.

        The check reads the arguments and the environment of the running irqbalance, the start scripts below /etc, and
        the current affinity of the interrupts. Offloaded flows are not affected; the slow path and guests on isolated
        CPUs are. An irqbalance with --banirq, --banmod or --policyscript is assumed to be configured on purpose.
        """);

    public override IEnumerable<Finding> Examine(Observation input)
    {
        HostState state = input.State;
        if (state.KnownFunctions.IsEmpty)
        {
            return [Skip(Objects.Host, state.PhysicalFunctions.IsFailed
                ? Objects.UnreadableReason(state.PhysicalFunctions)
                : Objects.NoFunctions)];
        }

        PlatformState platform = state.Platform;
        if (platform.Irqbalance.IsAbsent)
        {
            return [Ok(Objects.Host, $"{Sockets}: {platform.Irqbalance.Why}")];
        }

        if (!platform.Irqbalance.TryGet(out Irqbalance? runs))
        {
            return [Skip(Objects.Host, $"{Sockets}: {platform.Irqbalance.Why}")];
        }

        if (!platform.AffinitySettings.TryGet(out IReadOnlyList<AffinitySetting>? settings)
            || !platform.IsolatedCpus.TryGet(out ImmutableHashSet<int>? isolated))
        {
            return [Skip(Objects.Host, platform.AffinitySettings.IsKnown
                ? $"/sys/devices/system/cpu/isolated, nohz_full: {platform.IsolatedCpus.Why}"
                : $"/etc: {platform.AffinitySettings.Why}")];
        }

        Finding[] found =
        [
            .. runs.KeepsOff is null ? settings.Select(setting => FindingFor(runs, setting, input)) : [],
            .. state.KnownFunctions.Select(pf => OnIsolated(runs, pf, isolated, input)).OfType<Finding>(),
        ];
        return found.Length > 0
            ? found
            : [Ok(Objects.Host, $"irqbalance (pid {runs.Process}) is running; "
                + (runs.KeepsOff is { } argument
                    ? $"it was started with {Objects.OneLine(argument)}"
                    : "nothing else sets interrupt affinity"))];
    }

    private Finding FindingFor(Irqbalance runs, AffinitySetting setting, Observation input) => Found(
        Severity,
        Objects.Host,
        "irqbalance overrides the interrupt affinity set at boot",
        $"/proc/{runs.Process}/comm: irqbalance; {setting.File}: {Objects.OneLine(setting.Line)}",
        $"irqbalance is running, and {setting.File} sets interrupt affinity",
        $"systemctl disable --now irqbalance; or remove the line from {setting.File}; or add --banirq=N for each "
            + $"interrupt, or --banmod=MODULE, to {Arguments(input)}");

    private Finding? OnIsolated(
        Irqbalance runs, PhysicalFunction pf, ImmutableHashSet<int> isolated, Observation input)
    {
        FunctionPlatform around = input.State.Platform.Functions.GetValueOrDefault(pf.Address) ?? new();
        if (runs.Banned is null || isolated.IsSubsetOf(runs.BannedCpus))
        {
            return null;
        }

        foreach (Interrupt interrupt in around.Interrupts.ValueOr([]).Where(one => one.Handlers.Count > 0))
        {
            if (interrupt.Affinity.Then(text => CpuList.Parse(text, "")).TryGet(out ImmutableHashSet<int>? cpus)
                && !cpus.IsEmpty && cpus.IsSubsetOf(isolated.Except(runs.BannedCpus)))
            {
                return Found(
                    Severity,
                    pf.Address.ToString(),
                    "irqbalance moves the PF's interrupts to isolated CPUs",
                    $"/proc/irq/{interrupt.Number}/smp_affinity_list: {interrupt.Affinity}; "
                        + $"/proc/{runs.Process}/environ: {Objects.OneLine(runs.Banned)}; the CPU is in "
                        + "/sys/devices/system/cpu/isolated or nohz_full",
                    "the variable replaces irqbalance's default exclusion of isolated CPUs and does not list all of "
                        + "them",
                    $"remove it from {File(input)}, or add the isolated CPUs to it; then systemctl restart irqbalance");
            }
        }

        return null;
    }

    private static string File(Observation input) => input.Distribution.Fix(
        debian: "/etc/default/irqbalance", rhel: "/etc/sysconfig/irqbalance", proxmox: "/etc/default/irqbalance");

    private static string Arguments(Observation input) => input.Distribution.Fix(
        debian: "OPTIONS or IRQBALANCE_ARGS of /etc/default/irqbalance",
        rhel: "IRQBALANCE_ARGS of /etc/sysconfig/irqbalance",
        proxmox: "OPTIONS or IRQBALANCE_ARGS of /etc/default/irqbalance");
}
