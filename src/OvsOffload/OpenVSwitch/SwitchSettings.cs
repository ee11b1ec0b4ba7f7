using System.Globalization;

namespace OvsOffload.OpenVSwitch;

/// <summary>
/// The settings of <c>other_config</c> (table Open_vSwitch) that bear on offload, as ovs-vswitchd reads them: what
/// it does not know it takes for the default, without a word. ovs-vswitchd.conf.db(5).
/// </summary>
/// <param name="HwOffload">Whether it hands flows to tc, and with that to the NIC.</param>
/// <param name="TcPolicy">The flag that its tc rules get.</param>
/// <param name="MaxIdle">After so long without a packet a flow is forgotten.</param>
internal sealed record SwitchSettings(bool HwOffload, TcPolicy TcPolicy, TimeSpan MaxIdle)
{
    /// <summary>Key of <see cref="HwOffload"/>.</summary>
    public const string HwOffloadKey = "hw-offload";

    /// <summary>Key of <see cref="TcPolicy"/>.</summary>
    public const string TcPolicyKey = "tc-policy";

    /// <summary>Key of the offload providers in the order in which they are asked (3.7 and later), of Open_vSwitch and
    /// of Interface.</summary>
    public const string HwOffloadPriorityKey = "hw-offload-priority";

    /// <summary>In <see cref="HwOffloadPriorityKey"/>: no provider; the port stays in software.</summary>
    public const string NoProvider = "none";

    /// <summary>Key of <see cref="MaxIdle"/>, in milliseconds.</summary>
    public const string MaxIdleKey = "max-idle";

    /// <summary>OFPROTO_MAX_IDLE_DEFAULT (ofproto/ofproto.h), in milliseconds.</summary>
    private const uint DefaultMaxIdle = 10_000;

    /// <summary>Reads them as ovs-vswitchd does.</summary>
    public static SwitchSettings Of(IReadOnlyDictionary<string, string> otherConfig) => new(
        IsTrue(otherConfig.GetValueOrDefault(HwOffloadKey)),
        TcPolicies.Of(otherConfig.GetValueOrDefault(TcPolicyKey)),
        TimeSpan.FromMilliseconds(Milliseconds(otherConfig.GetValueOrDefault(MaxIdleKey))));

    /// <summary>The text of a boolean.</summary>
    public static string Text(bool value) => value ? "true" : "false";

    /// <summary>The text of a time.</summary>
    public static string Text(TimeSpan value) =>
        ((long)value.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// A boolean whose default is false: true is <c>true</c> in any case of letters and nothing else, also not with
    /// blanks around it (lib/smap.c, smap_get_bool).
    /// </summary>
    public static bool IsTrue(string? value) => string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>strtoll(3) takes blanks before the number and a sign, and no more (lib/util.c, str_to_uint).</summary>
    private static uint Milliseconds(string? value) => uint.TryParse(
        value, NumberStyles.AllowLeadingWhite | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
        out uint milliseconds)
        ? milliseconds
        : DefaultMaxIdle;
}
