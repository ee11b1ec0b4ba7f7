namespace OvsOffload.LabTests.Scenarios;

/// <summary>Apply on the older kernel.</summary>
[Collection(OnOlderKernel.Name)]
public sealed class OlderKernelApplyTests(OlderKernel machine) : ApplyScenario(machine);
