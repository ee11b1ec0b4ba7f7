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
    public void The_journal_is_in_the_run_directory_which_a_reboot_empties() =>
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
        Assert.Null(InterruptedRun.Read(_path));
    }

    [Fact]
    public void A_completed_run_was_not_interrupted()
    {
        _journal.Begin();
        _journal.Write(Step, JournalPhase.Begin);
        _journal.Write(Step, JournalPhase.Failed, "no");
        _journal.End();

        Assert.Null(InterruptedRun.Read(_path));
    }

    [Fact]
    public void Without_a_journal_no_run_was_interrupted() => Assert.Null(InterruptedRun.Read(_path));

    [Fact]
    public void A_journal_that_is_not_a_file_counts_as_interrupted_and_is_replaced()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        using (var make = global::System.Diagnostics.Process.Start("mkfifo", _path))
        {
            make.WaitForExit();
        }

        Assert.Contains("a FIFO", InterruptedRun.Read(_path)?.ToString(), StringComparison.Ordinal);
        _journal.End();

        Assert.Null(InterruptedRun.Read(_path));
        Assert.Single(File.ReadLines(_path));
    }

    [Fact]
    public void An_interrupted_run_is_reported_in_one_line_with_its_current_step()
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
            InterruptedRun.Read(_path)?.ToString());
    }

    [Fact]
    public void Between_two_steps_there_is_no_current_step()
    {
        _journal.Begin();
        _journal.Write(Step, JournalPhase.Begin);
        _journal.Write(Step, JournalPhase.Done);

        Assert.Equal(new InterruptedRun(FakeTime.Start, 1, null), InterruptedRun.Read(_path));
    }

    [Fact]
    public void A_journal_truncated_anywhere_counts_as_interrupted()
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

            Assert.NotNull(InterruptedRun.Read(_path));
        }
    }

    [Theory]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("{\"phase\":7}")]
    [InlineData("{\"phase\":\"done\"}")]
    [InlineData("\0\0\0\0")]
    public void A_damaged_line_is_reported_and_not_skipped(string line)
    {
        _host.File("/run/ovs-offload/journal", line + "\n");

        Assert.Equal(
            new InterruptedRun(null, 0, "a step whose line in the journal is damaged"), InterruptedRun.Read(_path));
    }

    private static Step Numbered(int vf) =>
        Step with { Action = new SetVfDriver(Planned.Pf, vf, null, "mlx5_core", null, null) };
}
