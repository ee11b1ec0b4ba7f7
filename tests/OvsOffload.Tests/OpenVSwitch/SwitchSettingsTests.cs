using OvsOffload.OpenVSwitch;

namespace OvsOffload.Tests.OpenVSwitch;

public class SwitchSettingsTests
{
    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("TRUE", true)]
    [InlineData("tRuE", true)]
    [InlineData(" true", false)]
    [InlineData("true ", false)]
    [InlineData("1", false)]
    [InlineData("yes", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Hw_offload_is_on_where_smap_get_bool_says_so(string? text, bool on) =>
        Assert.Equal(on, Of(SwitchSettings.HwOffloadKey, text).HwOffload);

    [Theory]
    [InlineData("skip_sw", nameof(TcPolicy.SkipSw))]
    [InlineData("skip_hw", nameof(TcPolicy.SkipHw))]
    [InlineData("none", nameof(TcPolicy.None))]
    [InlineData("Skip_HW", nameof(TcPolicy.None))]
    [InlineData(" skip_hw", nameof(TcPolicy.None))]
    [InlineData("", nameof(TcPolicy.None))]
    [InlineData(null, nameof(TcPolicy.None))]
    public void A_tc_policy_that_is_not_written_exactly_leaves_the_default(string? text, string policy) =>
        Assert.Equal(policy, Of(SwitchSettings.TcPolicyKey, text).TcPolicy.ToString());

    [Theory]
    [InlineData("30000", 30_000)]
    [InlineData(" 30000", 30_000)]
    [InlineData("+30000", 30_000)]
    [InlineData("030000", 30_000)]
    [InlineData("30000 ", 10_000)]
    [InlineData("30s", 10_000)]
    [InlineData("-1", 10_000)]
    [InlineData("4294967296", 10_000)]
    [InlineData("", 10_000)]
    [InlineData(null, 10_000)]
    public void A_max_idle_that_is_no_number_leaves_the_default(string? text, int milliseconds) =>
        Assert.Equal(milliseconds, Of(SwitchSettings.MaxIdleKey, text).MaxIdle.TotalMilliseconds);

    [Theory]
    [InlineData("TRUE", true)]
    [InlineData("Try", true)]
    [InlineData("false", false)]
    [InlineData(" try", false)]
    public void Dpdk_is_started_where_dpdk_init_says_so(string text, bool starts) => Assert.Equal(
        starts, SampleDatabase.With(OpenVSwitchDatabase.DpdkKey, text).DpdkConfigured);

    private static SwitchSettings Of(string key, string? text) => SampleDatabase.With(key, text).Settings;
}
