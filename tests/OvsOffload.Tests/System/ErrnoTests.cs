using OvsOffload.System;

namespace OvsOffload.Tests.System;

public class ErrnoTests
{
    [Theory]
    [InlineData(1, "EPERM", "Operation not permitted")]
    [InlineData(16, "EBUSY", "Device or resource busy")]
    [InlineData(34, "ERANGE", "Numerical result out of range")]
    [InlineData(95, "EOPNOTSUPP", "Operation not supported")]
    [InlineData(524, "ENOTSUPP", "Operation not supported (kernel-internal code)")]
    public void Numbers_have_the_kernels_names_and_words(int errno, string name, string words)
    {
        Assert.Equal(name, Errno.NameOf(errno));
        Assert.Equal(name, Errno.NameOf(-errno));
        Assert.Equal($"{name} ({words})", Errno.Describe(errno));
        Assert.Equal(errno, Errno.NumberOf(name));
    }

    [Fact]
    public void A_number_without_a_name_is_shown_as_a_number()
    {
        Assert.Equal("errno 4000 (Unknown error)", Errno.Describe(4000));
        Assert.Equal("errno -2147483648 (Unknown error)", Errno.Describe(int.MinValue));
        Assert.Null(Errno.NumberOf("EWHATEVER"));
    }

    [Fact]
    public void The_errno_of_a_missing_file_is_ENOENT() =>
        Assert.Equal(Errno.ENOENT, Errno.From(Assert.ThrowsAny<IOException>(() => File.ReadAllText("/proc/none/such"))));

    [Fact]
    public void The_errno_of_a_full_device_is_ENOSPC() =>
        Assert.Equal(Errno.ENOSPC, Errno.From(Assert.ThrowsAny<IOException>(() => File.WriteAllText("/dev/full", "x"))));

    [Fact]
    public void An_exception_without_errno_describes_itself()
    {
        var exception = new InvalidDataException("not a number");

        Assert.Equal(0, Errno.From(exception));
        Assert.Equal("not a number", Errno.Describe(exception));
    }
}
