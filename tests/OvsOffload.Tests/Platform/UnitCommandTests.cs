using OvsOffload.Os;
using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class UnitCommandTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void The_command_of_a_service_is_its_words()
    {
        _host.File("/usr/lib/systemd/system/agent.service",
            "[Unit]\nExecStart=/not/this\n[Service]\n# ExecStart=/nor/this\nType=simple\n"
            + "ExecStart=-/usr/bin/agent --config-file /etc/a.conf \\\n    --name 'two words' --x=\"\"\n");

        Assert.Equal(
            ["/usr/bin/agent", "--config-file", "/etc/a.conf", "--name", "two words", "--x="], Read("agent").Value);
    }

    [Fact]
    public void A_drop_in_takes_back_the_command_and_gives_another_and_an_earlier_directory_hides_a_later()
    {
        _host.File("/lib/systemd/system/agent.service", "[Service]\nExecStart=/old\n")
            .File("/etc/systemd/system/agent.service", "[Service]\nExecStart=/mine --a\n")
            .File("/usr/lib/systemd/system/agent.service.d/10-more.conf", "[Service]\nExecStart=\nExecStart=/hidden\n")
            .File("/etc/systemd/system/agent.service.d/10-more.conf", "[Service]\nExecStart=\nExecStart=/mine --b\n")
            .File("/etc/systemd/system/agent.service.d/note.txt", "[Service]\nExecStart=/no\n");

        Assert.Equal(["/mine", "--b"], Read("agent").Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[Service]\nExecStart=\n")]
    [InlineData("[Service]\nExecStart=/x\nExecStart=\n")]
    public void Who_starts_nothing_has_no_command(string text)
    {
        _host.File("/etc/systemd/system/agent.service", text);

        Assert.True(Read("agent").IsAbsent);
        Assert.True(Read("other").IsAbsent);
    }

    [Fact]
    public void Cut_or_mutated_anywhere_it_never_throws()
    {
        const string Text = "[Service]\nExecStart=/usr/bin/agent --config-dir '/etc/x y' \\\n --log \"a\"\n";
        for (int at = 0; at < Text.Length; at++)
        {
            char[] mutated = Text.ToCharArray();
            mutated[at] = (char)(mutated[at] ^ 0x15);

            Assert.True(UnitCommand.Parse([Text[..at]])?.Count is null or > 0);
            Assert.True(UnitCommand.Parse([new string(mutated)])?.Count is null or > 0);
        }
    }

    private Reading<IReadOnlyList<string>> Read(string unit) => UnitCommand.Read(_host.Paths, unit);
}
