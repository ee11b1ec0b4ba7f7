using OvsOffload.Applying;
using OvsOffload.Bundles;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;
using OvsOffload.Tests.Fixtures.Hosts;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

/// <summary>
/// Healthy hosts of each kind, as the command finds them: read from files, netlink and Open vSwitch, or from a bundle.
/// </summary>
public sealed class WholeHostTests
{
    public static TheoryData<string> Names => [.. FixtureHosts.All.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task On_a_healthy_host_that_is_only_observed_nothing_worse_than_info_is_found(string name)
    {
        using var host = new FixtureHost(FixtureHosts.All[name]);

        VerifyReport report = VerifyReport.Of(await LiveAsync(host, HostIntent.Observe), Checks.All);

        Assert.True(report.Worst <= FindingStatus.Info, Examined.Describe(report));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task On_a_healthy_host_as_configured_nothing_worse_than_info_is_found(string name)
    {
        using var host = new FixtureHost(FixtureHosts.All[name]);

        VerifyReport report = VerifyReport.Of(await LiveAsync(host, IntentOf(host)), Checks.All);

        Assert.True(report.Worst <= FindingStatus.Info, Examined.Describe(report));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task From_a_bundle_of_a_healthy_host_the_same_is_found_but_for_flows(string name)
    {
        using var host = new FixtureHost(FixtureHosts.All[name]);
        VerifyReport live = VerifyReport.Of(await LiveAsync(host, IntentOf(host)), Checks.All);

        VerifyReport read = await FromAsync(await host.BundleAsync(masked: true));

        Assert.True(read.Worst <= FindingStatus.Info, Examined.Describe(read));
        Assert.Equal(WithoutFlows(live), WithoutFlows(read));
    }

    /// <summary>What says ok on the host says ok; what says nothing says why.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Just_these_checks_are_skipped_on_a_healthy_host(string name)
    {
        using var host = new FixtureHost(FixtureHosts.All[name]);

        VerifyReport report = VerifyReport.Of(await LiveAsync(host, IntentOf(host)), Checks.All);

        Assert.True(false, "SKIPS " + name + ": " + string.Join(' ', Skipped(report)) + " INFO " + string.Join(' ', report.Findings.Where(f => f.IsFound).Select(f => f.Check.Id).Distinct()));
    }

    private static IEnumerable<string> Skipped(VerifyReport report) => report.Findings
        .GroupBy(finding => finding.Check.Id)
        .Where(group => group.All(finding => finding.Status == FindingStatus.Skipped))
        .Select(group => group.Key);

    private static IEnumerable<(string, FindingStatus, string)> WithoutFlows(VerifyReport report) => report.Findings
        .Where(finding => !Checks.Find(finding.Check.Id)!.NeedsFlows)
        .Select(finding => (finding.Check.Id, finding.Status, finding.Object));

    private static HostIntent IntentOf(FixtureHost host) => RecordedHost.Read(host.Paths, host.Configuration, []);

    private static async Task<VerifyInput> LiveAsync(FixtureHost host, HostIntent intent)
    {
        HostState state = await host.Reader.ReadAsync(Token);
        var unixctl = new UnixctlClient(host.Daemon, TimeProvider.System);
        return new VerifyInput(intent, state)
        {
            Flows = await SwitchFlows.ReadAsync(unixctl, state, intent, Token),
            OpenFlow = await SwitchRules.ReadAsync(unixctl, state, Token),
            Journal = JournalSource.Read(host.Paths),
        };
    }

    private static async Task<VerifyReport> FromAsync(byte[] bundle)
    {
        var host = new RecordedHost(BundleFile.Read(new MemoryStream(bundle)));
        return VerifyReport.Of(await host.ReadAsync(host.Intent([]), Token), Checks.All);
    }
}
