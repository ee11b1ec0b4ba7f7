using OvsOffload.Nics;
using OvsOffload.Os;
using OvsOffload.Platform;

namespace OvsOffload.Host;

/// <summary>What of the kernel's build the offload of conntrack stands on (net/sched/Kconfig;
/// mlx5/core/Kconfig).</summary>
internal static class ConntrackSupport
{
    private const string Mlx5Option = "MLX5_TC_CT";

    private static readonly string[] Needed = ["NET_ACT_CT", "NF_FLOW_TABLE", "NET_TC_SKB_EXT"];

    /// <summary>
    /// The options that the kernel was built without and a PF needs, as <c>CONFIG_NET_ACT_CT</c>; empty where conntrack
    /// can be offloaded. Absent or failed: how the kernel was built is not known.
    /// </summary>
    public static Reading<string[]> MissingFor(PhysicalFunction pf, HostState state) => state.Kernel.Facts.Configuration
        .Map(options => Missing(options, pf.Driver, state.Platform.Mlx5Version.IsKnown));

    /// <summary>Whether the kernel can offload conntrack for every PF of a host; null where it is not known.</summary>
    public static bool? Of(HostState state)
    {
        if (!state.Kernel.Facts.Configuration.TryGet(out KernelConfiguration? options))
        {
            return null;
        }

        return state.KnownFunctions.IsEmpty
            ? Missing(options, driver: null).Length == 0
            : state.KnownFunctions.All(pf => MissingFor(pf, state).Value.Length == 0);
    }

    /// <summary>The options that are not set, as <c>CONFIG_NET_ACT_CT</c>; empty where conntrack can be
    /// offloaded.</summary>
    /// <param name="options">How the kernel was built.</param>
    /// <param name="driver">The NIC's driver.</param>
    /// <param name="isVendors">Whether it is the vendor's, built apart from the kernel, so that the kernel's option
    /// for it says nothing.</param>
    public static string[] Missing(KernelConfiguration options, string? driver, bool isVendors = false) =>
    [
        .. (driver == DriverNames.Mlx5 && !isVendors ? Needed.Append(Mlx5Option) : Needed)
            .Where(name => !options.IsOn(name)).Select(name => $"CONFIG_{name}"),
    ];
}
