using System.Collections.Immutable;
using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Planning;

namespace OvsOffload.Testing;

/// <summary>A simulated host to apply to, with a journal in memory; a test may let steps fail.</summary>
internal sealed class FakeHost(HostState start, DriverRule rule = DriverRule.Any)
    : IStepRunner, IJournal, IProgress<StepReport>
{
    private readonly SimulatedHost _host = new(start, rule);

    public HostState State => _host.State;

    /// <summary>Every step that reached the host, in order.</summary>
    public IReadOnlyList<StepAction> Ran => _host.Ran;

    /// <summary>The journal: <c>begin vf-count</c>, .., <c>end</c>.</summary>
    public List<string> Journal { get; } = [];

    /// <summary>The errors of the journal.</summary>
    public List<string> Errors { get; } = [];

    public List<StepReport> Progress { get; } = [];

    /// <summary>The steps that were announced.</summary>
    public List<StepStart> Started { get; } = [];

    /// <summary>Called before each step; what it throws is what the step fails with.</summary>
    public Action<StepAction> Before { get; init; } = _ => { };

    /// <summary>Called before each line of the journal with what it is going to be.</summary>
    public Action<string> BeforeWrite { get; init; } = _ => { };

    /// <summary>Called before each reading.</summary>
    public Action BeforeRead { get; init; } = () => { };

    /// <summary>What a reader sees of the host.</summary>
    public Func<HostState, HostState> Seen { get; init; } = state => state;

    /// <summary>What is seen of it immediately before a step that takes VFs.</summary>
    public Func<HostState, HostState> SeenBeforeStep { get; init; } = state => state;

    private HolderCheck Holders =>
        new(_ => Task.FromResult(SeenBeforeStep(_host.State).PhysicalFunctions), TimeProvider.System);

    public Task<ApplyReport> ApplyAsync(
        HostIntent intent, CancellationToken? cancellation = null,
        Func<ImmutableArray<Step>, bool>? mayRunUnshown = null) =>
        new Applier(ReadAsync, this, this, this)
        {
            Holders = Holders,
            Starting = Started.Add,
            MayRunUnshown = mayRunUnshown ?? (_ => true),
        }.ApplyAsync(intent, Stage.All, cancellation ?? TestContext.Current.CancellationToken);

    /// <summary>Takes everything away again, as the command does.</summary>
    public Task<ApplyReport> RevertAsync(HostIntent intent) =>
        new Applier(ReadAsync, this, this, this)
        {
            Decide = (goal, state, _, _) => RevertPlanner.Plan(goal, state),
            Holders = Holders,
            IsAtomic = true,
        }.ApplyAsync(RevertGoal.Of(intent, State, only: null), Stage.All, TestContext.Current.CancellationToken);

    public Task<StepResult> RunAsync(StepAction action, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Before(action);
        return Task.FromResult(_host.Run(action) ? StepResult.Done : StepResult.Skipped);
    }

    /// <summary>Somebody else changes the host.</summary>
    public void Run(StepAction action) => _host.Run(action);

    public void Begin() => Append("begin");

    public void Write(Step step, JournalPhase phase, string? error = null)
    {
        Append($"{phase.ToString().ToLowerInvariant()} {step.Action.Kind}");
        if (error is not null)
        {
            Errors.Add(error);
        }
    }

    public void End() => Append("end");

    public void Report(StepReport value) => Progress.Add(value);

    private void Append(string line)
    {
        BeforeWrite(line);
        Journal.Add(line);
    }

    private Task<HostState> ReadAsync(CancellationToken cancellation)
    {
        BeforeRead();
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(Seen(_host.State));
    }
}
