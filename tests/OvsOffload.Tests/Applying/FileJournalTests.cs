using System.Collections.Immutable;
using System.Text.Json;
using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Planning;
using OvsOffload.Tests.Planning;

namespace OvsOffload.Tests.Applying;

public sealed class FileJournalTests : IDisposable
{
    private static readonly Step Step = new(
        new SetVfCount(Planned.Pf, 0, 4, []), "the configuration sets vfs to 4", ImmutableArray<string>.Empty);

    private readonly HostTree _host = new();
    private readonly string _path;
    private readonly FileJournal _journal;

    public FileJournalTests()
    {
        _path = FileJournal.PathOf(_host.Paths);
        _journal = new FileJournal(_path, new FakeTime());
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public void It_lies_in_the_run_directory_which_a_reboot_empties() =>
        Assert.Equal(_host.At("/run/ovs-offload/journal"), _path);

    [Fact]
    public void A_line_says_when_what_and_how_it_is_undone()
    {
        _journal.Begin();
        _journal.Write(Step, JournalPhase.Begin);

        using var line = JsonDocument.Parse(Assert.Single(File.ReadLines(_path)));
        Assert.Equal(
            [
                "time=2026-01-02T03:04:05+00:00", "phase=begin", "id=vf-count:0000:3b:00.0",
                "summary=sriov_numvfs of 0000:3b:00.0: 0 -> 4", "undo=sriov_numvfs of 0000:3b:00.0: 4 -> 0",
            ],
            line.RootElement.EnumerateObject().Select(member => $"{member.Name}={member.Value.GetString()}"));
    }

    [Fact]
    public void A_failure_is_written_down_in_its_own_words_and_read_by_the_checks()
    {
        _journal.Begin();
        _journal.Write(Step, JournalPhase.Begin);
        _journal.Write(Step, JournalPhase.Failed, "write \"4\": No space left on device");
        _journal.End();

        Assert.Equal(
            [
                new JournalLine("begin", Step.Id, null),
                new JournalLine("failed", Step.Id, "write \"4\": No space left on device"),
            ],
            JournalLine.Parse(File.ReadLines(_path)));
    }

    [Fact]
    public void A_new_run_begins_a_new_journal()
    {
        _journal.Begin();
        _journal.Write(Step, JournalPhase.Begin);
        _journal.Begin();

        Assert.Empty(File.ReadLines(_path));
        Assert.Null(CutOffRun.Read(_path));
    }

    [Fact]
    public void A_run_that_came_to_its_end_was_not_cut_off()
    {
        _journal.Begin();
        _journal.Write(Step, JournalPhase.Begin);
        _journal.Write(Step, JournalPhase.Failed, "no");
        _journal.End();

        Assert.Null(CutOffRun.Read(_path));
    }

    [Fact]
    public void No_journal_is_no_run_that_was_cut_off() => Assert.Null(CutOffRun.Read(_path));

    [Fact]
    public void A_journal_that_is_no_file_counts_as_cut_off_and_is_replaced()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        using (var make = global::System.Diagnostics.Process.Start("mkfifo", _path))
        {
            make.WaitForExit();
        }

        Assert.Contains("a FIFO", CutOffRun.Read(_path)?.ToString(), StringComparison.Ordinal);
        _journal.End();

        Assert.Null(CutOffRun.Read(_path));
        Assert.Single(File.ReadLines(_path));
    }

    [Fact]
    public void A_run_that_was_cut_off_is_told_in_one_line_with_the_step_that_was_under_way()
    {
        _journal.Begin();
        for (int step = 0; step < 12; step++)
        {
            Step done = Numbered(step);
            _journal.Write(done, JournalPhase.Begin);
            _journal.Write(done, JournalPhase.Done);
        }

        _journal.Write(Numbered(11), JournalPhase.Undone);
        _journal.Write(Step, JournalPhase.Begin);

        Assert.Equal(
            "the run of 2026-01-02 03:04:05 UTC was cut off after 11 steps, during: "
                + "sriov_numvfs of 0000:3b:00.0: 0 -> 4",
            CutOffRun.Read(_path)?.ToString());
    }

    [Fact]
    public void Between_two_steps_none_was_under_way()
    {
        _journal.Begin();
        _journal.Write(Step, JournalPhase.Begin);
        _journal.Write(Step, JournalPhase.Done);

        Assert.Equal(new CutOffRun(FakeTime.Start, 1, null), CutOffRun.Read(_path));
    }

    [Fact]
    public void Wherever_a_journal_is_cut_the_run_counts_as_cut_off()
    {
        _journal.Begin();
        _journal.Write(Step, JournalPhase.Begin);
        _journal.Write(Step, JournalPhase.Failed, "no");
        _journal.End();
        byte[] whole = File.ReadAllBytes(_path);

        // The end's line counts from its closing brace on; the newline after it says nothing more.
        for (int length = 1; length < whole.Length - 1; length++)
        {
            File.WriteAllBytes(_path, whole[..length]);

            Assert.NotNull(CutOffRun.Read(_path));
        }
    }

    [Theory]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("{\"phase\":7}")]
    [InlineData("{\"phase\":\"done\"}")]
    [InlineData("\0\0\0\0")]
    public void A_damaged_line_is_said_and_not_passed_over(string line)
    {
        _host.File("/run/ovs-offload/journal", line + "\n");

        Assert.Equal(
            new CutOffRun(null, 0, "a step whose line in the journal is damaged"), CutOffRun.Read(_path));
    }

    private static Step Numbered(int vf) =>
        Step with { Action = new SetVfDriver(Planned.Pf, vf, null, "mlx5_core", null, null) };
}
