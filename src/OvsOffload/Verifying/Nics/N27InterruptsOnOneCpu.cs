using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Sysfs;

namespace OvsOffload.Verifying;

/// <summary>All interrupts of a PF go to one CPU.</summary>
internal sealed class N27InterruptsOnOneCpu : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N27",
        "interrupts-on-one-cpu",
        CheckSeverity.Warning,
        "all interrupts of the PF go to one CPU",
        """
        A NIC has one interrupt per queue so that several CPUs can process packets. If all of them are bound to the same
        CPU, the slow path and the host's own traffic are limited to one core. Causes are scripts, a kernel argument
        such as irqaffinity, or an irqbalance that was stopped at a bad moment. Offloaded flows are not affected.
        """);

    /// <summary>With fewer there is nothing to spread.</summary>
    private const int Minimum = 4;

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        FunctionPlatform around = input.State.Platform.Functions.GetValueOrDefault(pf.Address) ?? new();
        string file = SysfsFile.Of(pf, "msi_irqs");
        if (!around.Interrupts.TryGet(out IReadOnlyList<Interrupt>? interrupts))
        {
            return [Skip(name, $"{file}: {around.Interrupts.Why}")];
        }

        if (interrupts.FirstOrDefault(interrupt => interrupt.Affinity.IsFailed) is { } unread)
        {
            return [Skip(name, $"/proc/irq/{unread.Number}/smp_affinity_list: {unread.Affinity.Why}")];
        }

        string[] places =
        [
            .. interrupts.Where(interrupt => interrupt.Handlers.Count > 0)
                .Select(interrupt => interrupt.Affinity.ValueOrDefault()).OfType<string>(),
        ];
        return places.Length >= Minimum && places.Distinct().Count() == 1 && places[0].All(char.IsAsciiDigit)
            ?
            [
                Found(FindingStatus.Warning, name, $"all {places.Length} interrupts in use go to CPU {places[0]}",
                    $"/proc/irq/N/smp_affinity_list of the {places.Length} in {file}: {places[0]}",
                    "irqbalance is not running, or a script or kernel argument set the affinity",
                    "systemctl start irqbalance; or distribute them over the CPUs of the NIC's node: echo CPU > "
                        + "/proc/irq/N/smp_affinity_list"),
            ]
            : [Ok(name, $"{file}: {places.Length} interrupts in use"
                + (places.Length > 0 ? $", on {places.Distinct().Count()} sets of CPUs" : ""))];
    }
}
