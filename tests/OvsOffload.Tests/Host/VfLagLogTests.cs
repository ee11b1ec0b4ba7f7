using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Platform;

namespace OvsOffload.Tests.Host;

public class VfLagLogTests
{
    private static readonly string[] Marks = ["0000:3b:00.0", "0000:3b:00.1", "enp59s0f0np0", "enp59s0f1np1"];

    [Theory]
    [InlineData("mlx5_core 0000:3b:00.0: lag map: port 1:1 port 2:2")]
    [InlineData("mlx5_core 0000:3b:00.0: lag map port 1:1 port 2:2 shared_fdb:1")]
    [InlineData("mlx5_core 0000:3b:00.0: lag map active ports: 1, 2")]
    [InlineData("mlx5_core 0000:3b:00.0: shared_fdb:1 mode:queue_affinity")]
    public void A_port_map_proves_VF_LAG(string line) => Assert.Equal(VfLag.Active($"kernel log: {line}"), Of(line));

    [Theory]
    [InlineData("mlx5_core 0000:3b:00.0: Failed to create LAG (-22)", "firmware")]
    [InlineData("mlx5_core 0000:3b:00.0: Failed to activate VF LAG", "a VF is bound")]
    [InlineData("mlx5_core 0000:3b:00.0: Failed to deactivate VF LAG; driver restart required", "reloaded")]
    [InlineData("ice 0000:3b:00.0: Bond Mode not ACTIVE-BACKUP - VF LAG disabled", "rejected")]
    public void A_refusal_after_the_port_map_disproves_VF_LAG(string line, string why)
    {
        VfLag lag = Of("mlx5_core 0000:3b:00.0: lag map: port 1:1 port 2:2", line);

        Assert.Equal(VfLagState.Inactive, lag.State);
        Assert.Contains(why, lag.Why);
        Assert.Contains(line, lag.Evidence);
    }

    [Fact]
    public void The_message_before_the_final_refusal_is_the_reason() => Assert.Equal(
        "the firmware rejected the port selection table",
        Of(
            "mlx5_core 0000:3b:00.0: shared_fdb:1 mode:hash",
            "mlx5_core 0000:3b:00.0: Failed to create LAG port selection(-95)",
            "mlx5_core 0000:3b:00.0: Failed to activate VF LAG").Why);

    [Theory]
    [InlineData("mlx5_core 0000:3b:00.1: E-Switch: Enable: mode(OFFLOADS), nvfs(0), necvfs(0), active vports(1)")]
    [InlineData("bond0: (slave enp59s0f1np1): Releasing backup interface")]
    public void After_a_change_of_e_switch_or_bond_an_older_map_proves_nothing(string line) => Assert.Equal(
        VfLagState.Unknown, Of("mlx5_core 0000:3b:00.0: lag map: port 1:1 port 2:2", line).State);

    [Theory]
    [InlineData("mlx5_core 0000:3b:00.0: lag map: port 1:1 port 2:1", false)]
    [InlineData("mlx5_core 0000:3b:00.0: lag map active ports: 1", false)]
    [InlineData("mlx5_core 0000:3b:00.0: modify lag map port 1:1 port 2:1", false)]
    [InlineData("mlx5_core 0000:3b:00.0: lag map port 1:1 port 2:2", true)]
    [InlineData("mlx5_core 0000:3b:00.0: shared_fdb:1 mode:hash", true)]
    public void After_the_release_of_a_member_only_the_making_of_a_LAG_proves_one(string line, bool proves)
    {
        const string made = "mlx5_core 0000:3b:00.0: shared_fdb:1 mode:queue_affinity";

        VfLag lag = Of(made, "bond0: (slave enp59s0f1np1): Releasing backup interface", line);

        Assert.Equal(proves ? VfLagState.Active : VfLagState.Unknown, lag.State);
    }

    [Fact]
    public void Another_card_s_lines_prove_nothing() =>
        Assert.Equal(VfLagState.Unknown, Of("mlx5_core 0000:5e:00.0: lag map: port 1:1 port 2:2").State);

    [Fact]
    public void No_line_is_no_proof_either_way() => Assert.Equal(VfLagState.Unknown, Of().State);

    [Fact]
    public void A_log_that_could_not_be_read_says_why()
    {
        VfLag lag = VfLagLog.Of(Reading.Failed<IReadOnlyList<KernelLogRecord>>("EPERM"), Marks);

        Assert.Equal((VfLagState.Unknown, true), (lag.State, lag.Why!.Contains("EPERM")));
    }

    private static VfLag Of(params string[] lines) => VfLagLog.Of(
        Reading.Known<IReadOnlyList<KernelLogRecord>>([.. lines.Select(line => SampleHost.Logged(line))]), Marks);
}
