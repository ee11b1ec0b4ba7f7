using OvsOffload.Os;


namespace OvsOffload.Tests.Os;

public class ErrnoTextTests
{
    [Theory]
    [InlineData(1, "EPERM (Operation not permitted)")]
    [InlineData(16, "EBUSY (Device or resource busy)")]
    [InlineData(34, "ERANGE (Numerical result out of range)")]
    [InlineData(95, "EOPNOTSUPP (Operation not supported)")]
    [InlineData(524, "ENOTSUPP (Operation not supported (kernel-internal code))")]
    [InlineData(4000, "errno 4000 (Unknown error)")]
    public void Numbers_have_the_kernels_names_and_words(int errno, string described) =>
        Assert.Equal(described, ((Errno)errno).Describe());

    [Fact]
    public void Every_errno_has_words() => Assert.All(
        Enum.GetValues<Errno>().Where(errno => errno != Errno.None),
        errno => Assert.NotEqual("Unknown error", errno.Words()));

    [Fact]
    public void The_errno_of_a_missing_file_is_ENOENT() => Assert.Equal(
        Errno.ENOENT, ErrnoText.Of(Assert.ThrowsAny<IOException>(() => File.ReadAllText("/proc/none/such"))));

    [Fact]
    public void The_errno_of_a_full_device_is_ENOSPC() => Assert.Equal(
        Errno.ENOSPC, ErrnoText.Of(Assert.ThrowsAny<IOException>(() => File.WriteAllText("/dev/full", "x"))));

    [Fact]
    public void An_exception_without_errno_describes_itself()
    {
        var exception = new InvalidDataException("not a number");

        Assert.Equal(Errno.None, ErrnoText.Of(exception));
        Assert.Equal("not a number", ErrnoText.Describe(exception));
    }
}
