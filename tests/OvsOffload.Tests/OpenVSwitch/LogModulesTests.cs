using OvsOffload.OpenVSwitch;

namespace OvsOffload.Tests.OpenVSwitch;

public sealed class LogModulesTests
{
    private const string Listed =
        """
                         console    syslog    file
                         -------    ------    ------
        backtrace          OFF        ERR       INFO
        dpif_offload       OFF        ERR        DBG
        dpif_offload_tc_netdev OFF        ERR       INFO

        """;

    [Fact]
    public void Each_module_is_read_by_its_name() => Assert.Equal(
        ["backtrace", "dpif_offload", "dpif_offload_tc_netdev"], LogModules.Parse(Listed).Order());

    [Theory]
    [InlineData("")]
    [InlineData("backtrace OFF ERR INFO\n")]
    [InlineData("------- ------ ------\nbacktrace OFF ERR\n")]
    [InlineData("------- ------ ------\nbacktrace OFF ERR LOUD\n")]
    public void What_is_no_list_of_modules_is_refused(string text) =>
        Assert.Throws<FormatException>(() => LogModules.Parse(text));

    [Fact]
    public void A_list_cut_at_any_offset_is_refused_or_gives_names_that_were_there()
    {
        for (int length = 0; length < Listed.Length; length++)
        {
            string cut = Listed[..length];
            Exception? refused = Record.Exception(
                () => Assert.Subset(LogModules.Parse(Listed).ToHashSet(), LogModules.Parse(cut).ToHashSet()));
            Assert.True(refused is null or FormatException, refused?.ToString());
        }
    }
}
