namespace OvsOffload.LabTests.Scenarios;

/// <summary>The published program runs in the guest, which has no .NET.</summary>
[Collection(OnCurrentKernel.Name)]
public sealed class ProgramTests(CurrentKernel machine) : LabScenario(machine)
{
    [Fact]
    public async Task The_program_starts_in_the_guest()
    {
        await UseProgramAsync();

        LabResult result = await RunAsync("command -v dotnet && exit 9; ovs-offload --version");

        Assert.Matches(@"^\d+\.\d+\.\d+", result.Text);
    }
}
