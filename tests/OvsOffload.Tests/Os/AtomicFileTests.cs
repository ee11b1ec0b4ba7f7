using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using OvsOffload.Os;

namespace OvsOffload.Tests.Os;

public sealed class AtomicFileTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_new_file_has_the_content_and_the_mode_asked_for()
    {
        _host.Dir("/etc");

        AtomicFile.Write(_host.At("/etc/x"), "new"u8, UnixFileMode.UserRead);

        Assert.Equal("new", _host.Text("/etc/x"));
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(_host.At("/etc/x")));
    }

    [Fact]
    public void A_file_that_is_there_keeps_its_mode_and_leaves_nothing_beside_it()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        _host.File("/etc/x", "old");
        File.SetUnixFileMode(_host.At("/etc/x"), Mode);

        AtomicFile.Write(_host.At("/etc/x"), "new"u8);

        Assert.Equal("new", _host.Text("/etc/x"));
        Assert.Equal(Mode, File.GetUnixFileMode(_host.At("/etc/x")));
        Assert.Single(Directory.GetFileSystemEntries(_host.At("/etc")));
    }

    [Fact]
    public void A_symbolic_link_stays_and_its_target_is_replaced()
    {
        _host.File("/etc/real/x", "old").Link("/etc/x", "real/x");

        AtomicFile.Write(_host.At("/etc/x"), "new"u8, root: _host.Paths.Root);

        Assert.Equal("real/x", new FileInfo(_host.At("/etc/x")).LinkTarget);
        Assert.Equal("new", _host.Text("/etc/real/x"));
    }

    [Fact]
    public void A_link_that_others_may_change_is_not_written_through()
    {
        _host.File("/etc/shadow", "old").Link("/run/open/x", "/etc/shadow");
        File.SetUnixFileMode(
            _host.At("/run/open"), (UnixFileMode)Convert.ToInt32("1777", 8));

        Assert.Contains(
            "symbolic link",
            Assert.Throws<IOException>(
                () => AtomicFile.Write(_host.At("/run/open/x"), "new"u8, root: _host.Paths.Root)).Message,
            StringComparison.Ordinal);
        Assert.Throws<IOException>(() => AtomicFile.TryReplace(
            _host.At("/run/open/x"), "old"u8.ToArray(), "new"u8.ToArray(), _host.Paths.Root));

        Assert.Equal("old", _host.Text("/etc/shadow"));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_no_other()
    {
        _host.Dir("/etc/x/y");

        Assert.ThrowsAny<Exception>(() => AtomicFile.Write(_host.At("/etc/x"), "new"u8));

        Assert.Equal([_host.At("/etc/x")], Directory.GetFileSystemEntries(_host.At("/etc")));
    }

    [Fact]
    public void A_file_that_is_what_it_was_is_replaced_with_its_mode_and_owner()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead;
        _host.File("/etc/real/x", "old").Link("/etc/x", "real/x");
        File.SetUnixFileMode(_host.At("/etc/real/x"), Mode);
        if (Environment.IsPrivilegedProcess)
        {
            using FileStream stream = File.OpenRead(_host.At("/etc/real/x"));
            Assert.Equal(0, LibC.ChangeOwner(stream.SafeFileHandle, new(12345, 23456)));
        }

        Assert.True(AtomicFile.TryReplace(
            _host.At("/etc/x"), "old"u8.ToArray(), "new"u8.ToArray(), _host.Paths.Root));

        Assert.Equal("new", _host.Text("/etc/real/x"));
        Assert.Equal("real/x", new FileInfo(_host.At("/etc/x")).LinkTarget);
        Assert.Equal(Mode, File.GetUnixFileMode(_host.At("/etc/real/x")));
        Assert.Equal(0, LibC.OwnerOf(_host.At("/etc/real/x"), out LibC.FileOwner owner));
        if (Environment.IsPrivilegedProcess)
        {
            Assert.Equal((12345u, 23456u), (owner.User, owner.Group));
        }

        Assert.Single(Directory.GetFileSystemEntries(_host.At("/etc/real")));
    }

    [Fact]
    public void A_file_that_is_no_longer_what_it_was_is_left_to_who_changed_it()
    {
        _host.File("/etc/x", "theirs");

        Assert.False(AtomicFile.TryReplace(_host.At("/etc/x"), "old"u8.ToArray(), "new"u8.ToArray(), _host.Paths.Root));
        Assert.False(AtomicFile.TryReplace(_host.At("/etc/x"), null, "new"u8.ToArray(), _host.Paths.Root));
        Assert.False(AtomicFile.TryReplace(_host.At("/etc/x"), "old"u8.ToArray(), null, _host.Paths.Root));
        Assert.False(AtomicFile.TryReplace(_host.At("/etc/y"), "old"u8.ToArray(), "new"u8.ToArray(), _host.Paths.Root));

        Assert.Equal("theirs", _host.Text("/etc/x"));
        Assert.Equal([_host.At("/etc/x")], Directory.GetFileSystemEntries(_host.At("/etc")));
    }

    [Fact]
    public void A_file_is_made_and_taken_away()
    {
        _host.Dir("/etc");

        Assert.True(AtomicFile.TryReplace(_host.At("/etc/x"), null, "new"u8.ToArray(), _host.Paths.Root));
        Assert.Equal("new", _host.Text("/etc/x"));
        Assert.True(AtomicFile.TryReplace(_host.At("/etc/x"), "new"u8.ToArray(), null, _host.Paths.Root));
        Assert.Empty(Directory.GetFileSystemEntries(_host.At("/etc")));
    }

    [Fact]
    public async Task Of_many_writers_at_once_none_loses_what_another_has_written()
    {
        const int Writers = 4, Each = 50;
        _host.File("/etc/x", "");
        string file = _host.At("/etc/x");

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (int n = 0; n < Each;)
            {
                byte[] now = File.ReadAllBytes(file);
                n += AtomicFile.TryReplace(file, now, [.. now, (byte)('a' + writer)], _host.Paths.Root) ? 1 : 0;
            }
        })));

        string text = _host.Text("/etc/x");
        Assert.All(Enumerable.Range(0, Writers), writer => Assert.Equal(Each, text.Count(one => one == 'a' + writer)));
        Assert.Single(Directory.GetFileSystemEntries(_host.At("/etc")));
    }

    [Fact]
    public async Task A_directory_that_somebody_has_locked_is_written_to_all_the_same()
    {
        _host.File("/etc/x", "old");
        using Process other = Process.Start(
            new ProcessStartInfo("flock", [_host.At("/etc"), "-c", "echo; sleep 60"])
            {
                RedirectStandardOutput = true,
            })!;
        await other.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        try
        {
            Assert.True(await Task.Run(() => AtomicFile.TryReplace(
                    _host.At("/etc/x"), "old"u8.ToArray(), "new"u8.ToArray(), _host.Paths.Root))
                .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        }
        finally
        {
            other.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public void Another_call_that_does_not_end_is_not_waited_for_for_ever()
    {
        _host.File("/etc/x", "old");
        using FileStream? other = RunLock.TryOpen(_host.Paths, "files");

        IOException failure = Assert.Throws<IOException>(() => AtomicFile.TryReplace(
            _host.At("/etc/x"), "old"u8.ToArray(), "new"u8.ToArray(), _host.Paths.Root));

        Assert.Contains("another ovs-offload process has been replacing a file for 5 s", failure.Message);
        Assert.Equal("old", _host.Text("/etc/x"));
    }

    /// <summary>An access control list as setfacl(1) makes it: version 2; owner rw, user 65534 r, group none, mask r,
    /// others none (linux/posix_acl_xattr.h).</summary>
    private static ReadOnlySpan<byte> AccessList =>
    [
        2, 0, 0, 0,
        0x01, 0, 6, 0, 0xff, 0xff, 0xff, 0xff,
        0x02, 0, 4, 0, 0xfe, 0xff, 0, 0,
        0x04, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,
        0x10, 0, 4, 0, 0xff, 0xff, 0xff, 0xff,
        0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,
    ];

    [Theory]
    [InlineData("system.posix_acl_access")]
    [InlineData("user.note")]
    [InlineData("security.selinux")]
    [InlineData("trusted.label")]
    public void A_file_keeps_its_access_list_its_label_and_all_other_attributes(string name)
    {
        byte[] value = name == "system.posix_acl_access"
            ? AccessList.ToArray()
            : "system_u:object_r:etc_t:s0"u8.ToArray();
        _host.File("/etc/x", "old");
        using (SafeFileHandle file = File.OpenHandle(_host.At("/etc/x"), FileMode.Open, FileAccess.ReadWrite))
        {
            Assert.SkipUnless(
                LibC.WriteAttribute(file, name, value, (nuint)value.Length, 0) == 0,
                $"no {name} here: {LibC.LastError.Describe()}");
        }

        Assert.True(AtomicFile.TryReplace(
            _host.At("/etc/x"), "old"u8.ToArray(), "new"u8.ToArray(), _host.Paths.Root));
        AtomicFile.Write(_host.At("/etc/x"), "newer"u8);

        byte[] kept = new byte[100];
        using SafeFileHandle after = File.OpenHandle(_host.At("/etc/x"));
        nint length = LibC.ReadAttribute(after, name, kept, (nuint)kept.Length);
        Assert.Equal(value, kept.AsSpan(0, Math.Max(0, (int)length)));
        Assert.Equal("newer", _host.Text("/etc/x"));
    }

    [Fact]
    public async Task On_a_full_disk_the_old_file_stays_whole_and_nothing_lies_beside_it()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Skip("a file system that is full needs a mount, and that root");
        }

        _host.Dir("/full");
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=64k", "ovs-offload-test", _host.At("/full"));
        try
        {
            byte[] old = new byte[30_000];
            File.WriteAllBytes(_host.At("/full/x"), old);

            Assert.ThrowsAny<IOException>(() => AtomicFile.TryReplace(
                _host.At("/full/x"), old, new byte[60_000], _host.Paths.Root));
            Assert.ThrowsAny<IOException>(() => AtomicFile.Write(_host.At("/full/x"), new byte[60_000]));

            Assert.Equal(old, File.ReadAllBytes(_host.At("/full/x")));
            Assert.Single(Directory.GetFileSystemEntries(_host.At("/full")));
        }
        finally
        {
            await RunAsync("umount", _host.At("/full"));
        }
    }

    private static async Task RunAsync(params string[] command)
    {
        try
        {
            await new ProcessRunner(TimeProvider.System).RunAsync(
                new ProcessRequest(command), TestContext.Current.CancellationToken);
        }
        catch (ProcessException failure) when (command[0] == "mount")
        {
            Assert.Skip($"a file system that is full cannot be made here: {failure.Message}");
        }
    }
}
