using Microsoft.Win32.SafeHandles;
using OvsOffload.Os;

namespace OvsOffload.Tests.Os;

public sealed class LibCTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("x")]
    [InlineData("Straße 東京")]
    public void A_name_of_any_length_reaches_the_kernel_whole(string name)
    {
        string path = Path.Combine(
            _folder.FullName, string.Join('/', Enumerable.Repeat(new string('d', 200), 3)), name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "content");

        using var file = new SafeFileHandle(LibC.OpenNonBlocking(path), ownsHandle: true);

        Assert.False(file.IsInvalid);
        Assert.Equal(7, RandomAccess.GetLength(file));
        Assert.Equal(0, LibC.OwnerOf(path, out _));
        Assert.Equal(-1, LibC.OpenNonBlocking(path + "y"));
        Assert.Equal(Errno.ENOENT, LibC.LastError);
        Assert.Equal(-1, LibC.OwnerOf(path + "y", out _));
        Assert.Equal(Errno.ENOENT, LibC.LastError);
    }

    [Fact]
    public void A_closed_handle_is_not_passed_on()
    {
        SafeFileHandle file = File.OpenHandle(Path.Combine(_folder.FullName, "x"), FileMode.Create, FileAccess.Write);
        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => LibC.ChangeOwner(file, new(1, 1)));
        Assert.Throws<ObjectDisposedException>(() => LibC.StatusOf(file, out _));
    }

    [Fact]
    public void What_the_kernel_refuses_is_the_last_error()
    {
        using SafeFileHandle file =
            File.OpenHandle(Path.Combine(_folder.FullName, "x"), FileMode.Create, FileAccess.Write);

        Assert.Equal(-1, LibC.BindNetlink(file));
        Assert.Equal(Errno.ENOTSOCK, LibC.LastError);
        Assert.Equal(-1, LibC.EnterNetwork(file));
        Assert.Equal(Errno.EINVAL, LibC.LastError);
        Assert.Equal(-1, LibC.NetlinkSocket(-1));
        Assert.Equal(Errno.EPROTONOSUPPORT, LibC.LastError);
    }
}
