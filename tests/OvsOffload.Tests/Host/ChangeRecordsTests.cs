using System.Text;
using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Tests.Planning;

namespace OvsOffload.Tests.Host;

public sealed class ChangeRecordsTests : IDisposable
{
    private const string UntilReboot = "/run/ovs-offload/changes.json";

    private const string Lasting = "/var/lib/ovs-offload/changes.json";

    private static readonly RecordedChanges Some = RecordedChanges.None
        .With(ChangeKind.VfCount, SampleHost.Pf, "0", "4")
        .With(ChangeKind.Address, "192.0.2.7/24", null, "br1")
        .With(ChangeKind.SwitchOption, "hw-offload", null, "true");

    private readonly HostTree _host = new();

    private ChangeRecords Records => new(_host.Paths);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void What_is_written_is_read_and_only_settings_of_Open_vSwitch_outlive_a_reboot()
    {
        Records.Write(RecordedChanges.None, Some);

        Assert.Equal(Some.All, Records.Read().Value.All);
        Directory.Delete(_host.At("/run/ovs-offload"), recursive: true);
        Assert.Equal([Some.All[2]], Records.Read().Value.All);
    }

    [Fact]
    public void Without_changes_there_is_no_file()
    {
        Records.Write(RecordedChanges.None, Some);
        Records.Write(Some, RecordedChanges.None);

        Assert.False(File.Exists(_host.At(UntilReboot)));
        Assert.False(File.Exists(_host.At(Lasting)));
        Assert.Empty(Records.Read().Value.All);
    }

    [Fact]
    public void Cut_anywhere_it_is_damaged_and_not_an_empty_record()
    {
        Records.Write(RecordedChanges.None, Some);
        byte[] whole = File.ReadAllBytes(_host.At(UntilReboot));
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_host.At(UntilReboot), whole[..length]);

            Assert.True(Records.Read().IsFailed, $"cut at {length}");
        }
    }

    [Fact]
    public void With_any_byte_changed_it_is_read_or_damaged_and_never_throws()
    {
        Records.Write(RecordedChanges.None, Some);
        byte[] whole = File.ReadAllBytes(_host.At(UntilReboot));
        for (int index = 0; index < whole.Length; index++)
        {
            byte[] mutated = [.. whole];
            mutated[index] ^= 0x15;
            File.WriteAllBytes(_host.At(UntilReboot), mutated);

            Reading<RecordedChanges> read = Records.Read();

            Assert.True(read.IsFailed || read.Value.All.Length > 0, Encoding.UTF8.GetString(mutated));
        }
    }

    [Fact]
    public void A_restored_value_is_no_change()
    {
        RecordedChanges twice = RecordedChanges.None
            .With(ChangeKind.EswitchMode, "a", "legacy", "switchdev")
            .With(ChangeKind.EswitchMode, "a", "switchdev", "legacy");

        Assert.Empty(twice.All);
        Assert.Equal(
            new RecordedChange(ChangeKind.VfCount, "a", "2", "8"),
            Assert.Single(RecordedChanges.None
                .With(ChangeKind.VfCount, "a", "2", "0").With(ChangeKind.VfCount, "a", "0", "8").All));
    }

    [Fact]
    public async Task A_step_is_recorded_before_it_is_run_and_not_when_it_was_not_needed_or_changed_nothing()
    {
        var seen = new List<int>();
        var inner = new FakeRunner(_ => seen.Add(Records.Read().Value.All.Length));
        var runner = new RecordingRunner(inner, Records);
        var option = new SetSwitchOption("hw-offload", null, "true");

        inner.Result = StepResult.Skipped;
        await RunAsync(runner, option);
        Assert.Empty(Records.Read().Value.All);
        inner.Fails = true;
        inner.ChangedNothing = true;
        await Assert.ThrowsAsync<StepException>(() => RunAsync(runner, option));
        Assert.Empty(Records.Read().Value.All);
        inner.ChangedNothing = false;
        await Assert.ThrowsAsync<StepException>(() => RunAsync(runner, option));
        Assert.Single(Records.Read().Value.All);
        await Assert.ThrowsAsync<StepException>(() => RunAsync(runner, option.Inverse[0]));
        Assert.Single(Records.Read().Value.All);
        inner.Fails = false;
        inner.Result = StepResult.Done;
        await RunAsync(runner, option);
        Assert.Equal([1, 1, 1, 1, 1], seen);
        Assert.Single(Records.Read().Value.All);
        await RunAsync(new RecordingRunner(inner, Records), option.Inverse[0]);
        Assert.Empty(Records.Read().Value.All);
    }

    [Fact]
    public async Task A_change_is_undone_even_if_that_cannot_be_recorded()
    {
        int runs = 0;
        var runner = new RecordingRunner(new FakeRunner(_ => runs++), Records);
        var option = new SetSwitchOption("hw-offload", null, "true");
        await RunAsync(runner, new SetSwitchOption("tc-policy", null, "none"));
        await RunAsync(runner, option);
        File.Delete(_host.At(Lasting));
        Directory.CreateDirectory(_host.At(Lasting));

        StepException refused = await Assert.ThrowsAsync<StepException>(
            () => RunAsync(runner, new SetSwitchOption("max-idle", null, "1")));
        Assert.Equal(2, runs);
        Assert.True(refused.ChangedNothing);
        Assert.Contains("cannot record the previous state, so nothing was changed", refused.Message);
        Assert.Equal(StepResult.Done, await RunAsync(runner, option.Inverse[0]));
        Assert.Equal(3, runs);

        Directory.Delete(_host.At(Lasting));
        await RunAsync(runner, new SetSwitchOption("max-idle", null, "1"));
        Assert.Equal(["tc-policy", "max-idle"], Records.Read().Value.All.Select(change => change.Object));
    }

    [Fact]
    public async Task With_a_damaged_record_nothing_is_done()
    {
        _host.File(UntilReboot, "{");
        var inner = new FakeRunner(_ => throw new InvalidOperationException("it was run"));

        StepException failure = await Assert.ThrowsAsync<StepException>(() => RunAsync(
            new RecordingRunner(inner, Records), new SetVfCount(Planned.Pf, 0, 4, [])));

        Assert.Contains(": damaged: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Remove that file", failure.Message, StringComparison.Ordinal);
    }

    private static Task<StepResult> RunAsync(RecordingRunner runner, StepAction action) =>
        runner.RunAsync(action, TestContext.Current.CancellationToken);

    private sealed class FakeRunner(Action<StepAction> ran) : IStepRunner
    {
        public StepResult Result { get; set; }

        public bool Fails { get; set; }

        public bool ChangedNothing { get; set; }

        public Task<StepResult> RunAsync(StepAction action, CancellationToken cancellation)
        {
            ran(action);
            return Fails
                ? throw new StepException("it failed", 0, null, null, null) { ChangedNothing = ChangedNothing }
                : Task.FromResult(Result);
        }
    }
}
