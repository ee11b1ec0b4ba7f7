using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Sysfs;

public sealed class Mlx5LagTests : IDisposable
{
    private const string Lag = "/sys/kernel/debug/mlx5/0000:3b:00.0/lag";

    private static readonly PciAddress Pf = PciAddress.Parse("0000:3b:00.0");

    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void An_active_LAG_with_queue_affinity_tells_its_mapping()
    {
        Active("queue_affinity", "1:1\n2:2\n");

        Mlx5Lag lag = Mlx5Lag.Read(_host.Paths, Pf).Value;

        Assert.True(lag.IsActive);
        Assert.Equal(("switchdev", "queue_affinity"), (lag.Type.Value, lag.PortSelection.Value));
        Assert.True(lag.SharedFdb.Value);
        Assert.Equal("native", lag.FdbSelection.Value);
        Assert.Equal(["1:1", "2:2"], lag.Mapping.Value);
        Assert.Equal(["0000:3b:00.0", "0000:3b:00.1"], lag.Members.Value.Select(member => member.ToString()));
    }

    [Fact]
    public void An_active_LAG_with_hash_tells_its_active_ports()
    {
        Active("hash", "1\n2\n");

        Assert.Equal(["1", "2"], Mlx5Lag.Read(_host.Paths, Pf).Value.Mapping.Value);
    }

    [Fact]
    public void A_LAG_that_is_not_active_has_members_and_nothing_else()
    {
        _host.File($"{Lag}/state", "disabled\n").File($"{Lag}/members", "0000:3b:00.0\n0000:3b:00.1\n");

        Mlx5Lag lag = Mlx5Lag.Read(_host.Paths, Pf).Value;

        Assert.False(lag.IsActive);
        Assert.True(lag.Type.IsAbsent && lag.PortSelection.IsAbsent && lag.SharedFdb.IsAbsent && lag.Mapping.IsAbsent);
        Assert.Equal(2, lag.Members.Value.Length);
    }

    [Fact]
    public void A_PF_without_the_directory_has_no_LAG_to_offer()
    {
        _host.Dir("/sys/kernel/debug/mlx5/0000:3b:00.0/commands");

        Assert.True(Mlx5Lag.Read(_host.Paths, Pf).IsAbsent);
    }

    [Fact]
    public void Without_debugfs_the_state_is_unknown()
    {
        _host.Dir("/sys/kernel/debug");

        Reading<Mlx5Lag> lag = Mlx5Lag.Read(_host.Paths, Pf);

        Assert.True(lag.IsFailed);
        Assert.Contains("not mounted", lag.Why);
    }

    [Fact]
    public void A_PF_that_the_driver_does_not_show_is_a_failure_and_not_an_absent_LAG()
    {
        _host.Dir("/sys/kernel/debug/mlx5/0000:5e:00.0");

        Assert.True(Mlx5Lag.Read(_host.Paths, Pf).IsFailed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("activ")]
    [InlineData("ACTIVE")]
    public void A_state_of_another_word_is_a_failure(string word)
    {
        _host.File($"{Lag}/state", word + "\n");

        Assert.True(Mlx5Lag.Read(_host.Paths, Pf).IsFailed);
    }

    [Fact]
    public void A_member_that_is_no_address_is_a_failure_of_the_members_alone()
    {
        Active("hash", "1\n");
        _host.File($"{Lag}/members", "0000:3b:00.0\nmlx5_0\n");

        Mlx5Lag lag = Mlx5Lag.Read(_host.Paths, Pf).Value;

        Assert.True(lag.IsActive);
        Assert.True(lag.Members.IsFailed);
    }

    private void Active(string selection, string mapping) => _host
        .File($"{Lag}/state", "active\n")
        .File($"{Lag}/type", "switchdev\n")
        .File($"{Lag}/port_sel_mode", selection + "\n")
        .File($"{Lag}/flags", "shared_fdb:on\nfdb_selection_mode:native\n")
        .File($"{Lag}/mapping", mapping)
        .File($"{Lag}/members", "0000:3b:00.0\n0000:3b:00.1\n");
}
