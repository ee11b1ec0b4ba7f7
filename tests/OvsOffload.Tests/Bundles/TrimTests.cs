using System.Text;
using OvsOffload.Bundles;
using OvsOffload.System;

namespace OvsOffload.Tests.Bundles;

public class TrimTests
{
    [Theory]
    [InlineData("/etc/neutron/plugins/ml2/openvswitch_agent.ini")]
    [InlineData("/etc/kolla/neutron-openvswitch-agent/openvswitch_agent.ini")]
    [InlineData("/etc/yunion/host_local.conf")]
    [InlineData("/etc/yunion/common/common.conf")]
    [InlineData("/var/lib/ovs-offload/security-groups/neutron.json")]
    public void An_agents_file_stays_out_and_counts_as_unread(string path)
    {
        FileRecord left = Trimmed(path, "transport_url = rabbit://neutron:hush@192.0.2.1\n");

        Assert.Equal(ReadingOutcome.Failed, left.Outcome);
        Assert.Empty(left.Content);
        Assert.Contains("secrets", left.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_the_host_agents_file_only_the_lines_are_kept_that_a_check_looks_at()
    {
        FileRecord left = Trimmed("/etc/yunion/host.conf", "admin_password: hush\nsriov_nics: [eth4]\n");

        Assert.Equal("sriov_nics: [eth4]\n", left.Text);
    }

    private static FileRecord Trimmed(string path, string text) => Assert.Single(Trim.Apply(new Recording
    {
        Manifest = new BundleManifest
        {
            Version = "1",
            Time = default,
            Host = "h",
            Kernel = "6.8",
            Masked = true,
            Configuration = "/c",
            Process = 1,
        },
        Netlink = [],
        Switch = [],
        Files = [new FileRecord(FileRead.Bytes, path) { Content = Encoding.UTF8.GetBytes(text) }],
    }).Files);
}
