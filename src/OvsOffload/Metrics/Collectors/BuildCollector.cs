using System.Reflection;

namespace OvsOffload.Metrics;

/// <summary>Collector <c>build</c>: which program this is.</summary>
internal static class BuildCollector
{
    private static readonly MetricFamily Info =
        MetricFamily.Gauge("build_info", "Version of the running ovs-offload: always 1", "version", "revision");

    /// <summary>Its name and families.</summary>
    public static CollectorDeclaration Declaration { get; } =
        CollectorDeclaration.Of("build", [Info], _ => BuildFacts.Current, Samples);

    /// <summary>The samples.</summary>
    public static IEnumerable<Sample> Samples(BuildFacts build) => [Info.Of(1, build.Version, build.Revision)];
}

/// <summary>Which build of the program this is.</summary>
/// <param name="Version">The version.</param>
/// <param name="Revision">The commit that it was built from; empty when the build did not know.</param>
internal sealed record BuildFacts(string Version, string Revision)
{
    /// <summary>The program that runs.</summary>
    public static BuildFacts Current { get; } = Parse(
        (Assembly.GetEntryAssembly() ?? typeof(BuildFacts).Assembly)
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    /// <summary>Reads the SDK's form, <c>1.2.3+commit</c>.</summary>
    public static BuildFacts Parse(string informational) => informational.Split('+', 2) is [var version, var revision]
        ? new BuildFacts(version, revision)
        : new BuildFacts(informational, "");
}
