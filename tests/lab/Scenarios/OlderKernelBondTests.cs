namespace OvsOffload.LabTests.Scenarios;

/// <summary>A bond on the older kernel.</summary>
[Collection(OnOlderKernel.Name)]
public sealed class OlderKernelBondTests(OlderKernel machine) : BondScenario(machine)
{
    [Fact]
    public Task Apply_makes_a_bond_in_hardware_that_survives_a_cable_and_is_left_alone_after() =>
        MakeBondAsync("lacp-fast-layer3-4", "lacp", "101d");
}
