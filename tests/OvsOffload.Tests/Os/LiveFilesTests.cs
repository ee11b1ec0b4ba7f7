using System.Diagnostics;
using System.Net.Sockets;
using OvsOffload.Os;

namespace OvsOffload.Tests.Os;

public sealed class LiveFilesTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly HostTree _host = new();

    private HostFiles Files => _host.Paths.Files;

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("../usr/lib/os-release")]
    [InlineData("/usr/lib/os-release")]
    [InlineData("../../../../../usr/./lib//os-release")]
    public void A_link_of_ours_is_followed_and_never_out_of_the_root(string target)
    {
        _host.File("/usr/lib/os-release", "ID=debian\n").Link("/etc/os-release", target);

        Assert.Equal("ID=debian", Files.Text(_host.At("/etc/os-release")).Value);
    }

    [Fact]
    public void A_directory_behind_a_link_is_listed()
    {
        _host.File("/usr/lib/modprobe.d/x.conf", "").Link("/lib", "usr/lib").Link("/etc/modprobe.d", "/lib/modprobe.d");

        Assert.Equal(["x.conf"], Files.Names(_host.At("/etc/modprobe.d")).Value);
        Assert.True(Files.IsDirectory(_host.At("/etc/modprobe.d")));
    }

    [Theory]
    [InlineData(OwnerOnly | UnixFileMode.OtherWrite)]
    [InlineData(OwnerOnly | UnixFileMode.GroupWrite)]
    [InlineData(OwnerOnly | UnixFileMode.OtherWrite | UnixFileMode.StickyBit)]
    public void No_link_is_followed_where_others_may_write(UnixFileMode mode)
    {
        _host.File("/etc/shadow", "secret").File("/run/open/plain", "plain").Link("/run/open/link", "/etc/shadow")
            .Link("/run/open/folder", "/etc");
        File.SetUnixFileMode(_host.At("/run/open"), mode);

        Assert.Equal("plain", Files.Text(_host.At("/run/open/plain")).Value);
        Assert.Contains("users other than root", Files.Text(_host.At("/run/open/link")).Why, StringComparison.Ordinal);
        Assert.True(Files.Text(_host.At("/run/open/link")).IsFailed);
        Assert.True(Files.Text(_host.At("/run/open/folder/shadow")).IsFailed);
        Assert.True(Files.Names(_host.At("/run/open/folder")).IsFailed);
        Assert.False(Files.IsDirectory(_host.At("/run/open/folder")));
        Assert.Equal("/etc/shadow", Files.Link(_host.At("/run/open/link")).Value);
    }

    [Fact]
    public void No_link_is_followed_in_a_directory_of_another_user()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to give a directory away");
        _host.File("/etc/shadow", "secret").Link("/home/alice/x", "/etc/shadow").Dir("/home/alice/below")
            .Link("/home/alice/below/y", "/etc/shadow").Link("/etc/z", "/home/alice/x");
        Chown("/home/alice");

        Assert.True(Files.Text(_host.At("/home/alice/x")).IsFailed);
        Assert.True(Files.Text(_host.At("/home/alice/below/y")).IsFailed);
        Assert.True(Files.Text(_host.At("/etc/z")).IsFailed);
    }

    [Fact]
    public void A_link_that_belongs_to_another_user_is_not_followed()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to give a link away");
        _host.File("/etc/shadow", "secret").Link("/etc/x", "shadow");
        Chown("/etc/x");

        Assert.True(Files.Text(_host.At("/etc/x")).IsFailed);
    }

    [Fact]
    public void A_file_that_is_not_there_is_absent_and_so_is_a_link_that_leads_nowhere()
    {
        _host.Dir("/etc").File("/etc/file", "x").Link("/etc/dangling", "nowhere/file");

        Assert.True(Files.Bytes(_host.At("/etc/x")).IsAbsent);
        Assert.True(Files.Bytes(_host.At("/etc/x/y")).IsAbsent);
        Assert.True(Files.Bytes(_host.At("/etc/file/y")).IsAbsent);
        Assert.True(Files.Bytes(_host.At("/etc/dangling")).IsAbsent);
        Assert.True(Files.Names(_host.At("/etc/dangling")).IsAbsent);
        Assert.True(Files.Names(_host.At("/etc/file")).IsAbsent);
        Assert.True(Files.Link(_host.At("/etc/x")).IsAbsent);
        Assert.True(Files.Link(_host.At("/etc/file")).IsFailed);
    }

    [Fact]
    public void Links_that_lead_in_a_circle_are_a_failure()
    {
        _host.Link("/etc/a", "b").Link("/etc/b", "/etc/a");

        Assert.Contains("ELOOP", Files.Bytes(_host.At("/etc/a")).Why, StringComparison.Ordinal);
        Assert.True(Files.Bytes(_host.At("/etc/a")).IsFailed);
    }

    [Fact]
    public void All_links_of_a_directory_are_read_as_each_of_them_is()
    {
        _host.Link("/run/x/b", "../y").File("/run/x/a", "").Link("/run/x/c", "/etc");
        string[] names = ["a", "b", "c"];

        Assert.Equal(
            names.Select(name => new NamedLink(name, Files.Link(_host.At($"/run/x/{name}")))),
            Files.Links(_host.At("/run/x")).Value);
        Assert.True(Files.Links(_host.At("/run/z")).IsAbsent);
    }

    [Fact]
    public void The_descriptors_of_a_process_are_read_at_once()
    {
        using FileStream open = File.OpenRead(typeof(LiveFilesTests).Assembly.Location);

        Assert.Contains(
            Reading.Known(open.Name), LiveFiles.Instance.Links("/proc/self/fd").Value.Select(link => link.Text));
        Assert.Contains(
            LiveFiles.Instance.Links("/proc/self").Value.Select(link => link.Text),
            link => link.IsFailed && link.Why.EndsWith("/comm: is not a symbolic link", StringComparison.Ordinal));
        Assert.True(LiveFiles.Instance.Links("/proc/0/fd").IsAbsent);
    }

    [Fact]
    public void What_is_masked_is_empty()
    {
        _host.Dir("/dev").Link("/etc/modprobe.d/x.conf", "/dev/null");
        Make("mknod", _host.At("/dev/null"), "c", "1", "3");

        Assert.Equal("", Files.Text(_host.At("/etc/modprobe.d/x.conf")).Value);
    }

    [Fact]
    public void A_fifo_a_socket_a_device_and_a_directory_are_a_failure_at_once()
    {
        _host.Dir("/etc/dir");
        Make("mkfifo", _host.At("/etc/fifo"));
        Make("mknod", _host.At("/etc/zero"), "c", "1", "5");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_host.At("/etc/socket")));
        var begun = Stopwatch.StartNew();

        foreach ((string name, string words) in ((string, string)[])
            [("fifo", "a FIFO"), ("zero", "a character device"), ("socket", "a socket"), ("dir", "EISDIR")])
        {
            Reading<byte[]> read = Files.Bytes(_host.At($"/etc/{name}"));
            Assert.True(read.IsFailed, name);
            Assert.Contains(words, read.Why, StringComparison.Ordinal);
            Assert.True(Files.Tail(_host.At($"/etc/{name}"), 100).IsFailed, name);
            Assert.True(Files.Ring(_host.At($"/etc/{name}"), 100).IsFailed, name);
        }

        Assert.True(begun.Elapsed < TimeSpan.FromSeconds(5), $"{begun.Elapsed}");
    }

    [Fact]
    public void A_file_of_10_GB_is_read_no_further_than_its_bound()
    {
        _host.File("/etc/huge", "");
        using (FileStream huge = File.OpenWrite(_host.At("/etc/huge")))
        {
            huge.SetLength(10L << 30);
        }

        Assert.Contains("longer than 1048576 bytes", Files.Bytes(_host.At("/etc/huge")).Why, StringComparison.Ordinal);
        Assert.False(Files.Tail(_host.At("/etc/huge"), 4096).Value.IsWhole);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(65536)]
    [InlineData(65537)]
    [InlineData(200000)]
    public void A_file_of_its_bound_is_read_whole_and_one_of_a_byte_more_not_at_all(int length)
    {
        byte[] content = new byte[length];
        new Random(1).NextBytes(content);
        _host.File("/etc/long", content);

        Assert.Equal(content, Files.Bytes(_host.At("/etc/long"), length).Value);
        Assert.Equal(content, Files.Bytes(_host.At("/etc/long"), 3 * length).Value);
        Assert.Contains(
            $"longer than {length - 1} bytes", Files.Bytes(_host.At("/etc/long"), length - 1).Why,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_does_not_say_how_long_it_is_is_read_whole() =>
        Assert.Equal(File.ReadAllBytes("/proc/kallsyms"), LiveFiles.Instance.Bytes("/proc/kallsyms", 1 << 28).Value);

    [Fact]
    public void What_is_not_UTF_8_is_no_text_and_loosely_it_is()
    {
        _host.File("/etc/x", [.. "caf"u8, 0xe9, .. " x=1\n"u8]);

        Assert.Contains("UTF-8", Files.Text(_host.At("/etc/x")).Why, StringComparison.Ordinal);
        Assert.True(Files.Text(_host.At("/etc/x")).IsFailed);
        Assert.Equal("caf\ufffd x=1", Files.LooseText(_host.At("/etc/x")).Value);
    }

    [Fact]
    public void A_path_with_a_zero_byte_is_a_failure()
    {
        _host.File("/etc/x", "x");

        Assert.True(Files.Bytes(_host.At("/etc/x\0y")).IsFailed);
        Assert.True(Files.Link(_host.At("/etc/x\0y")).IsFailed);
        Assert.False(Files.IsDirectory(_host.At("/etc\0y")));
    }

    [Fact]
    public void The_kernel_s_own_links_are_followed()
    {
        HostFiles real = HostPaths.Real.Files;

        Assert.Contains(" /proc ", real.Text("/proc/mounts").Value, StringComparison.Ordinal);
        Assert.Equal("1", real.Text("/sys/class/net/lo/ifindex").Value);
        Assert.Contains("address", real.Names("/sys/class/net/lo").Value);
        Assert.StartsWith("pid:[", real.Link("/proc/self/ns/pid").Value, StringComparison.Ordinal);
        Assert.Contains("0", real.Names("/proc/self/fd").Value);
        Assert.True(real.IsDirectory("/sys/class/net/lo"));
        Assert.True(real.Bytes("/sys/class/net/none/ifindex").IsAbsent);
        Assert.True(real.Bytes("/sys/class/net").IsFailed);
    }

    private static void Make(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.SkipUnless(process.ExitCode == 0, $"{program} needs root");
    }

    private void Chown(string path) => Make("chown", "-h", "12345", _host.At(path));
}
