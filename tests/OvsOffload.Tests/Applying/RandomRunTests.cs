using System.Collections.Immutable;
using CsCheck;
using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Applying;

/// <summary>
/// Any configuration on any host, with a step that fails or a kill at any moment. 10 000 cases in all.
/// CsCheck prints the seed of what fails; <c>CsCheck_Seed=..</c> repeats it, <c>CsCheck_Iter=1000</c> takes ten times
/// as many.
/// </summary>
public sealed class RandomRunTests
{
    private const int Cases = 3400;

    [Fact]
    public Task After_an_apply_nothing_is_left_to_do_and_a_revert_gives_the_host_back() =>
        TryAsync(async run =>
        {
            var host = new FakeHost(run.Start);
            ApplyReport applied = await host.ApplyAsync(run.Intent);
            ImmutableArray<string> now = HostText.Of(host.State);
            int ran = host.Ran.Count;
            await host.ApplyAsync(run.Intent);
            Same(now, HostText.Of(host.State), "a second apply changes something", host.Ran);
            Assert.True(applied.Failures.IsEmpty, string.Join('\n', applied.Failures));
            Assert.Equal(ran, host.Ran.Count);

            await RevertedAsync(run, host, [], "after apply");
        });

    [Fact]
    public Task After_a_fault_at_any_step_an_apply_leads_to_the_goal_and_a_revert_to_the_start() =>
        TryAsync(async run =>
        {
            var whole = new FakeHost(run.Start);
            await whole.ApplyAsync(run.Intent);
            int failing = (int)((run.Fault ?? 0) * whole.Ran.Count);
            int seen = 0;
            FakeHost? host = null;
            host = new FakeHost(run.Start)
            {
                Before = action =>
                {
                    if (seen++ == failing)
                    {
                        if (run.FaultChanged)
                        {
                            host!.Run(action);
                        }

                        throw new StepException("it fails", 5, null, null, null)
                        {
                            ChangedNothing = !run.FaultChanged,
                        };
                    }
                },
            };
            ApplyReport report = await host.ApplyAsync(run.Intent);
            Assert.True(report.NotUndone.IsEmpty, string.Join('\n', report.NotUndone));

            var reverted = new FakeHost(host.State);
            await RevertedAsync(run, reverted, host.Ran, "after a fault");
            var again = new FakeHost(host.State);
            await again.ApplyAsync(run.Intent);
            Same(HostText.Of(whole.State), HostText.Of(again.State), "apply after a fault",
                [.. host.Ran, .. again.Ran]);
        });

    [Fact]
    public Task After_a_kill_at_any_moment_an_apply_leads_to_the_goal_and_a_revert_to_the_start() =>
        TryAsync(async run =>
        {
            var whole = new FakeHost(run.Start);
            await whole.ApplyAsync(run.Intent);
            ImmutableArray<(string Where, HostState State)> moments = await MomentsAsync(run);
            if (moments.IsEmpty)
            {
                return;
            }

            (string where, HostState killed) = moments[(int)(run.Crash * (moments.Length - 1))];
            await RevertedAsync(run, new FakeHost(killed), whole.Ran, where);
            var again = new FakeHost(killed);
            ApplyReport report = await again.ApplyAsync(run.Intent);
            Assert.True(report.Failures.IsEmpty, $"{where}\n{string.Join('\n', report.Failures)}");
            Same(HostText.Of(whole.State), HostText.Of(again.State), where, [.. whole.Ran, .. again.Ran]);
        });

    /// <summary>The host before, within and after each step of a run, as the record stands then.</summary>
    private static async Task<ImmutableArray<(string Where, HostState State)>> MomentsAsync(RandomRun run)
    {
        ImmutableArray<(string, HostState)>.Builder moments = ImmutableArray.CreateBuilder<(string, HostState)>();
        var shadow = new SimulatedHost(run.Start);
        var host = new FakeHost(run.Start)
        {
            Before = action =>
            {
                RecordedChanges before = shadow.State.Changes.Value;
                var during = Reading.Known(action.RecordDuring(before));
                moments.Add(($"before {action.Summary}", shadow.State with { Changes = during }));
                shadow.Run(action);
                moments.Add(($"within {action.Summary}", shadow.State with { Changes = during }));
                moments.Add(($"after {action.Summary}", shadow.State));
            },
        };
        await host.ApplyAsync(run.Intent);
        return moments.ToImmutable();
    }

    private static async Task RevertedAsync(
        RandomRun run, FakeHost host, IEnumerable<StepAction> made, string where)
    {
        HostIntent goal = RevertGoal.Of(run.Intent, host.State, only: null);
        bool saysWhatStays = RevertPlanner.Plan(goal, host.State).Notes
            .Any(note => note.Contains("left u", StringComparison.Ordinal));
        ApplyReport report = await host.RevertAsync(run.Intent);
        Assert.True(report.Failures.IsEmpty, $"revert {where}\n{string.Join('\n', report.Failures)}");
        if (report.Objections.IsEmpty && !saysWhatStays)
        {
            bool same = made.Concat(host.Ran).All(step => step is not (SetVfCount or SetEswitchMode));
            Same(HostText.Of(run.Start, same), HostText.Of(host.State, same), $"revert {where}",
                [.. made, .. host.Ran]);
        }
    }

    private static void Same(
        ImmutableArray<string> wanted, ImmutableArray<string> found, string where, IReadOnlyList<StepAction> ran) =>
        Assert.True(
            wanted.SequenceEqual(found),
            $"{where}\n- {string.Join("\n- ", wanted.Except(found))}\n+ {string.Join("\n+ ", found.Except(wanted))}"
                + $"\nran:\n  {string.Join("\n  ", ran.Select(step => step.Summary))}");

    /// <summary>The same cases every time; others, at random, where <c>CsCheck_Iter</c> or a seed is set.</summary>
    private static async Task TryAsync(Func<RandomRun, Task> property)
    {
        if (Environment.GetEnvironmentVariable("CsCheck_Iter") is not null
            || Environment.GetEnvironmentVariable("CsCheck_Seed") is not null)
        {
            await RandomRun.All.SampleAsync(
                property, iter: Fixtures.Damage.Rounds(Cases), print: run => $"{run.Words}\n{run.Intent}");
            return;
        }

        for (uint seed = 0; seed < Cases; seed++)
        {
            RandomRun run = RandomRun.All.Generate(new PCG(1, seed), null, out _);
            try
            {
                await property(run);
            }
            catch (Exception failure)
            {
                Assert.Fail($"case {seed} of {Cases}: {run.Words}\n{run.Intent}\n{failure}");
            }
        }
    }
}
