using OvsOffload.Bundles;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

/// <summary>
/// Healthy hosts of each kind, as the command finds them: read from files, netlink and Open vSwitch, or from a bundle.
/// </summary>
public sealed class WholeHostTests
{
    /// <summary>Skipped without a bond: every check of bonds, but for one.</summary>
    private const string OfBonds = "B* ";

    /// <summary>Skipped where the ports of a card are not to be one.</summary>
    private const string OfTwoPorts = "N03 N13 N25 ";

    /// <summary>Skipped without switchdev mode and without Open vSwitch. N28 looks at InfiniBand.</summary>
    private const string OfSwitchdev =
        "N01 N02 N03 N06 N07 N08 N09 N10 N11 N12 N13 N18 N20 N22 N23 N24 N25 N28 N30 N31 N32 N33 N37 N38 O* "
        + "P08 P09 P10 P11 P12 P13 P24";

    public static TheoryData<string> Names => [.. FixtureHosts.All.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task On_a_healthy_host_that_is_only_observed_nothing_worse_than_info_is_found(string name)
    {
        using var host = new FixtureHost(FixtureHosts.All[name]);

        var report = VerifyReport.Of(await LiveAsync(host, HostIntent.Observe), Checks.All);

        Assert.True(report.WorstStatus <= FindingStatus.Info, Examined.Describe(report));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task On_a_healthy_host_as_configured_nothing_worse_than_info_is_found(string name)
    {
        using var host = new FixtureHost(FixtureHosts.All[name]);

        var report = VerifyReport.Of(await LiveAsync(host, IntentOf(host)), Checks.All);

        Assert.True(report.WorstStatus <= FindingStatus.Info, Examined.Describe(report));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task From_a_bundle_of_a_healthy_host_the_same_is_found_but_for_flows(string name)
    {
        using var host = new FixtureHost(FixtureHosts.All[name]);
        var live = VerifyReport.Of(await LiveAsync(host, IntentOf(host)), Checks.All);

        VerifyReport read = await FromAsync(await host.BundleAsync(masked: true));

        Assert.True(read.WorstStatus <= FindingStatus.Info, Examined.Describe(read));
        Assert.Equal(WithoutFlows(live), WithoutFlows(read));
    }

    [Theory]
    [InlineData("ConnectX-4 Lx", "ConnectX-4 Lx", "Switchdev", 4, 4, "14.32.1010", "dmfs", "2.17.9")]
    [InlineData("ConnectX-5", "ConnectX-5", "Switchdev", 8, 6, "16.35.4030", "smfs", "3.3.2")]
    [InlineData("ConnectX-6 Dx", "ConnectX-6 Dx", "Switchdev", 8, 8, "22.39.1002", "smfs", "3.3.0")]
    [InlineData("ConnectX-7 with a bond", "ConnectX-7", "Switchdev", 16, 16, "28.39.1002", "smfs", "3.3.0")]
    [InlineData("I350", "Intel I350", null, 8, 4, null, null, null)]
    [InlineData("ConnectX-3 Pro on Proxmox VE", "ConnectX-3 Pro", null, 8, 2, null, null, null)]
    public async Task Live_and_from_a_bundle_the_same_host_is_read(
        string name, string model, string? mode, int vfs, int held, string? firmware, string? steering, string? daemon)
    {
        using var host = new FixtureHost(FixtureHosts.All[name]);
        var bundle = new RecordedHost(BundleFile.Read(await host.BundleAsync(masked: true)));

        foreach (HostReader reader in (HostReader[])[host.Reader, bundle.Reader])
        {
            HostState state = await reader.ReadAsync(Token);
            VirtualFunction[] all = [.. state.KnownFunctions.SelectMany(pf => pf.VirtualFunctions)];

            Assert.All(state.KnownFunctions, pf =>
            {
                Assert.Equal(model, pf.Model.Name);
                Assert.Equal(mode, pf.Mode?.ToString());
                Assert.Equal(firmware, pf.Firmware.ValueOrDefault()?.Running);
                Assert.Equal(steering, pf.SteeringMode.ValueOrDefault());
                Assert.NotNull(pf.Uplink);
                Assert.Equal(pf.VfCount.Value, pf.VirtualFunctions.Length);
            });
            Assert.Equal(vfs, all.Length);
            Assert.Equal(held, all.Count(vf => vf.Holder.ValueOrDefault()?.Kind == HolderKind.Vfio));
            Assert.All(all, vf => Assert.False(vf.Holder.IsFailed, vf.Holder.Why));
            Assert.All(all, vf => Assert.Equal(6, vf.Settings.Value.Address.Length));
            Assert.Equal(
                mode is null ? 0 : vfs,
                state.KnownFunctions.SelectMany(pf => pf.Representors.Value)
                    .Count(representor => representor.Device?.HwTcOffload.Value.On == true));
            Assert.Equal(daemon, state.OpenVSwitch.Daemon.ValueOrDefault());
            Assert.Equal(daemon is null ? 0 : 2 * vfs, state.Filters.Value.InHardware);
            Assert.True(state.Protected.IsKnown, state.Protected.Why);
            Assert.NotEmpty(state.Kernel.Log.Value);
        }
    }

    [Fact]
    public async Task That_the_bond_is_in_hardware_is_proven_by_the_driver_s_debugfs()
    {
        using var host = new FixtureHost(ConnectX7BondHost.Describe());

        BondState bond = Assert.Single((await host.Reader.ReadAsync(Token)).Bonds.Value);

        Assert.Equal(VfLagState.Active, bond.VfLag.State);
        Assert.EndsWith(
            "/sys/kernel/debug/mlx5/0000:03:00.0/lag/state: active; type: switchdev; port_sel_mode: hash; mapping: 1 2",
            bond.VfLag.Evidence, StringComparison.Ordinal);
        Assert.Equal((BondMode.Lacp, (ushort)2), (bond.Mode, bond.Aggregator!.Ports));
        Assert.Equal((2, 16), (bond.Rules.Value.Members, bond.Rules.Value.ByCount[2]));
        Assert.Equal(["enp3s0f0np0", "enp3s0f1np1"], bond.Members.Select(member => member.Device.Name));
    }

    [Fact]
    public async Task A_bond_whose_debugfs_says_disabled_is_found_in_the_same_tree()
    {
        using var host = new FixtureHost(ConnectX7BondHost.Describe());
        host.Tree.File("/sys/kernel/debug/mlx5/0000:03:00.0/lag/state", "disabled\n");

        var report = VerifyReport.Of(await LiveAsync(host, IntentOf(host)), Checks.All);

        Assert.Equal("B06", Assert.Single(report.Findings, finding => finding.Status == FindingStatus.Error).Check.Id);
    }

    [Fact]
    public async Task On_Proxmox_the_VFs_of_mlx4_come_from_the_module_s_options_and_the_arguments_from_systemd_boot()
    {
        using var host = new FixtureHost(ConnectX3ProHost.Describe());

        HostState state = await host.Reader.ReadAsync(Token);

        Assert.Contains("num_vfs=8,0,0", Assert.Single(state.Platform.ModuleOptions.Value).Text);
        Assert.Equal("/etc/kernel/cmdline", state.Platform.BootArguments.Value.Source);
        Assert.Equal("ens4", Assert.Single(state.KnownFunctions).Uplink!.Name);
        Assert.Equal("mlx4_core", Assert.Single(state.KnownFunctions).Driver);
    }

    [Fact]
    public async Task VFs_of_an_I350_are_every_fourth_function_behind_the_PF()
    {
        using var host = new FixtureHost(I350Host.Describe());

        HostState state = await host.Reader.ReadAsync(Token);

        Assert.Equal(
            ["0000:01:10.0", "0000:01:10.4", "0000:01:11.0", "0000:01:11.4"],
            state.KnownFunctions[0].VirtualFunctions.Select(vf => vf.Address.ToString()));
        Assert.True(state.OpenVSwitch.Database.IsAbsent);
    }

    [Fact]
    public async Task The_names_of_log_modules_that_are_printed_are_those_that_the_daemon_lists()
    {
        using var host = new FixtureHost(ConnectX7BondHost.Describe());
        string byVersion = HostFlowFacts.LogOf(await host.Reader.ReadAsync(Token)).Command;
        host.Switch.More["vlog/list"] =
            "             console  syslog  file\n             -------  ------  ----\ndpif_offload  OFF  ERR  INFO\n";

        string listed = HostFlowFacts.LogOf(await host.Reader.ReadAsync(Token)).Command;

        Assert.Equal("ovs-appctl vlog/set netdev_offload_tc:file:dbg dpif_netlink:file:dbg", byVersion);
        Assert.Equal("ovs-appctl vlog/set dpif_offload:file:dbg", listed);
    }

    /// <summary>What says ok on the host says ok; what says nothing says why.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task From_a_bundle_with_flows_all_but_the_OpenFlow_rules_is_found(string name)
    {
        using var host = new FixtureHost(FixtureHosts.All[name]);
        var live = VerifyReport.Of(await LiveAsync(host, IntentOf(host)), Checks.All);

        VerifyReport read = await FromAsync(await host.BundleAsync(masked: true, flows: true));

        Assert.Equal(Statuses(live), Statuses(read));
    }

    [Theory]
    [InlineData("ConnectX-4 Lx", OfBonds + OfTwoPorts + "N28 O15 O16")]
    [InlineData("ConnectX-5", OfBonds + OfTwoPorts + "N28 O15 O16 P12")]
    [InlineData("ConnectX-6 Dx", OfBonds + OfTwoPorts + "N28 O15 O16")]
    [InlineData("ConnectX-7 with a bond", "B21 B24 N28 O15 O16")]
    [InlineData("I350", OfBonds + "B14 " + OfSwitchdev)]
    [InlineData("ConnectX-3 Pro on Proxmox VE", OfBonds + "B14 " + OfSwitchdev)]
    public async Task Just_these_checks_are_skipped_on_a_healthy_host(string name, string skipped)
    {
        using var host = new FixtureHost(FixtureHosts.All[name]);

        var report = VerifyReport.Of(await LiveAsync(host, IntentOf(host)), Checks.All);

        Assert.Equal(
            string.Join(' ', skipped.Split(' ').SelectMany(Ids).Order(StringComparer.Ordinal)),
            string.Join(' ', Skipped(report)));
    }

    /// <summary>
    /// An id, or all of a letter but for those that need no bond and no Open vSwitch of this host: B14 looks at Open
    /// vSwitch's own bonds, O36 at agents' files.
    /// </summary>
    private static IEnumerable<string> Ids(string word) => word.EndsWith('*')
        ? Checks.All.Select(check => check.Info.Id).Where(id => id[0] == word[0] && id is not ("B14" or "O36"))
        : [word];

    private static IEnumerable<string> Skipped(VerifyReport report) => report.Findings
        .GroupBy(finding => finding.Check.Id)
        .Where(group => group.All(finding => finding.Status == FindingStatus.Skipped))
        .Select(group => group.Key);

    private static IEnumerable<(string, FindingStatus, string)> WithoutFlows(VerifyReport report) => report.Findings
        .Where(finding => (Checks.Find(finding.Check.Id)!.Needs
            & (ObservationParts.Flows | ObservationParts.OpenFlow)) == ObservationParts.HostOnly)
        .Select(finding => (finding.Check.Id, finding.Status, finding.Object));

    private static IEnumerable<(string, FindingStatus, string)> Statuses(VerifyReport report) =>
        report.Findings
            .Where(finding => !Checks.Find(finding.Check.Id)!.Needs.HasFlag(ObservationParts.OpenFlow))
            .Select(finding => (finding.Check.Id, finding.Status, finding.Object));

    private static HostIntent IntentOf(FixtureHost host) => RecordedHost.Read(host.Paths, host.Configuration, []);

    private static async Task<Observation> LiveAsync(FixtureHost host, HostIntent intent)
    {
        HostState state = await host.Reader.ReadAsync(Token);
        var unixctl = new UnixctlClient(host.Daemon, TimeProvider.System);
        return new Observation(intent, state)
        {
            Flows = await DatapathFlowSource.ReadAsync(unixctl, state, intent, Token),
            OpenFlow = await OpenFlowSource.ReadAsync(unixctl, state, Token),
            Journal = JournalSource.Read(host.Paths),
        };
    }

    private static async Task<VerifyReport> FromAsync(byte[] bundle)
    {
        var host = new RecordedHost(BundleFile.Read(bundle));
        return VerifyReport.Of(await host.ReadAsync(host.Intent([]), Token), Checks.All);
    }
}
