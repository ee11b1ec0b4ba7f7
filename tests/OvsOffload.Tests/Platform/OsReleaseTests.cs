using OvsOffload.Os;
using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class OsReleaseTests : IDisposable
{
    private const string Rocky = "NAME=\"Rocky Linux\"\nID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"
        + "# a comment\nPRETTY_NAME=\"Rocky Linux 9.5 (Blue Onyx)\"\n";

    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Id_kin_and_name_are_read()
    {
        _host.File("/etc/os-release", Rocky);

        OsRelease read = OsRelease.Read(_host.Paths).Value;

        Assert.Equal(("rocky", "Rocky Linux 9.5 (Blue Onyx)"), (read.Id, read.Name));
        Assert.Equal(["rhel", "centos", "fedora"], read.Like);
    }

    [Fact]
    public void The_copy_below_usr_counts_where_etc_has_none()
    {
        _host.File("/usr/lib/os-release", "ID=debian\n");

        Assert.Equal("debian", OsRelease.Read(_host.Paths).Value.Id);
    }

    [Fact]
    public void A_host_without_the_file_has_no_distribution() => Assert.True(OsRelease.Read(_host.Paths).IsAbsent);

    [Fact]
    public void Cut_anywhere_it_is_a_value_of_the_beginning_or_a_failure()
    {
        for (int length = 0; length < Rocky.Length; length++)
        {
            Reading<OsRelease> read = OsRelease.Parse(Rocky[..length]);

            Assert.True(read.IsFailed || "rocky".StartsWith(read.Value.Id, StringComparison.Ordinal), $"at {length}");
        }
    }
}
