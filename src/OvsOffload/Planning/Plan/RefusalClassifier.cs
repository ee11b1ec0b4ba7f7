using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>
/// What an error of a change of the e-switch's mode means for the order of operations. The texts are those of the
/// drivers in Linux 4.9 to 6.12 (mlx5 eswitch_offloads.c, ice_eswitch.c, bnxt_vfr.c), matched loosely because they
/// move.
/// </summary>
internal static class RefusalClassifier
{
    private const int Eperm = 1, Ebusy = 16, Einval = 22, Eopnotsupp = 95;

    /// <summary>Classifies a refusal; null when no other order can help.</summary>
    /// <param name="errno">The kernel's error number, positive.</param>
    /// <param name="words">The extended acknowledgement, or nothing.</param>
    /// <param name="vfs">How many VFs there were at that moment.</param>
    /// <param name="boundVfs">How many of them were bound to a driver.</param>
    public static RefusalReason? Classify(int errno, string? words, int vfs, int boundVfs)
    {
        string text = words ?? "";
        if (IsTransient(errno, words) || Mentions("multi-PF"))
        {
            return null;
        }

        if (vfs == 0)
        {
            return errno == Einval ? RefusalReason.NeedsVfsFirst : null;
        }

        return errno switch
        {
            Eopnotsupp when Mentions("no VFs") || Mentions("VFs created") => RefusalReason.NeedsNoVfs,
            Einval => RefusalReason.NeedsNoVfs,
            Ebusy or Eperm when boundVfs > 0 => RefusalReason.BusyWhileVfsAreBound,
            _ => null,
        };

        bool Mentions(string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Whether the same operation may go through a moment later. mlx5 says "E-Switch is busy" with EBUSY and, while
    /// its lock is taken, with EINVAL.
    /// </summary>
    public static bool IsTransient(int errno, string? words) =>
        errno is Ebusy or Einval
        && words is not null
        && (words.Contains("E-Switch is busy", StringComparison.OrdinalIgnoreCase)
            || words.Contains("firmware reset", StringComparison.OrdinalIgnoreCase));
}
