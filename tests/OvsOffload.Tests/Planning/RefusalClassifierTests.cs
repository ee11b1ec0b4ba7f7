using OvsOffload.Host;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

/// <summary>The texts are those that drivers of Linux 4.9 to 6.12 say.</summary>
public class RefusalClassifierTests
{
    private const int Eperm = 1, Ebusy = 16, Einval = 22, Eopnotsupp = 95, Enotsupp = 524;

    [Theory]
    [InlineData(Einval, "mlx5_core: Can't set offloads mode, SRIOV legacy not enabled", 0, 0)]
    [InlineData(Einval, null, 0, 0)]
    public void Without_VFs_it_wants_VFs_first(int errno, string? words, int vfs, int bound) =>
        Assert.Equal(RefusalReason.NeedsVfsFirst, RefusalClassifier.Classify(errno, words, vfs, bound));

    [Theory]
    [InlineData(Eopnotsupp, "Changing eswitch mode is allowed only if there is no VFs created", 4, 0)]
    [InlineData(Eopnotsupp, "ice: Changing eswitch mode is allowed only if there are no VFs", 4, 4)]
    [InlineData(Einval, "mlx5_core: Failed setting eswitch to offloads", 4, 4)]
    [InlineData(Einval, "mlx5_core: Failed setting eswitch to offloads", 4, 0)]
    public void With_VFs_it_wants_none(int errno, string? words, int vfs, int bound) =>
        Assert.Equal(RefusalReason.NeedsNoVfs, RefusalClassifier.Classify(errno, words, vfs, bound));

    [Theory]
    [InlineData(Ebusy, null, 4, 1)]
    [InlineData(Ebusy, "mlx5_core: Can't change mode while VFs are bound", 4, 4)]
    [InlineData(Eperm, null, 4, 4)]
    public void With_bound_VFs_it_is_busy(int errno, string? words, int vfs, int bound) =>
        Assert.Equal(RefusalReason.BusyWhileVfsAreBound, RefusalClassifier.Classify(errno, words, vfs, bound));

    [Theory]
    [InlineData(
        Eperm, "Can't change E-Switch mode to switchdev when multi-PF netdev (Socket Direct) is configured.", 4, 4)]
    [InlineData(Eopnotsupp, "Can't change eswitch mode when IPsec SA and/or policies are configured", 4, 4)]
    [InlineData(Eopnotsupp, "Can't change mode while devlink traps are active", 4, 4)]
    [InlineData(Eopnotsupp, null, 4, 4)]
    [InlineData(Eopnotsupp, null, 0, 0)]
    [InlineData(Enotsupp, "FW does not support SRIOV E-Switch SWITCHDEV mode", 4, 4)]
    [InlineData(Ebusy, null, 4, 0)]
    [InlineData(0, null, 4, 4)]
    public void No_other_order_helps(int errno, string? words, int vfs, int bound) =>
        Assert.Null(RefusalClassifier.Classify(errno, words, vfs, bound));

    [Theory]
    [InlineData(Ebusy, "mlx5_core: Can't change mode, E-Switch is busy")]
    [InlineData(Einval, "mlx5_core: Can't change mode, E-Switch is busy")]
    [InlineData(Ebusy, "mlx5_core: Can't change eswitch mode during firmware reset")]
    public void A_transient_error_is_no_refusal(int errno, string words)
    {
        Assert.True(RefusalClassifier.IsTransient(errno, words));
        Assert.Null(RefusalClassifier.Classify(errno, words, 4, 4));
        Assert.Null(RefusalClassifier.Classify(errno, words, 0, 0));
    }

    [Theory]
    [InlineData(Ebusy, null)]
    [InlineData(Eopnotsupp, "mlx5_core: Can't change mode, E-Switch is busy")]
    [InlineData(Einval, "mlx5_core: Failed setting eswitch to offloads")]
    public void A_permanent_error_is_not_retried(int errno, string? words) =>
        Assert.False(RefusalClassifier.IsTransient(errno, words));
}
