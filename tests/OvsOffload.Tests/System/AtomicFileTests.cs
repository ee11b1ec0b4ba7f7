using OvsOffload.System;
using OvsOffload.Tests.Fixtures;

namespace OvsOffload.Tests.System;

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

        AtomicFile.Write(_host.At("/etc/x"), "new"u8);

        Assert.Equal("real/x", new FileInfo(_host.At("/etc/x")).LinkTarget);
        Assert.Equal("new", _host.Text("/etc/real/x"));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_no_other()
    {
        _host.Dir("/etc/x/y");

        Assert.ThrowsAny<Exception>(() => AtomicFile.Write(_host.At("/etc/x"), "new"u8));

        Assert.Equal([_host.At("/etc/x")], Directory.GetFileSystemEntries(_host.At("/etc")));
    }
}
