using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class FunctionSettingsTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData(
        "/etc/netplan/50-cloud.yaml",
        "network:\n  ethernets:\n    nic:\n      set-name: eth4\n      virtual-function-count: 8\n",
        "netplan", "virtual-function-count: 8")]
    [InlineData(
        "/etc/netplan/50-cloud.yaml", "network: {ethernets: {eth4: {embedded-switch-mode: switchdev}}}",
        "netplan", "embedded-switch-mode: switchdev")]
    [InlineData(
        "/etc/NetworkManager/system-connections/eth4.nmconnection",
        "[connection]\ninterface-name=eth4\n[sriov]\ntotal-vfs=8\n", "NetworkManager", "total-vfs=8")]
    [InlineData(
        "/etc/systemd/network/10-nic.link", "[Match]\nOriginalName=eth4\n[Link]\nSR-IOVVirtualFunctions=8\n",
        "udev (systemd.link)", "SR-IOVVirtualFunctions=8")]
    [InlineData(
        "/etc/network/interfaces", "auto eth4\n  pre-up echo 8 > /sys/class/net/eth4/device/sriov_numvfs\n",
        "ifupdown", "pre-up echo 8 > /sys/class/net/eth4/device/sriov_numvfs")]
    [InlineData(
        "/etc/udev/rules.d/90-vfs.rules", "ACTION==\"add\", KERNEL==\"eth4\", ATTR{device/sriov_numvfs}=\"8\"",
        "udev", "ACTION==\"add\", KERNEL==\"eth4\", ATTR{device/sriov_numvfs}=\"8\"")]
    [InlineData(
        "/etc/rc.local", "echo 8 > /sys/class/net/eth4/device/sriov_numvfs", "rc.local",
        "echo 8 > /sys/class/net/eth4/device/sriov_numvfs")]
    [InlineData(
        "/etc/neutron/plugins/ml2/sriov_agent.ini", "[sriov_nic]\nphysical_device_mappings = physnet2:eth4\n",
        "neutron-sriov-nic-agent", "physical_device_mappings = physnet2:eth4")]
    [InlineData(
        "/etc/yunion/host.conf", "sriov_nics: []\novs_offload_nics:\n- eth4\nnetworks:\n- eth0/br0\n",
        "the host agent of Cloudpods", "ovs_offload_nics: eth4")]
    public void Settings_for_a_representor_in_other_programs_are_found(
        string file, string text, string program, string line)
    {
        _host.File(file, text);

        FunctionSetting found = Assert.Single(FunctionSettings.Read(_host.Paths).Value);

        Assert.Equal(new FunctionSetting(program, file, line, "eth4"), found);
    }

    [Theory]
    [InlineData("/etc/rc.local", "# echo 8 > /sys/class/net/eth4/device/sriov_numvfs")]
    [InlineData("/etc/netplan/50.yaml", "network: {ethernets: {eth4: {dhcp4: true}}}")]
    [InlineData("/etc/netplan/50.yaml", "network: [")]
    [InlineData(
        "/etc/NetworkManager/system-connections/a.nmconnection",
        "[connection]\ninterface-name=eth4\n[sriov]\ntotal-vfs=0\n")]
    [InlineData("/etc/systemd/network/10.link", "[Link]\nSR-IOVVirtualFunctions=8\n")]
    public void Lines_that_set_nothing_are_skipped(string file, string text)
    {
        _host.File(file, text);

        Assert.Empty(FunctionSettings.Read(_host.Paths).Value);
    }

    [Fact]
    public void Of_foreign_files_only_lines_that_are_read_are_shown_and_they_say_the_same()
    {
        const string Text = "[connection]\ninterface-name=eth4\n[wifi-security]\nwep-key0=abc\n[sriov]\ntotal-vfs=8\n";
        string shown = string.Join('\n', Text.Split('\n').Where(FunctionSettings.IsRelevant));

        Assert.DoesNotContain("wep-key0", shown, StringComparison.Ordinal);
        Assert.True(FunctionSettings.HoldsOtherSettings("/etc/NetworkManager/system-connections/a.nmconnection"));
        Assert.Equal(
            FunctionSettings.Parse("NetworkManager", "f", Text), FunctionSettings.Parse("NetworkManager", "f", shown));
    }
}
