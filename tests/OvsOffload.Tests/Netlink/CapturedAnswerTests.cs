using System.Globalization;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Tests.Netlink;

/// <summary>We read from the kernel's answers what devlink, ip, tc and ethtool printed of them.</summary>
public sealed class CapturedAnswerTests
{
    private static readonly DevlinkHandle Pf0 = DevlinkHandle.Pci("0000:01:00.0");
    private static readonly LinkReference Eth0 = new(4, "eth0");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Kernels => ["6.1", "6.12"];

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task Eswitch_modes_are_those_that_devlink_prints(string kernel)
    {
        foreach (string? name in new[]
            { "devlink-eswitch-show-legacy", "devlink-eswitch-show-switchdev", "devlink-eswitch-show-inline" })
        {
            var capture = Capture.Load(kernel, name);

            DevlinkEswitch eswitch = await new Devlink(capture.Kernel()).EswitchAsync(Pf0, Cancellation);

            Assert.Equal(
                capture.Output[0],
                $"{Pf0}: mode {eswitch.Mode?.ToName()} inline-mode {eswitch.InlineMode?.ToName()} "
                + $"encap-mode {eswitch.EncapMode?.ToName()}");
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task A_vf_has_no_eswitch(string kernel)
    {
        var devlink = new Devlink(Capture.Load(kernel, "devlink-eswitch-show-of-vf").Kernel());

        Assert.Equal(DevlinkEswitch.Unsupported, await devlink.EswitchAsync(Pf0, Cancellation));
    }

    [Theory]
    [InlineData("devlink-eswitch-set-busy", nameof(Errno.EBUSY), "mlx5_core: Can't change mode, E-Switch is busy.")]
    [InlineData(
        "devlink-eswitch-set-needs-vfs",
        nameof(Errno.EINVAL),
        "mlx5_core: Can't set offloads mode, SRIOV legacy not enabled.")]
    [InlineData(
        "devlink-eswitch-set-not-supported",
        nameof(Errno.EOPNOTSUPP),
        "mlx5_core: Can't change eswitch mode (simulated).")]
    [InlineData("devlink-eswitch-set-infiniband", nameof(Errno.EOPNOTSUPP), null)]
    public async Task A_refused_mode_is_reported_in_the_kernels_words(string name, string errno, string? words)
    {
        foreach (TheoryDataRow<string> kernel in Kernels)
        {
            var devlink = new Devlink(Capture.Load(kernel.Data, name).Kernel());

            NetlinkException exception = await Assert.ThrowsAsync<NetlinkException>(
                () => devlink.SetEswitchModeAsync(Pf0, EswitchMode.Switchdev, Cancellation));

            Assert.Equal(errno, exception.Errno.ToString());
            Assert.Equal(words?.TrimEnd('.'), exception.ExtendedAck?.Message?.TrimEnd('.'));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task Other_refusals_of_devlink_are_reported_in_the_kernels_words(string kernel)
    {
        Devlink Answering(string name) => new(Capture.Load(kernel, name).Kernel());

        NetlinkException inline = await Assert.ThrowsAsync<NetlinkException>(
            () => Answering("devlink-inline-set-refused")
            .SetInlineModeAsync(Pf0, EswitchInlineMode.Transport, Cancellation));
        NetlinkException encap = await Assert.ThrowsAsync<NetlinkException>(() => Answering("devlink-encap-set-refused")
            .SetEncapModeAsync(Pf0, EswitchEncapMode.None, Cancellation));
        NetlinkException parameter = await Assert.ThrowsAsync<NetlinkException>(
            () => Answering("devlink-param-set-bad-value")
            .SetParameterAsync(
                Pf0, "flow_steering_mode", DevlinkParameterMode.Runtime, DevlinkValue.Of("hmfs"), Cancellation));

        Assert.Equal("mlx5_core: Inline mode can't be set", inline.ExtendedAck?.Message);
        Assert.Equal("mlx5_core: Can't set encapsulation when flows are configured", encap.ExtendedAck?.Message);
        Assert.Equal(
            "devlink dev param set name flow_steering_mode value hmfs of pci/0000:01:00.0: "
            + "mlx5_core: Bad parameter: supported values are [\"dmfs\", \"smfs\"] (EINVAL)",
            parameter.Message);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task Ports_are_those_that_devlink_prints(string kernel)
    {
        foreach (string? name in new[]
            { "devlink-port-show-legacy", "devlink-port-show", "devlink-port-show-infiniband" })
        {
            var capture = Capture.Load(kernel, name);

            IReadOnlyList<DevlinkPort> ports = await new Devlink(capture.Kernel()).PortsAsync(Cancellation);

            var printed = capture.Output.Where(line => line.StartsWith("pci/", StringComparison.Ordinal)).ToList();
            Assert.Equal(printed.Count, ports.Count);
            foreach ((DevlinkPort? port, string? line) in ports.Zip(printed))
            {
                Assert.StartsWith($"{port.Handle}/{port.Index}: ", line, StringComparison.Ordinal);
                string type = port.Type == DevlinkPortType.InfiniBand ? " type ib " : " type eth ";
                Assert.Contains(type, line, StringComparison.Ordinal);
                Assert.Equal(port.NetdevName is not null, line.Contains(" netdev ", StringComparison.Ordinal));
                Assert.Contains($" netdev {port.NetdevName}".TrimEnd(), line + " netdev", StringComparison.Ordinal);
                Assert.Equal(
                    port.Flavour == DevlinkPortFlavour.Physical,
                    line.Contains($" port {port.Number} ", StringComparison.Ordinal));
                Assert.Equal(
                    port.Flavour == DevlinkPortFlavour.PciVf,
                    line.Contains(
                        $" pfnum {port.PfNumber} vfnum {port.VfNumber} external false", StringComparison.Ordinal));
                Assert.Equal(port.FunctionAddress is not null, port.Flavour == DevlinkPortFlavour.PciVf);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task A_parameter_is_the_one_that_devlink_prints(string kernel)
    {
        DevlinkParameter? one = await new Devlink(Capture.Load(kernel, "devlink-param-show").Kernel())
            .ParameterAsync(Pf0, "flow_steering_mode", Cancellation);

        Assert.Equal("flow_steering_mode", one?.Name);
        Assert.Equal(Pf0, one?.Handle);
        Assert.Equal(DevlinkValue.Of("smfs"), one?.ValueIn(DevlinkParameterMode.Runtime));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task Versions_are_those_that_devlink_prints(string kernel)
    {
        DevlinkInfo? info = await new Devlink(Capture.Load(kernel, "devlink-dev-info-stored").Kernel())
            .InfoAsync(Pf0, Cancellation);

        Assert.NotNull(info);
        Assert.Equal("mlx5_core", info.Driver);
        Assert.Equal("MT2048X05141", info.Serial);
        Assert.StartsWith("MT_", info.FixedVersions["fw.psid"], StringComparison.Ordinal);
        Assert.Equal("14.99.0001", info.StoredVersions["fw.version"]);
        Assert.NotEqual(info.StoredVersions["fw.version"], info.RunningVersions["fw.version"]);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task Health_is_that_which_devlink_prints(string kernel)
    {
        IReadOnlyList<DevlinkHealthReporter> reporters = await new Devlink(
            Capture.Load(kernel, "devlink-health-show-errors").Kernel())
            .HealthReportersAsync(Cancellation);

        DevlinkHealthReporter firmware = Assert.Single(reporters, r => r.Handle == Pf0 && r.Name == "fw");
        Assert.Equal((DevlinkHealthState.Error, 1ul, 0ul), (firmware.State, firmware.Errors, firmware.Recoveries));
        DevlinkHealthReporter fatal = Assert.Single(reporters, r => r.Handle == Pf0 && r.Name == "fw_fatal");
        Assert.Equal(DevlinkHealthState.Healthy, fatal.State);
        Assert.True(fatal.IsAutoRecovering);
        Assert.Contains(reporters, r => r.PortIndex == 65535 && r.Name == "tx");
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task Links_are_those_that_ip_prints(string kernel)
    {
        var capture = Capture.Load(kernel, "ip-link-show");

        IReadOnlyList<Link> links = await new Links(capture.Kernel()).AllAsync(Cancellation);

        var heads = capture.Output.Where(line => char.IsAsciiDigit(line[0])).ToList();
        Assert.Equal(heads.Count, links.Count);
        foreach ((Link? link, string? head) in links.Zip(heads))
        {
            Assert.Contains(FormattableString.Invariant($"{link.Index}: {link.Name}"), head, StringComparison.Ordinal);
            Assert.Contains(FormattableString.Invariant($" mtu {link.Mtu} "), head, StringComparison.Ordinal);
            Assert.Contains(
                $" state {link.OperationalState.ToString().ToUpperInvariant()} ", head, StringComparison.Ordinal);
            Assert.Equal(link.IsUp, head.Contains(",UP", StringComparison.Ordinal));
            Assert.Equal(link.HasCarrier, head.Contains("LOWER_UP", StringComparison.Ordinal));
            string body = string.Join('\n', capture.Output.SkipWhile(line => line != head).Skip(1)
                .TakeWhile(line => !char.IsAsciiDigit(line[0])));
            Assert.Contains(
                FormattableString.Invariant($" minmtu {link.MinMtu} maxmtu {link.MaxMtu} "),
                $"{body} ".ReplaceLineEndings(" "), StringComparison.Ordinal);
            Assert.True(link.Address.Length == 0 || body.Contains($" {link.Address} ", StringComparison.Ordinal));
            Assert.Equal(link.PhysicalPortName is not null, body.Contains("portname", StringComparison.Ordinal));
            Assert.Contains($"portname {link.PhysicalPortName}".TrimEnd(), body + "portname", StringComparison.Ordinal);
            Assert.Contains($"switchid {link.PhysicalSwitchId}".TrimEnd(), body + "switchid", StringComparison.Ordinal);
            Assert.Contains(
                $"parentdev {link.ParentDeviceName}".TrimEnd(), body + "parentdev", StringComparison.Ordinal);
        }

        Assert.Contains(links, link => link.PhysicalPortName == "pf0vf3" && link.ParentDeviceName == "0000:01:00.0");
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task Vfs_are_those_that_ip_prints(string kernel)
    {
        var capture = Capture.Load(kernel, "ip-link-show-vf-mac");

        IReadOnlyList<LinkVf> vfs = await new Links(capture.Kernel()).VfsAsync(Eth0, Cancellation);

        var printed = capture.Output.Where(line => line.StartsWith("    vf ", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, vfs.Count);
        Assert.Equal("02:00:00:00:00:11", vfs[0].Address.ToString());
        foreach ((LinkVf? vf, string? line) in vfs.Zip(printed))
        {
            Assert.StartsWith(
                string.Create(CultureInfo.InvariantCulture, $"    vf {vf.Index}     link/ether {vf.Address} "),
                line,
                StringComparison.Ordinal);
            Assert.Contains(
                $"spoof checking {OnOff(vf.IsSpoofChecked)}, link-state auto, trust {OnOff(vf.IsTrusted)}",
                line,
                StringComparison.Ordinal);
            Assert.Equal(VfLinkState.Auto, vf.LinkState);
        }

        static string OnOff(bool? value) => value == true ? "on" : "off";
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task A_link_is_found_by_its_alternative_name(string kernel)
    {
        var links = new Links(Capture.Load(kernel, "ip-link-show-altname").Kernel());

        Link? link = await links.FindAsync("enp1s0f0np0", Cancellation);

        Assert.Equal("eth0", link?.Name);
        Assert.Equal(["enp1s0f0np0"], link?.AlternativeNames);
        Assert.Null(await new Links(Capture.Load(kernel, "ip-link-show-absent").Kernel())
            .FindAsync("nosuchdev", Cancellation));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task An_InfiniBand_link_has_a_long_address(string kernel)
    {
        var links = new Links(Capture.Load(kernel, "ip-link-show-infiniband").Kernel());

        Link? link = await links.FindAsync("ib0", Cancellation);

        Assert.Equal(LinkHardwareType.InfiniBand, link?.HardwareType);
        Assert.Equal(20, link?.Address.Length);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task A_bond_with_a_partner_is_the_one_that_ip_prints(string kernel)
    {
        var capture = Capture.Load(kernel, "ip-bond-show");

        Bond? bond = (await new Links(capture.Kernel()).FindAsync("bond0", Cancellation))?.Bond;

        Assert.NotNull(bond);
        BondOptions options = bond.Options;
        Assert.Equal(
            (BondMode.Lacp, 100u, BondLacpRate.Fast, BondTransmitHash.Layer34),
            (options.Mode, options.MiiMonitor, options.LacpRate, options.TransmitHash));
        string printed = capture.Output[2];
        Assert.Contains(
            $"bond mode {options.Mode?.ToName()} miimon {options.MiiMonitor} ", printed, StringComparison.Ordinal);
        Assert.Contains($" xmit_hash_policy {options.TransmitHash?.ToName()} ", printed, StringComparison.Ordinal);
        Assert.Contains($" fail_over_mac {options.FailOverMac?.ToName()} ", printed, StringComparison.Ordinal);
        Assert.Contains($" primary_reselect {options.PrimaryReselect?.ToName()} ", printed, StringComparison.Ordinal);
        Assert.Contains($" min_links {options.MinimumLinks} ", printed, StringComparison.Ordinal);
        Assert.Contains($" ad_select {options.AggregatorSelect?.ToName()} ", printed, StringComparison.Ordinal);
        Assert.Equal((ushort?)2, bond.Aggregator?.Ports);
        Assert.False(bond.Aggregator?.PartnerAddress.IsZero);
        Assert.Contains($" ad_partner_mac {bond.Aggregator?.PartnerAddress} ", printed, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_slave_knows_its_place_in_the_bond(string kernel)
    {
        Link link = Capture.Load(kernel, "ip-bond-slave-show").Link("eth0");
        Link backup = Capture.Load(kernel, "ip-bond-show-active-backup").Link("bond1");

        Assert.Equal("bond", link.SlaveKind);
        Assert.NotNull(link.Master);
        Assert.Equal((BondSlaveState.Active, BondSlaveLink.Up), (link.BondSlave?.State, link.BondSlave?.Link));
        Assert.NotNull(link.BondSlave?.AggregatorId);
        Assert.False(link.BondSlave.ActorState?.HasFlag(LacpState.Defaulted));
        Assert.Equal(BondMode.ActiveBackup, backup.Bond?.Options.Mode);
        Assert.NotNull(backup.Bond?.Options.ActiveSlave);
        Assert.Null(backup.Bond.Aggregator);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task Refusals_of_links_are_reported_in_the_kernels_words(string kernel)
    {
        Links Answering(string name) => new(Capture.Load(kernel, name).Kernel());

        NetlinkException enslave = await Assert.ThrowsAsync<NetlinkException>(() =>
            Answering("ip-link-set-master-refused").SetMasterAsync(Eth0, new LinkReference(21, "bond0"), Cancellation));
        NetlinkException mode = await Assert.ThrowsAsync<NetlinkException>(() => Answering("ip-bond-set-mode-refused")
            .ChangeBondAsync(Eth0, new BondOptions { Mode = BondMode.ActiveBackup }, Cancellation));
        NetlinkException exists = await Assert.ThrowsAsync<NetlinkException>(() =>
            Answering("ip-bond-add-exists").CreateBondAsync("bond0", new BondOptions(), Cancellation));
        NetlinkException mtu = await Assert.ThrowsAsync<NetlinkException>(() =>
            Answering("ip-link-set-mtu-refused").SetMtuAsync(Eth0, 65000, Cancellation));
        NetlinkException vlan = await Assert.ThrowsAsync<NetlinkException>(() =>
            Answering("ip-link-set-vf-vlan-refused").SetVfVlanAsync(Eth0, 0, 5, 0, Cancellation));

        Assert.Equal(
            "ip link set master bond0 of link eth0: Device can not be enslaved while up (EPERM)", enslave.Message);
        Assert.Equal(Errno.ENOTEMPTY, mode.Errno);
        Assert.Equal("unable to set option because the bond device has slaves", mode.ExtendedAck?.Message);
        Assert.Equal(Errno.EEXIST, exists.Errno);
        Assert.Equal("mtu greater than device maximum", mtu.ExtendedAck?.Message);
        Assert.Equal(Errno.EOPNOTSUPP, vlan.Errno);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task Features_without_names_are_refused_and_not_taken_for_off(string kernel)
    {
        // ethtool asks for compact sets, which we never do
        var ethtool = new Ethtool(Capture.Load(kernel, "ethtool-features").Kernel());

        await Assert.ThrowsAsync<NetlinkMalformedException>(
            () => ethtool.FeatureAsync(Eth0, Ethtool.TcOffload, Cancellation));
    }
}
