using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.Os;

namespace OvsOffload.Tests.Host;

public sealed class NicSourceTests : IDisposable
{
    private const string Devices = "/sys/bus/pci/devices";
    private readonly HostTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task PCI_functions_that_cannot_be_listed_are_a_failure_that_names_the_file_and_no_empty_list()
    {
        _tree.Dir($"{Devices}/garbage");

        Reading<ImmutableArray<PhysicalFunction>> functions = await ReadAsync();

        Assert.True(functions.IsFailed);
        Assert.Equal($"{_tree.At(Devices)}: 'garbage' is not a PCI address", functions.Why);
    }

    [Fact]
    public async Task A_machine_without_PCI_bus_has_none() => Assert.True((await ReadAsync()).IsAbsent);

    [Fact]
    public async Task A_machine_without_network_card_has_an_empty_list()
    {
        _tree.Pci("0000:00:02.0", "8086:1237", "0x060000");

        Assert.Empty((await ReadAsync()).Value);
    }

    private async Task<Reading<ImmutableArray<PhysicalFunction>>> ReadAsync()
    {
        using var route = new RouteSession();
        using var generic = new GenericSession();
        var devlink = new DevlinkFacts(
            Reading.Absent<IReadOnlyList<DevlinkDevice>>("no devlink"),
            Reading.Absent<IReadOnlyList<DevlinkPort>>("no devlink"),
            Reading.Absent<IReadOnlyList<DevlinkHealthReporter>>("no devlink"));
        return await new NicSource(_tree.Paths, LiveNetlink.Instance, NicModels.BuiltIn, route, generic).ReadAsync(
            devlink,
            Reading.Known<IReadOnlyList<Link>>([]),
            Reading.Known(ImmutableArray<NetDevice>.Empty),
            SwitchPorts.None,
            TestContext.Current.CancellationToken);
    }
}
