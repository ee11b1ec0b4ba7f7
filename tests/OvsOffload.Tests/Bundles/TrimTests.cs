using System.Text;
using OvsOffload.Bundles;
using OvsOffload.Os;

namespace OvsOffload.Tests.Bundles;

public class TrimTests
{
    [Theory]
    [InlineData("/etc/neutron/plugins/ml2/openvswitch_agent.ini")]
    [InlineData("/etc/kolla/neutron-openvswitch-agent/openvswitch_agent.ini")]
    [InlineData("/etc/yunion/host_local.conf")]
    [InlineData("/etc/yunion/common/common.conf")]
    [InlineData("/var/lib/ovs-offload/security-groups/neutron.json")]
    public void An_agent_s_file_is_omitted_and_counts_as_unread(string path)
    {
        FileRecord left = Trimmed(path, "transport_url = rabbit://neutron:hush@192.0.2.1\n");

        Assert.Equal(ReadingOutcome.Failed, left.Outcome);
        Assert.Empty(left.Content);
        Assert.Contains("secrets", left.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_lines_of_host_conf_that_a_check_reads_are_kept()
    {
        FileRecord left = Trimmed("/etc/yunion/host.conf", "admin_password: hush\nsriov_nics: [eth4]\n");

        Assert.Equal("sriov_nics: [eth4]\n", left.Text);
    }

    [Fact]
    public void Only_relevant_open_files_of_a_process_are_named()
    {
        FileRecord[] left =
        [
            .. Trim.Apply(Recorded(
                Names("/proc/7/fd", "3/4"), Link("/proc/7/fd/3", "/home/customer"),
                Link("/proc/7/fd/4", "/dev/vfio/17"),
                Names("/proc/8/fd", "5"), Link("/proc/8/fd/5", "/home/customer"))).Files,
        ];

        Assert.Equal(
            [("/proc/7/fd", "4"), ("/proc/7/fd/4", "/dev/vfio/17"), ("/proc/8/fd", "")],
            left.Select(file => (file.Path, file.Text!)));

        static FileRecord Names(string path, string names) =>
            new(FileRead.Names, path) { Content = Encoding.UTF8.GetBytes(names) };

        static FileRecord Link(string path, string target) =>
            new(FileRead.Link, path) { Content = Encoding.UTF8.GetBytes(target) };
    }

    [Theory]
    [InlineData("/proc/812/environ", "TOKEN=x\0IRQBALANCE_BANNED_CPUS=1", "IRQBALANCE_BANNED_CPUS=1")]
    [InlineData("/etc/rc.local", "curl -u a:b x\nmlnx_affinity start\n", "mlnx_affinity start\n")]
    [InlineData("/etc/infiniband/openib.conf", "ONBOOT=yes\nRUN_AFFINITY_TUNER=yes\n", "RUN_AFFINITY_TUNER=yes\n")]
    public void Only_the_lines_that_place_interrupts_are_kept(string path, string text, string kept) =>
        Assert.Equal(kept, Trimmed(path, text).Text);

    private static FileRecord Trimmed(string path, string text) => Assert.Single(Trim.Apply(
        Recorded(new FileRecord(FileRead.Bytes, path) { Content = Encoding.UTF8.GetBytes(text) })).Files);

    private static Recording Recorded(params FileRecord[] files) => new()
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
        Files = [.. files],
    };
}
