// Each collection has a guest of its own, and a guest keeps about one core busy: two at a time, as CI has two cores.
[assembly: Xunit.v3.Parallelization(MaxThreads = 2)]
[assembly: TestCollectionOrderer(typeof(OvsOffload.LabTests.LongestFirst))]

namespace OvsOffload.LabTests;

/// <summary>
/// The longest collection begins first: at the end it would keep one core busy and leave the other idle.
/// </summary>
public sealed class LongestFirst : Xunit.v3.ITestCollectionOrderer
{
    /// <summary>As measured, the longest one first.</summary>
    private static readonly string[] Order =
        [
            OnRealHost.Name, OnBondMachine.Name, OnAlertMachine.Name, OnServiceMachine.Name, OnApplyMachine.Name,
            OnCurrentKernel.Name, OnOlderKernel.Name,
        ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : notnull, Xunit.Sdk.ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.IndexOf(Order, collection.TestCollectionDisplayName))];
}

/// <summary>The boot of the scenarios about the lab itself.</summary>
public sealed class CurrentKernel() : LabMachine("6.12");

/// <summary>A boot of the older kernel, for what may differ there.</summary>
public sealed class OlderKernel() : LabMachine("6.1");

/// <summary>The boot of the scenarios in which the program changes the host.</summary>
public sealed class ApplyMachine() : LabMachine("6.12");

/// <summary>The boot of the scenarios in which the program serves or refuses.</summary>
public sealed class ServiceMachine() : LabMachine("6.12");

/// <summary>The boot of the scenarios about bonds; it has a second card.</summary>
public sealed class BondMachine() : LabMachine("6.12", cards: 2);

/// <summary>The boot of the scenarios in which a Prometheus scrapes the program; it has a second card.</summary>
public sealed class AlertMachine() : LabMachine("6.12", cards: 2);

/// <summary>A whole Debian 12 with its own kernel 6.1, systemd 252 and Open vSwitch 3.1.</summary>
public sealed class OlderDebian() : RealHost("bookworm");

/// <summary>
/// A whole Debian with systemd and Open vSwitch's own units, on a disk that keeps its state.
/// </summary>
/// <param name="release">Debian's name of it.</param>
public abstract class RealHost(string release) : LabMachine(release)
{
    private readonly Dictionary<string, string> _packages = [];

    /// <summary>
    /// Builds the package of the published program with this version, once; it lies in <c>/lab</c> under the name that
    /// is returned.
    /// </summary>
    public async Task<string> PutPackageAsync(string version, CancellationToken cancellation)
    {
        if (!_packages.TryGetValue(version, out string? package))
        {
            await PutProgramAsync(cancellation);
            string built = await HostProcess.RunAsync(
                Path.Combine(LabFiles.Root, "src", "packaging", "build-deb"),
                ["--binary", Path.Combine(Folder, "ovs-offload"), "--version", version, Folder], cancellation);
            package = _packages[version] = Path.GetFileName(built.Trim());
        }

        return package;
    }
}

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

/// <summary>Scenarios on <see cref="ApplyMachine"/>.</summary>
[CollectionDefinition(Name)]
public sealed class OnApplyMachine : ICollectionFixture<ApplyMachine>
{
    public const string Name = "apply";
}

/// <summary>Scenarios on <see cref="ServiceMachine"/>.</summary>
[CollectionDefinition(Name)]
public sealed class OnServiceMachine : ICollectionFixture<ServiceMachine>
{
    public const string Name = "service";
}

/// <summary>Scenarios on <see cref="BondMachine"/>.</summary>
[CollectionDefinition(Name)]
public sealed class OnBondMachine : ICollectionFixture<BondMachine>
{
    public const string Name = "bond";
}

/// <summary>Scenarios on <see cref="AlertMachine"/>.</summary>
[CollectionDefinition(Name)]
public sealed class OnAlertMachine : ICollectionFixture<AlertMachine>
{
    public const string Name = "alerts";
}

/// <summary>Scenarios on <see cref="OlderDebian"/>.</summary>
[CollectionDefinition(Name)]
public sealed class OnRealHost : ICollectionFixture<OlderDebian>
{
    public const string Name = "real host";
}
