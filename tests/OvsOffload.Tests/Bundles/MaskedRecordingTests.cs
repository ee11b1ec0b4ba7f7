using System.Text;
using OvsOffload.Bundles;

namespace OvsOffload.Tests.Bundles;

/// <summary>What gets into a bundle, and what does not.</summary>
public sealed class MaskedRecordingTests : IDisposable
{
    private readonly FixtureHost _host = new(ConnectX6DxHost.Describe());

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("web-shop")] // names of guests
    [InlineData("hyp7")] // the host's name
    [InlineData("10.1.2.")] // addresses
    [InlineData("52:54:00:aa:bb:cc")]
    [InlineData("0302010A")] // an address as /proc/net/tcp writes it
    [InlineData("MT2099X01234")] // a serial number
    public async Task Names_and_addresses_are_nowhere_in_a_masked_bundle(string word)
    {
        Assert.True(Holds(await _host.RecordAsync(masked: false), Encoding.UTF8.GetBytes(word)));
        Assert.False(Holds(await _host.RecordAsync(masked: true), Encoding.UTF8.GetBytes(word)));
    }

    [Theory]
    [InlineData("b83fd2100101")] // the MAC address of a VF
    [InlineData("b83fd210000000")] // the beginning of the switch's identity
    [InlineData("0a010203")] // the host's address
    public async Task Addresses_are_nowhere_in_the_kernels_answers(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);

        Assert.True(HoldsReply(await _host.RecordAsync(masked: false), bytes));
        Assert.False(HoldsReply(await _host.RecordAsync(masked: true), bytes));
    }

    [Theory]
    [InlineData("hunter2")] // kernel's command line
    [InlineData("topsecret")] // /etc/network/interfaces
    [InlineData("swordfish")] // a tunnel's key
    [InlineData("AWS_SECRET")] // another program's environment
    [InlineData("customer.qcow2")] // another program's files
    [InlineData("0707070A")] // another program's connections
    [InlineData("nfs.example")] // another file system
    public async Task Secrets_and_other_programs_are_in_no_bundle(string word)
    {
        foreach (bool masked in (bool[])[false, true])
        {
            Assert.False(Holds(await _host.RecordAsync(masked), Encoding.UTF8.GetBytes(word)), $"masked: {masked}");
        }
    }

    [Fact]
    public async Task The_match_of_a_filter_is_in_no_bundle()
    {
        Assert.False(HoldsReply(await _host.RecordAsync(masked: false), [0x52, 0x54, 0, 0x12, 0x34, 0x56]));
    }

    [Fact]
    public async Task Equal_addresses_stay_equal_over_files_kernel_and_database()
    {
        Recording recording = await _host.RecordAsync(masked: true);

        FileRecord neighbours = recording.Files.Single(file => file.Path == "/proc/net/arp");
        string mac = neighbours.Text!.Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        string rows = recording.Switch.Single(answer => answer.Command == SwitchRecord.Rows).Answer!;
        string log = recording.Files.Single(file => file.Path == "/dev/kmsg").Text!;
        Assert.Contains(mac, rows, StringComparison.Ordinal);
        Assert.Contains(mac, log, StringComparison.Ordinal);
    }

    [Fact]
    public void Different_addresses_stay_different_and_keep_what_checks_ask_of_them()
    {
        var pseudonyms = new Pseudonyms();
        var seen = new HashSet<string>();
        for (int i = 0; i < 70_000; i++)
        {
            byte[] masked = pseudonyms.Hardware([(byte)(i & 3), 0x11, 0, (byte)(i >> 16), (byte)(i >> 8), (byte)i]);

            Assert.Equal(i & 3, masked[0] & 3);
            Assert.True(seen.Add(Convert.ToHexString(masked)));
        }

        Assert.Equal(new byte[6], pseudonyms.Hardware(new byte[6]));
        Assert.Equal(20, pseudonyms.Hardware([.. Enumerable.Range(1, 20).Select(i => (byte)i)]).Length);
    }

    [Theory]
    [InlineData("hyp7", "hyp7 up", "masked-host up")]
    [InlineData("hyp7", "at hyp7.", "at masked-host.")]
    [InlineData("hyp7", "on hyp7.shop.example and hyp7.shop.example", "on masked-2 and masked-2")]
    [InlineData("hyp7", "ovs-HYP7_a, hyp71, ahyp7", "masked-2, hyp71, ahyp7")]
    [InlineData("hyp7.shop.example", "of hyp7 and hyp7.shop.example", "of masked-host and masked-2")]
    [InlineData("localhost", "localhost up", "localhost up")]
    [InlineData("a1", "a1 up", "a1 up")]
    public void The_host_s_name_and_names_with_it_are_masked(string host, string text, string masked)
    {
        var pseudonyms = new Pseudonyms();
        pseudonyms.Host(host);

        Assert.Equal(masked, new MaskedText(pseudonyms).Of(text));
    }

    [Fact]
    public async Task A_masked_bundle_calls_its_host_the_same_in_manifest_file_and_database()
    {
        Recording recording = await _host.RecordAsync(masked: true);

        Assert.Equal("masked-host", recording.Manifest.Host);
        Assert.Equal(
            "masked-host", recording.Files.Single(file => file.Path == "/proc/sys/kernel/hostname").Text!.Trim());
        string rows = recording.Switch.Single(one => one.Command == SwitchRecord.Rows).Answer!;
        Assert.Contains("[\"system-id\",\"masked-host\"]", rows, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("at 127.0.0.1:6640 and 0.0.0.0", "at 127.0.0.1:6640 and 0.0.0.0")]
    [InlineData("netmask 255.255.255.0", "netmask 255.255.255.0")]
    [InlineData("tcp:10.0.0.9:6640", "tcp:198.18.0.1:6640")]
    [InlineData("mlx5_core 0000:3b:00.0: E-Switch", "mlx5_core 0000:3b:00.0: E-Switch")]
    [InlineData("fw 22.39.1002, OVS 3.3.0", "fw 22.39.1002, OVS 3.3.0")]
    [InlineData("at 12:34:56 of 2001:db9::7", "at 12:34:56 of 2001:db8::1")]
    [InlineData("ssl:[fe80::1:2]:6640", "ssl:[fe80::1]:6640")]
    [InlineData("ssl:fd00::9", "ssl:2001:db8::1")]
    [InlineData("::1 and ff02::1", "::1 and ff02::1")]
    [InlineData("enx52540012ab01 up", "enxa20000000001 up")]
    [InlineData("52-54-00-12-AB-01", "a2-00-00-00-00-01")]
    [InlineData("52:54:00:12:ab:01,52:54:00:12:ab:02", "a2:00:00:00:00:01,a2:00:00:00:00:02")]
    public void Text_keeps_everything_but_addresses_of_hosts(string text, string masked) =>
        Assert.Equal(masked, new MaskedText(new Pseudonyms()).Of(text));

    [Theory]
    [InlineData("eth(src=52:54:00:12:ab:01,dst=00:00:00:00:00:00/01:00:00:00:00:00)",
        "eth(src=a2:00:00:00:00:01,dst=00:00:00:00:00:00/01:00:00:00:00:00)")]
    [InlineData("ipv4(src=10.0.0.9/128.0.0.0,dst=10.0.0.9)", "ipv4(src=198.18.0.1/128.0.0.0,dst=198.18.0.1)")]
    [InlineData("ipv6(src=fd00::9/ffff::,frag=no)", "ipv6(src=2001:db8::1/ffff::,frag=no)")]
    public void Of_a_flow_addresses_are_masked_and_their_masks_are_kept(string flow, string masked) =>
        Assert.Equal(masked, new MaskedText(new Pseudonyms()).OfFlows(flow));

    private static bool Holds(Recording recording, byte[] word) =>
        BundleFormat.Write(recording).Any(member => member.Content.Span.IndexOf(word) >= 0)
        || HoldsReply(recording, word);

    private static bool HoldsReply(Recording recording, byte[] word) => recording.Netlink.Any(exchange =>
        exchange.Reply.AsSpan().IndexOf(word) >= 0 || exchange.Request.AsSpan().IndexOf(word) >= 0);
}
