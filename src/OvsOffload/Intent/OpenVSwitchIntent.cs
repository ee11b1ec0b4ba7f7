using OvsOffload.Intent.Configuration;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Intent;

/// <summary>
/// What the operator wants of ovs-vswitchd (<c>other_config</c> of the Open_vSwitch table). Null leaves a setting
/// alone.
/// </summary>
internal sealed record OpenVSwitchIntent
{
    /// <summary>Key <c>hw-offload</c>.</summary>
    public bool? HwOffload { get; init; }

    /// <summary>Key <c>tc-policy</c>.</summary>
    public TcPolicy? TcPolicy { get; init; }

    /// <summary>
    /// Key <c>max-idle</c>, 500 ms (the least that Open vSwitch takes) to 24 h: how long an unused flow stays.
    /// </summary>
    public TimeSpan? MaxIdle { get; init; }

    /// <summary>Key <c>restart</c>.</summary>
    public RestartPolicy Restart { get; init; } = RestartPolicy.Manual;

    /// <summary>
    /// Key <c>restart-command</c>: program and arguments; empty where the program finds the way by itself.
    /// </summary>
    public IReadOnlyList<string> RestartCommand { get; init; } = [];

    /// <summary>Where each key stands.</summary>
    public SourceMap Source { get; init; } = SourceMap.Defaults;

    /// <summary>
    /// What is wanted of <c>other_config</c>; hw-offload is last, because tc-policy is read once, when offload begins.
    /// </summary>
    public IEnumerable<WantedSetting> Settings
    {
        get
        {
            if (TcPolicy is { } policy)
            {
                yield return new WantedSetting(
                    SwitchSettings.TcPolicyKey, policy.ToName(), policy.ToName(), now => now.TcPolicy == policy);
            }

            if (MaxIdle is { } idle)
            {
                yield return new WantedSetting(
                    SwitchSettings.MaxIdleKey, SwitchSettings.Text(idle), ScalarKinds.FormatDuration(idle),
                    now => now.MaxIdle == idle);
            }

            if (HwOffload is { } offload)
            {
                yield return new WantedSetting(
                    SwitchSettings.HwOffloadKey, SwitchSettings.Text(offload), SwitchSettings.Text(offload),
                    now => now.HwOffload == offload);
            }
        }
    }
}

/// <summary>A key of <c>other_config</c> that is wanted.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">Its value in the database.</param>
/// <param name="Configured">The same as the configuration spells it.</param>
/// <param name="IsMetBy">Whether ovs-vswitchd reads it so already, be it as its default.</param>
internal sealed record WantedSetting(
    string Key, string Value, string Configured, Func<SwitchSettings, bool> IsMetBy);

/// <summary>May the program restart ovs-vswitchd when a setting needs it.</summary>
internal enum RestartPolicy
{
    /// <summary>No: the plan says that a restart is pending. The default.</summary>
    Manual,

    /// <summary>Yes.</summary>
    Auto,
}
