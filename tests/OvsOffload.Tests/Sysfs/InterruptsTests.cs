using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Sysfs;

public sealed class InterruptsTests : IDisposable
{
    private static readonly PciAddress Vf = PciAddress.Parse("0000:01:10.0");

    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Interrupts_have_their_CPUs_and_the_drivers_names()
    {
        _host.File("/sys/bus/pci/devices/0000:01:10.0/msi_irqs/101", "msix\n")
            .File("/sys/bus/pci/devices/0000:01:10.0/msi_irqs/99", "msix\n")
            .File("/proc/irq/99/smp_affinity_list", "0-3,8\n").Dir("/proc/irq/99/eth1-tx-0");

        IReadOnlyList<Interrupt> interrupts = new Interrupts(_host.Paths).Of(Vf).Value;

        Assert.Equal([99, 101], interrupts.Select(interrupt => interrupt.Number));
        Assert.Equal("0-3,8", interrupts[0].Affinity.Value);
        Assert.Equal(["eth1-tx-0"], interrupts[0].Handlers);
    }

    [Fact]
    public void An_interrupt_that_nobody_has_requested_yet_has_no_CPUs()
    {
        _host.File("/sys/bus/pci/devices/0000:01:10.0/msi_irqs/101", "msix\n");

        Interrupt interrupt = Assert.Single(new Interrupts(_host.Paths).Of(Vf).Value);

        Assert.True(interrupt.Affinity.IsAbsent);
        Assert.Empty(interrupt.Handlers);
    }

    [Fact]
    public void A_function_without_MSI_is_absent() => Assert.True(new Interrupts(_host.Paths).Of(Vf).IsAbsent);
}
