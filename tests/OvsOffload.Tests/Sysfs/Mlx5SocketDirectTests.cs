using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Sysfs;

/// <summary>Directories as mlx5/core/lib/sd.c of the kernel makes them; not seen on a card.</summary>
public sealed class Mlx5SocketDirectTests : IDisposable
{
    private const string Function = "/sys/kernel/debug/mlx5/0000:08:00.0";

    private static readonly PciAddress Pf = PciAddress.Parse("0000:08:00.0");

    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("multi-pf")]
    [InlineData("sd")]
    public void The_first_function_tells_the_others(string directory)
    {
        Card(directory, "0000:08:00.0 vhca 0x0\n", "0000:89:00.0 vhca 0x2\n");

        Mlx5SocketDirect card = Mlx5SocketDirect.Read(_host.Paths, Pf).Value;

        Assert.Equal(Pf, card.Primary);
        Assert.Equal([PciAddress.Parse("0000:89:00.0")], card.Secondaries);
    }

    [Fact]
    public void A_PF_without_the_directory_is_of_no_such_card()
    {
        _host.Dir($"{Function}/commands");

        Assert.True(Mlx5SocketDirect.Read(_host.Paths, Pf).IsAbsent);
    }

    [Theory]
    [InlineData("", "0000:89:00.0 vhca 0x2\n")]
    [InlineData("0000:08:00.0 vhca 0x0\n", "vhca 0x2\n")]
    [InlineData("0000:08:00.0 vhca 0x0\n", "0000:89")]
    public void What_is_no_address_makes_the_reading_fail(string primary, string secondary)
    {
        Card("multi-pf", primary, secondary);

        Assert.True(Mlx5SocketDirect.Read(_host.Paths, Pf).IsFailed);
    }

    [Fact]
    public void Without_debugfs_it_is_not_known() =>
        Assert.True(Mlx5SocketDirect.Read(_host.Paths, Pf).IsFailed);

    private void Card(string directory, string primary, string secondary) => _host
        .File($"{Function}/{directory}/group_id", "0x00000101\n")
        .File($"{Function}/{directory}/primary", primary)
        .File($"{Function}/{directory}/secondary_0", secondary);
}
