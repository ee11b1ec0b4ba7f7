namespace OvsOffload.LabTests.Scenarios;

/// <summary>Verify on the older kernel.</summary>
[Collection(OnOlderKernel.Name)]
public sealed class OlderKernelVerifyTests(OlderKernel machine) : PortFaultScenario(machine);
