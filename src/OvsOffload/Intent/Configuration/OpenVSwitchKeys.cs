using OvsOffload.OpenVSwitch;

namespace OvsOffload.Intent.Configuration;

/// <summary>The keys under <c>openvswitch</c>.</summary>
internal static class OpenVSwitchKeys
{
    private const int MaxCommandWords = 64;

    private static readonly OpenVSwitchIntent Defaults = new();

    public static Key<bool?> HwOffload { get; } = new(
        "hw-offload", new OptionalKind<bool>(ScalarKinds.Boolean), Defaults.HwOffload,
        "Open vSwitch's other_config:hw-offload.");

    public static Key<TcPolicy?> TcPolicy { get; } = new(
        "tc-policy",
        new OptionalKind<TcPolicy>(ScalarKinds.OneOf(
            [.. Enum.GetValues<TcPolicy>().Select(policy => (policy.ToName(), policy))])),
        Defaults.TcPolicy,
        "Open vSwitch's other_config:tc-policy: none puts rules into hardware and software, skip_sw into hardware "
        + "only, skip_hw into software only.");

    /// <summary>The least is that of other_config:max-idle in Open vSwitch's vswitch.xml.</summary>
    public static Key<TimeSpan?> MaxIdle { get; } = new(
        "max-idle",
        new OptionalKind<TimeSpan>(ScalarKinds.Duration(TimeSpan.FromMilliseconds(500), TimeSpan.FromHours(24))),
        Defaults.MaxIdle,
        "Open vSwitch's other_config:max-idle: lifetime of a flow without traffic.");

    public static Key<RestartPolicy> Restart { get; } = new(
        "restart",
        ScalarKinds.OneOf(("manual", RestartPolicy.Manual), ("auto", RestartPolicy.Auto)),
        Defaults.Restart,
        "Whether ovs-offload may restart ovs-vswitchd if a setting needs it.");

    public static Key<IReadOnlyList<string>> RestartCommand { get; } = new(
        "restart-command",
        new ListKind<string>("words", NameKinds.CommandWord, 0, MaxCommandWords, mayRepeat: true),
        Defaults.RestartCommand,
        "Restart command for restart: auto, starting with an absolute path. Default: the distribution's unit or "
        + "ovs-ctl.");

    public static Section Section { get; } = new(
        "openvswitch", "Settings of ovs-vswitchd.", [HwOffload, TcPolicy, MaxIdle, Restart, RestartCommand]);

    public static OpenVSwitchIntent Read(SectionReader reader) => new()
    {
        HwOffload = reader.Read(HwOffload),
        TcPolicy = reader.Read(TcPolicy),
        MaxIdle = reader.Read(MaxIdle),
        Restart = reader.Read(Restart),
        RestartCommand = reader.Read(RestartCommand),
        Source = reader.Source,
    };

    public static void Write(SectionWriter writer, OpenVSwitchIntent openVSwitch)
    {
        writer.Write(HwOffload, openVSwitch.HwOffload);
        writer.Write(TcPolicy, openVSwitch.TcPolicy);
        writer.Write(MaxIdle, openVSwitch.MaxIdle);
        writer.Write(Restart, openVSwitch.Restart);
        writer.Write(RestartCommand, openVSwitch.RestartCommand);
    }
}
