using System.Collections.Immutable;
using System.Text;
using OvsOffload.Bundles;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Bundles;

/// <summary>A bundle stands for its host.</summary>
public sealed class BundleVerifyTests : IDisposable
{
    private readonly FixtureHost _host = new(ConnectX6DxHost.Describe());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Verify_from_a_bundle_finds_what_verify_on_the_host_finds()
    {
        VerifyReport live = await LiveAsync();

        VerifyReport read = await FromAsync(await _host.BundleAsync(masked: false));

        Assert.Equal(live.Findings.Select(Line), read.Findings.Select(Line));
        Assert.Contains(read.Findings, finding => finding.Status == FindingStatus.Ok);
    }

    [Fact]
    public async Task Masked_names_change_no_finding()
    {
        VerifyReport live = await LiveAsync();

        VerifyReport read = await FromAsync(await _host.BundleAsync(masked: true));

        Assert.Equal(
            live.Findings.Select(finding => (finding.Check.Id, finding.Status, finding.Object)),
            read.Findings.Select(finding => (finding.Check.Id, finding.Status, finding.Object)));
    }

    [Fact]
    public async Task The_fixture_is_read_to_its_end()
    {
        HostState host = await _host.Reader.ReadAsync(Token);

        Assert.Equal(2, host.PhysicalFunctions.Value.Length);
        Assert.All(host.PhysicalFunctions.Value, pf =>
        {
            Assert.Equal(4, pf.VirtualFunctions.Length);
            Assert.Equal(4, pf.Representors.Value.Length);
            Assert.All(pf.VirtualFunctions, vf => Assert.Equal(HolderKind.Vfio, vf.Holder.Value.Kind));
        });
        Assert.True(host.Filters.IsKnown, host.Filters.Why);
        Assert.True(host.OpenVSwitch.Database.IsKnown, host.OpenVSwitch.Database.Why);
        Assert.True(host.Protected.IsKnown, host.Protected.Why);
        Assert.True(host.Kernel.Log.IsKnown, host.Kernel.Log.Why);
    }

    [Fact]
    public async Task What_decides_about_an_MTU_comes_along()
    {
        Observation read = await InputAsync(await _host.BundleAsync(masked: true));

        PhysicalFunction pf = read.State.KnownFunctions[0];
        NetDevice representor = pf.RepresentorOf(0)!.Device!;
        Assert.Equal((68, 9978), (pf.Uplink!.MinMtu, pf.Uplink.MaxMtu));
        Assert.Equal((68, 9978), (representor.MinMtu, representor.MaxMtu));
        Assert.Null(read.State.OpenVSwitch.MtuRequestOf(pf.Uplink));
        Assert.Equal(1500, read.State.OpenVSwitch.MtuRequestOf(representor));
    }

    [Fact]
    public async Task What_could_not_be_read_on_the_host_cannot_be_read_from_the_bundle()
    {
        _host.Tree.File("/proc/500/fd/3", "no link");

        Observation read = await InputAsync(await _host.BundleAsync(masked: true));

        HostState live = await _host.Reader.ReadAsync(Token);
        Assert.True(live.Protected.IsFailed);
        Assert.True(read.State.Protected.IsFailed);
        Assert.Contains("is not a symbolic link", read.State.Protected.Why, StringComparison.Ordinal);
        Recording recording = await _host.RecordAsync(masked: true);
        Assert.Contains("/proc/500/fd/3: is not a symbolic link", BundleContents.Unreadable(recording));
    }

    [Fact]
    public async Task A_file_that_was_not_recorded_is_a_failure_and_not_absent()
    {
        var host = new RecordedHost(await _host.RecordAsync(masked: false));

        Assert.True(host.Paths.Files.Text("/etc/never-read").IsFailed);
        Assert.True(host.Paths.Files.Names("/etc").IsFailed);
        Assert.True(host.Paths.Files.Link("/etc/never-read").IsFailed);
    }

