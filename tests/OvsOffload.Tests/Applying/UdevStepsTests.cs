using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Applying;

public sealed class UdevStepsTests : IDisposable
{
    private static readonly PciAddress Pf = PciAddress.Parse("0000:3b:00.0");

    private readonly HostTree _tree = new();
    private readonly Udevadm _udevadm = new();

    private string File => _tree.At(SetNameRules.FileOf(Pf));

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task Rules_are_written_as_they_are_planned_and_udev_reads_them()
    {
        const string Rules = "SUBSYSTEM==\"net\"\n\nLABEL=\"end\"\n";

        Assert.True(await RunAsync(new SetNameRules(Pf, "", Rules)));

        Assert.Equal(Rules, await global::System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));
        Assert.Equal(["udevadm control --reload"], _udevadm.Ran);
        Assert.False(await RunAsync(new SetNameRules(Pf, "", Rules)));
        Assert.Single(_udevadm.Ran);
    }

    [Fact]
    public async Task Rules_are_removed_and_udev_forgets_them()
    {
        _tree.File(SetNameRules.FileOf(Pf), "rules\n");

        Assert.True(await RunAsync(new SetNameRules(Pf, "rules\n", "")));

        Assert.False(global::System.IO.File.Exists(File));
        Assert.Single(_udevadm.Ran);
        Assert.False(await RunAsync(new SetNameRules(Pf, "rules\n", "")));
    }

    [Fact]
    public async Task Rules_that_cannot_be_read_do_not_count_as_removed()
    {
        Directory.CreateDirectory(File);

        await Assert.ThrowsAsync<StepException>(() => RunAsync(new SetNameRules(Pf, "rules\n", "")));
    }

    [Fact]
    public async Task A_udev_that_does_not_answer_stops_nothing()
    {
        _udevadm.Fails = true;

        Assert.True(await RunAsync(new SetNameRules(Pf, "", "rules\n")));
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "")]
    public void Without_a_file_there_are_no_rules_and_without_udev_nobody_asks(bool udev, string? expected)
    {
        if (udev)
        {
            _tree.File("/run/udev/control", "");
        }

        Assert.Equal(expected, NameRulesFile.Read(_tree.Paths, Pf).ValueOrDefault());
    }

    [Fact]
    public async Task What_was_written_is_read_as_it_was_planned()
    {
        _tree.File("/run/udev/control", "");
        await RunAsync(new SetNameRules(Pf, "", "rules\n\nLABEL=\"end\"\n"));

        Assert.Equal("rules\n\nLABEL=\"end\"\n", NameRulesFile.Read(_tree.Paths, Pf).Value);
    }

    private Task<bool> RunAsync(SetNameRules step) =>
        new UdevSteps(_tree.Paths, _udevadm).RunAsync(step, TestContext.Current.CancellationToken);

    private sealed class Udevadm : IProcessRunner
    {
        public List<string> Ran { get; } = [];

        public bool Fails { get; set; }

        public Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
        {
            Ran.Add($"{request}");
            return Fails
                ? throw new ProcessException(request, "exit code 1", 1, "")
                : Task.FromResult(new ProcessResult("", "", false));
        }
    }
}
