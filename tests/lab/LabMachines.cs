[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace OvsOffload.LabTests;

/// <summary>The boot that nearly all scenarios share.</summary>
public sealed class CurrentKernel() : LabMachine("6.12");

/// <summary>A boot of the older kernel, for what may differ there.</summary>
public sealed class OlderKernel() : LabMachine("6.1");

/// <summary>Scenarios on <see cref="CurrentKernel"/>.</summary>
[CollectionDefinition(Name)]
public sealed class OnCurrentKernel : ICollectionFixture<CurrentKernel>
{
    public const string Name = "kernel 6.12";
}

/// <summary>Scenarios on <see cref="OlderKernel"/>.</summary>
[CollectionDefinition(Name)]
public sealed class OnOlderKernel : ICollectionFixture<OlderKernel>
{
    public const string Name = "kernel 6.1";
}