    [Fact]
    public async Task A_bundle_takes_no_flows_unless_asked_and_then_not_more_than_its_bound()
    {
        Recording without = await _host.RecordAsync(masked: true);
        Recording with = await _host.RecordAsync(masked: true, flows: true);
        _host.Switch.CurrentFlows = RecordingHost.MaxFlows + 1;
        Recording many = await _host.RecordAsync(masked: true, flows: true);

        Assert.DoesNotContain(without.Switch, answer => RecordedSwitch.IsFlowDump(answer.Command));
        string flows = Assert.Single(with.Switch, answer => RecordedSwitch.IsFlowDump(answer.Command)).Answer!;
        Assert.Contains("offloaded:yes", flows, StringComparison.Ordinal);
        Assert.DoesNotContain("52:54:00:12:34:56", flows, StringComparison.Ordinal);
        SwitchRecord left = Assert.Single(many.Switch, answer => RecordedSwitch.IsFlowDump(answer.Command));
        Assert.Null(left.Answer);
        Assert.Contains("10001 flows", left.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_comes_along()
    {
        var host = new RecordedHost(await _host.RecordAsync(masked: false));

        Assert.Equal("10.1.2.3:9975", host.Intent([]).Metrics.Listen.ToString());
    }

    [Fact]
    public async Task A_bundle_of_a_host_of_254_VFs_is_small()
    {
        using var host = new FixtureHost(ConnectX6DxHost.Describe(vfs: 127, logLines: 2000));

        Recording recording = await host.RecordAsync(masked: true);

        using var stream = new MemoryStream();
        long bytes = BundleFile.Write(stream, recording).Sum(member => (long)member.Content.Length);
        Assert.InRange(stream.Length, 1, 1 << 20);
        Assert.InRange(bytes, 1, 16 << 20);
    }

    /// <summary>Also writes what tests/bench measures with, where OVS_OFFLOAD_BENCH_BUNDLE says where to.</summary>
    [Fact]
    public async Task A_host_with_254_VFs_fits_into_a_bundle_and_is_examined_from_it()
    {
        using var host = new FixtureHost(ConnectX6DxHost.Describe(vfs: 127, logLines: 2000));

        byte[] bundle = await host.BundleAsync(masked: true);

        if (Environment.GetEnvironmentVariable("OVS_OFFLOAD_BENCH_BUNDLE") is { } file)
        {
            await File.WriteAllBytesAsync(file, bundle, Token);
        }

        Observation input = await InputAsync(bundle);
        Assert.Equal(254, input.State.KnownFunctions.Sum(pf => pf.VirtualFunctions.Length));
    }

    internal static Task<Observation> InputAsync(byte[] bundle)
    {
        var host = new RecordedHost(BundleFile.Read(bundle));
        return host.ReadAsync(host.Intent([]), Token);
    }

    private static async Task<VerifyReport> FromAsync(byte[] bundle) =>
        VerifyReport.Of(await InputAsync(bundle), Checks.All);

    private async Task<VerifyReport> LiveAsync()
    {
        HostIntent intent = RecordedHost.Read(_host.Paths, _host.Configuration, []);
        return VerifyReport.Of(
            new Observation(intent, await _host.Reader.ReadAsync(Token))
            {
                Flows = Reading.Failed<ImmutableArray<DatapathFlows>>(
                    "the bundle has no flow dump (collect one with support-bundle --flows)"),
                Journal = JournalSource.Read(_host.Paths),
            },
            Checks.All);
    }

    private string Line(Finding finding) => new StringBuilder()
        .Append(finding.Check.Id).Append('|').Append(finding.Status).Append('|').Append(finding.Object)
        .Append('|').Append(finding.Title).Append('|').Append(finding.Evidence)
        .Append('|').Append(finding.Cause).Append('|').Append(finding.Fix)
        .Replace(_host.Paths.Root, "")
        .ToString();
}
