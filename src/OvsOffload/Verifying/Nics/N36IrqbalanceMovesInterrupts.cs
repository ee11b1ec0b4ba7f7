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
        "irqbalance moves interrupts that were placed on purpose",
        """
        irqbalance looks every ten seconds how busy the CPUs are, and moves interrupts from one to another. That is what
        most hosts want. It is a conflict where somebody else places them: a start script or unit that writes
        smp_affinity or calls set_irq_affinity, mlnx_affinity or mlnx_tune, or MLNX_OFED with RUN_AFFINITY_TUNER=yes.
        Which of the two wins changes every few seconds. It is one as well on a host with isolated CPUs (isolcpus,
        nohz_full): irqbalance leaves those alone by itself, but no longer once IRQBALANCE_BANNED_CPUS or
        IRQBALANCE_BANNED_CPULIST names others, and then the pinned CPUs of guests serve the NIC's interrupts.

        Read are the arguments and the environment of the irqbalance that runs, the files below /etc that start scripts
        stand in, and where the interrupts are at this moment. Flows in the NIC are not touched by it; the slow path and
        guests on isolated CPUs are. An irqbalance that was told to keep off interrupts (--banirq, --banmod,
        --policyscript) is taken to know what it does.
        """);

    public override IEnumerable<Finding> Examine(VerifyInput input)
    {
        HostState state = input.State;
        if (state.KnownFunctions.IsEmpty)
        {
            return [Skip(Objects.Host, state.PhysicalFunctions.IsFailed
                ? Objects.Unread(state.PhysicalFunctions)
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
            .. runs.KeepsOff is null ? settings.Select(setting => Placed(runs, setting, input)) : [],
            .. state.KnownFunctions.Select(pf => OnIsolated(runs, pf, isolated, input)).OfType<Finding>(),
        ];
        return found.Length > 0
            ? found
            : [Ok(Objects.Host, $"irqbalance (pid {runs.Process}) runs; "
                + (runs.KeepsOff is { } argument
                    ? $"it was started with {Objects.OneLine(argument)}"
                    : "nobody else places interrupts"))];
    }

    private Finding Placed(Irqbalance runs, AffinitySetting setting, VerifyInput input) => Found(
        Severity,
        Objects.Host,
        "irqbalance undoes where interrupts were placed",
        $"/proc/{runs.Process}/comm: irqbalance; {setting.File}: {Objects.OneLine(setting.Line)}",
        $"irqbalance runs, and {setting.File} places interrupts by hand",
        $"one of the two: systemctl disable --now irqbalance; or take the line out of {setting.File}; or "
            + $"--banirq=N for each of them, or --banmod=MODULE, in {Arguments(input)}");

    private Finding? OnIsolated(
        Irqbalance runs, PhysicalFunction pf, ImmutableHashSet<int> isolated, VerifyInput input)
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
                    "irqbalance puts the PF's interrupts on isolated CPUs",
                    $"/proc/irq/{interrupt.Number}/smp_affinity_list: {interrupt.Affinity}; "
                        + $"/proc/{runs.Process}/environ: {Objects.OneLine(runs.Banned)}; "
                        + "/sys/devices/system/cpu/isolated and nohz_full have it",
                    "the variable takes the place of what irqbalance would leave alone by itself, and does not name "
                        + "every isolated CPU",
                    $"take it out of {File(input)}, or name the isolated CPUs in it as well; then systemctl restart "
                        + "irqbalance");
            }
        }

        return null;
    }

    private static string File(VerifyInput input) => input.Distribution.Fix(
        debian: "/etc/default/irqbalance", rhel: "/etc/sysconfig/irqbalance", proxmox: "/etc/default/irqbalance");

    private static string Arguments(VerifyInput input) => input.Distribution.Fix(
        debian: "OPTIONS or IRQBALANCE_ARGS of /etc/default/irqbalance",
        rhel: "IRQBALANCE_ARGS of /etc/sysconfig/irqbalance",
        proxmox: "OPTIONS or IRQBALANCE_ARGS of /etc/default/irqbalance");
}
