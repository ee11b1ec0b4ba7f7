using OvsOffload.Applying;
using OvsOffload.Cli;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Cli;

public sealed class StepProgressTests
{
    private static readonly Step Vfs = new(new SetVfCount(PciAddress.Parse("0000:3b:00.0"), 0, 4, []), "vfs: 4", []);

    private readonly List<string> _lines = [];
    private readonly FakeTime _time = new();

    [Fact]
    public void A_step_is_printed_before_it_runs_and_after_it_with_its_time()
    {
        var progress = new StepProgress(_lines.Add, _time);

        progress.Start(new StepStart(Vfs, 3, 20));
        Assert.Equal("[3/20] sriov_numvfs of 0000:3b:00.0: 0 -> 4 ...", Assert.Single(_lines));
        _time.Advance(TimeSpan.FromSeconds(1.24));
        progress.Report(new StepReport(Vfs, StepResult.Done, null));

        Assert.Equal("done     sriov_numvfs of 0000:3b:00.0: 0 -> 4 (1.2 s)", _lines[1]);
    }

    [Fact]
    public void What_failed_says_why_and_what_is_undone_has_no_time()
    {
        var progress = new StepProgress(_lines.Add, _time);

        progress.Start(new StepStart(Vfs, 1, 1));
        progress.Report(new StepReport(Vfs, StepResult.Failed, "EBUSY"));
        progress.Report(new StepReport(Vfs, StepResult.Undone, null));

        Assert.Equal("failed   sriov_numvfs of 0000:3b:00.0: 0 -> 4 (0.0 s): EBUSY", _lines[1]);
        Assert.Equal("undone   sriov_numvfs of 0000:3b:00.0: 0 -> 4", _lines[2]);
    }
}
