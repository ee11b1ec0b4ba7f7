using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using OvsOffload.Cli;

namespace OvsOffload.Tests.Cli;

/// <summary>
/// Whatever words the program is given, it says what is wrong in one line, with the status of its kind, and never ends
/// with a stack trace.
/// </summary>
public sealed class OddWordsTests
{
    private static readonly string[] Words =
    [
        "", " ", "abc", "-1", "0", "0.5", "1e309", "NaN", "99999999999999999999", "2147483648", "é漢",
        "a\u0001\u001b[31m",
        "a\nb", "@x", "--", "-", "/", "/dev/null", "/nonexistent/x", ",", "B99", new('x', 5000),
    ];

    public static TheoryData<string> Paths => [.. Leaves(CommandLine.Create(), []).Select(leaf => leaf.Path)];

    /// <summary>Commands with words that pass the parser, or do not, on this machine without Open vSwitch.</summary>
    public static TheoryData<string, int> Runs => new()
    {
        { "", 0 },
        { "--help", 0 },
        { "verfy", 2 },
        { "flows", 2 },
        { "flows sumary", 2 },
        { "@x", 2 },
        { "verify @x", 2 },
        { "verify --ony O01", 2 },
        { "verify --only O99", 2 },
        { "verify --only ,", 2 },
        { "verify --explain x", 2 },
        { "verify --severity bad", 2 },
        { "verify --from /nonexistent/x", 2 },
        { "verify --from /dev/null", 2 },
        { "verify --config /nonexistent/x", 2 },
        { "verify --config /", 2 },
        { "status --config /dev/null", 2 },
        { "plan --config /nonexistent/x", 2 },
        { "apply --yes --config /nonexistent/x", 2 },
        { "apply --stage never --config /nonexistent/x", 2 },
        { "revert 0000:00:00.9 --config /nonexistent/x", 2 },
        { "run --config /nonexistent/x", 2 },
        { "run now", 2 },
        { "top --interval abc", 2 },
        { "top --interval 1e309", 2 },
        { "top --count 0 --once", 2 },
        { "top --count 99999999999999999999", 2 },
        { "flows summary", 6 },
        { "flows list", 6 },
        { "flows why", 6 },
        { "flows why --file /dev/null", 6 },
        { "flows list --file /dev/null", 6 },
        { "flows summary --file /dev/null", 6 },
        { "flows list --file /nonexistent/x", 1 },
        { "flows list --file /", 1 },
        { "flows list --top -1", 2 },
        { "flows why --reason none", 2 },
        { "flows why --watch --file -", 2 },
        { "flows summary --max-flows 1e9", 2 },
        { "import host.conf", 2 },
        { "import host.conf /nonexistent/host.conf", 2 },
        { "import nova.conf x", 2 },
        { "metrics list --json --markdown", 2 },
        { "bond profiles extra", 2 },
        { "support-bundle --output /nonexistent/x", 1 },
        { "support-bundle --output", 2 },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The program as it was built beside these tests.</summary>
    private static string Program
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
            return Path.Combine(
                here.Parent!.Parent!.FullName, "OvsOffload.Cli", $"{here.Name.Split('_')[0]}_linux-x64",
                "ovs-offload.dll");
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_option_of_a_command_takes_or_refuses_odd_values_in_one_line(string path)
    {
        (Command command, Option[] options) = Leaves(CommandLine.Create(), []).Where(leaf => leaf.Path == path)
            .Select(leaf => (leaf.Command, leaf.Options)).Single();
        string[] names = path.Split(' ');
        Assert.Equal(names[^1], command.Name);
        foreach (Option option in options)
        {
            foreach (string word in Words)
            {
                Check([.. names, option.Name, word]);
                Check([.. names, $"{option.Name}={word}"]);
                Check([option.Name, word, .. names]);
            }

            Check([.. names, option.Name]);
            Check([.. names, option.Name, "1", option.Name, "2"]);
        }

        foreach (string word in Words)
        {
            Check([.. names, word]);
            Check([word, .. names]);
        }

        void Check(string[] arguments)
        {
            ParseResult parsed = CommandLine.Parse(arguments);
            if (parsed.Errors.Count > 0)
            {
                string line = UsageError.Of(parsed);
                Assert.DoesNotContain(line, char.IsControl);
                Assert.EndsWith("--help'", line, StringComparison.Ordinal);
                Assert.DoesNotContain("System.", line, StringComparison.Ordinal);
                Assert.True(line.Length < 1000, line);
                return;
            }

            // Those of help and version have no value.
            foreach (Option option in options.Where(option => option.ValueType != typeof(void)))
            {
                // What the command does first.
                typeof(ParseResult).GetMethods()
                    .Single(method => method.Name == nameof(ParseResult.GetValue)
                        && method.GetParameters()[0].ParameterType.Name.StartsWith("Option", StringComparison.Ordinal))
                    .MakeGenericMethod(option.ValueType).Invoke(parsed, [option]);
            }
        }
    }

    [Theory]
    [InlineData("unknown command verfy; did you mean verify? See 'ovs-offload --help'", "verfy")]
    [InlineData("unknown command sumary; did you mean summary? See 'ovs-offload flows --help'", "flows", "sumary")]
    [InlineData("unknown option --jsn; did you mean --json? See 'ovs-offload status --help'", "status", "--jsn")]
    [InlineData("unknown argument extra. See 'ovs-offload bond profiles --help'", "bond", "profiles", "extra")]
    [InlineData("ovs-offload flows needs a command: summary, list, why. See 'ovs-offload flows --help'", "flows")]
    [InlineData("--interval must be 0.1 to 3600 seconds, not \"abc\". See 'ovs-offload top --help'",
        "top", "--interval", "abc")]
    public void A_mistake_is_named_with_the_nearest_word_and_the_help_to_read(string line, params string[] arguments) =>
        Assert.Equal(line, UsageError.Of(CommandLine.Parse(arguments)));

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task It_ends_with_a_line_and_the_status_of_its_kind(string words, int status)
    {
        Ended ended = await RunAsync($"{Command} {words}");

        Assert.True(status == ended.Status, $"{ended.Status}: {ended.Error}");
        AssertNoTrace(ended);
        if (status is 1 or 2)
        {
            Assert.Equal(1, ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Count(line => line.StartsWith("ovs-offload: ", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task With_json_what_failed_is_an_object_on_standard_output(string words, int status)
    {
        if (words.Length == 0 || words == "--help" || words.Contains("--json", StringComparison.Ordinal))
        {
            return;
        }

        Ended ended = await RunAsync($"{Command} --json {words}");

        Assert.True(status == ended.Status, $"{ended.Status}: {ended.Error}");
        AssertNoTrace(ended);
        using var document = JsonDocument.Parse(ended.Output);
        Assert.Equal(1, document.RootElement.GetProperty("schema").GetInt32());
        JsonElement error = document.RootElement.GetProperty("error");
        Assert.Equal(status, error.GetProperty("status").GetInt32());
        Assert.NotEqual("", error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("metrics list")]
    [InlineData("metrics list --json")]
    [InlineData("verify --list")]
    [InlineData("bond profiles --json")]
    public async Task Results_that_cannot_be_written_are_a_failure_in_one_line(string words)
    {
        Ended full = await RunAsync($"{Command} {words} > /dev/full");

        Assert.Equal(
            (1, "ovs-offload: cannot write the results: No space left on device"),
            (full.Status, full.Error.Split(" : '")[0].TrimEnd('\n')));
    }

    [Theory]
    [InlineData("metrics list")]
    [InlineData("metrics list --json")]
    public async Task A_reader_that_went_away_is_no_failure(string words)
    {
        Ended closed = await RunAsync($"{Command} {words} | true; exit ${{PIPESTATUS[0]}}");

        Assert.Equal("", closed.Error);
        Assert.NotEqual(134, closed.Status);
    }

    [Fact]
    public async Task A_dead_Open_vSwitch_is_never_green()
    {
        using var tree = new HostTree();
        tree.File("/run/openvswitch/ovs-vswitchd.pid", "999999999\n").File("/run/openvswitch/db.sock", "");
        string runs = $"OVS_RUNDIR={tree.At("/run/openvswitch")} {Bare}";

        Ended verify = await RunAsync($"{runs} verify --only O38,O39,O40");
        Ended status = await RunAsync($"{runs} status");

        Assert.True(verify.Status == 3, verify.Output + verify.Error);
        Assert.Contains("O38", verify.Output);
        Assert.Contains("no such process", verify.Output);
        Assert.True(status.Status == 6, status.Output + status.Error);
        Assert.DoesNotContain("matches the configuration", status.Output);
    }

    private static string Bare => $"dotnet '{Program}'";

    /// <summary>The program on a machine whose Open vSwitch, if it has one, is not found.</summary>
    private static string Command => $"OVS_RUNDIR=/nonexistent/openvswitch {Bare}";

    private static void AssertNoTrace(Ended ended)
    {
        foreach (string sign in (string[])["   at ", "Unhandled", "internal error", "Exception"])
        {
            Assert.DoesNotContain(sign, ended.Error + ended.Output, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<(string Path, Command Command, Option[] Options)> Leaves(
        Command command, Option[] inherited)
    {
        Option[] options = [.. inherited, .. command.Options];
        if (command.Subcommands.Count == 0)
        {
            yield return ("", command, options);
        }

        foreach (Command child in command.Subcommands)
        {
            Option[] handed = [.. options.Where(option => option.Recursive)];
            foreach ((string path, Command leaf, Option[] all) in Leaves(child, handed))
            {
                yield return ($"{child.Name} {path}".TrimEnd(), leaf, all);
            }
        }
    }

    private static async Task<Ended> RunAsync(string line)
    {
        Assert.SkipUnless(File.Exists(Program), $"{Program} is not built");
        using Process process = Process.Start(new ProcessStartInfo("bash", ["-c", line])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync(Token);
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return new Ended(process.ExitCode, output, await error);
    }

    private sealed record Ended(int Status, string Output, string Error);
}
