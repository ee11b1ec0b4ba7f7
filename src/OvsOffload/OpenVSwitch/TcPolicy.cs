namespace OvsOffload.OpenVSwitch;

/// <summary>Which flag Open vSwitch gives its tc rules (<c>other_config:tc-policy</c>, vswitch.xml).</summary>
internal enum TcPolicy
{
    /// <summary>Into hardware where it takes the rule, and into software as well. The default.</summary>
    None,

    /// <summary>Into hardware only.</summary>
    SkipSw,

    /// <summary>Into the kernel's software only.</summary>
    SkipHw,
}

/// <summary>The words of <see cref="TcPolicy"/>.</summary>
internal static class TcPolicies
{
    /// <summary>
    /// The policy that ovs-vswitchd takes a text for: the three words just as they are; every other text leaves the
    /// default (lib/tc.c, tc_set_policy).
    /// </summary>
    public static TcPolicy Of(string? text) => text switch
    {
        "skip_sw" => TcPolicy.SkipSw,
        "skip_hw" => TcPolicy.SkipHw,
        _ => TcPolicy.None,
    };

    /// <summary>Open vSwitch's word.</summary>
    public static string ToName(this TcPolicy policy) => policy switch
    {
        TcPolicy.SkipSw => "skip_sw",
        TcPolicy.SkipHw => "skip_hw",
        _ => "none",
    };
}
