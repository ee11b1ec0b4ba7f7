using System.Diagnostics;

namespace OvsOffload.LiveTests;

/// <summary>The files of completion in the shells that they are for, with the TAB key on a terminal.</summary>
public sealed class CompletionTests
{
    private static readonly string Files = Path.Combine(Repository.Root, "src", "packaging", "completion");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_bash_two_words_are_completed_by_the_tab_key() => Assert.Contains(
        "ovs_offload_build_info",
        await TypedAsync(
            $"printf 'PS1=; . %s\\n' '{Files}/ovs-offload.bash' > rc",
            "bash --noprofile --rcfile rc -i"),
        StringComparison.Ordinal);

    [Fact]
    public async Task In_zsh_two_words_are_completed_by_the_tab_key() => Assert.Contains(
        "ovs_offload_build_info",
        await TypedAsync(
            $$"""
            mkdir functions; cp '{{Files}}/ovs-offload.zsh' functions/_ovs-offload
            echo 'fpath=($ZDOTDIR/functions $fpath); autoload -Uz compinit; compinit -u -D' > .zshrc
            export ZDOTDIR=$PWD
            """,
            "zsh -i"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("ovs-offload met", "metrics\n")]
    [InlineData("ovs-offload apply --stage ", "post\npre\n")]
    [InlineData("ovs-offload verify --ex", "--explain\n")]
    public async Task Fish_offers_what_the_program_knows(string line, string offered) => Assert.Equal(
        offered,
        await BashAsync(
            $"HOME=$PWD fish --no-config -c 'source {Files}/ovs-offload.fish; complete -C \"{line}\"' 2>&1"));

    /// <summary>
    /// What a shell on a terminal shows while two words are begun and completed, and the line is run.
    /// </summary>
    private static Task<string> TypedAsync(string prepare, string shell) => BashAsync(
        $"""
        {prepare}
        printf 'ovs-offload met\tli\t| head -3\nexit\n' | TERM=dumb script -qec '{shell}' /dev/null
        """);

    /// <summary>Runs a script in a folder of its own, with the program in its path.</summary>
    private static async Task<string> BashAsync(string script)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ovs-offload-completion-");
        try
        {
            var start = new ProcessStartInfo("bash", ["-c", script])
            {
                RedirectStandardOutput = true,
                WorkingDirectory = folder.FullName,
            };
            start.Environment["PATH"] =
                $"{Path.GetDirectoryName(ProgramUnderTest.Binary())}:{Environment.GetEnvironmentVariable("PATH")}";
            using Process process = Process.Start(start)!;
            string output = await process.StandardOutput.ReadToEndAsync(Token);
            await process.WaitForExitAsync(Token);
            return output;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
