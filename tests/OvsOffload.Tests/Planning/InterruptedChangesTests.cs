using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

/// <summary>Wherever a run is killed: the next apply reaches the goal, and revert leads to where it began.</summary>
public class InterruptedChangesTests
{
    [Theory]
    [MemberData(nameof(ConvergenceTests.Cases), MemberType = typeof(ConvergenceTests))]
    public void After_a_kill_at_any_step_the_next_apply_reaches_the_same_state(string host, string nic)
    {
        HostState start = ConvergenceTests.Hosts[host];
        HostIntent intent = ConvergenceTests.Intent(ConvergenceTests.Nics[nic], start);
        HostState whole = RunToItsEnd(start, state => Planner.Plan(intent, state), "whole");

        foreach ((string where, HostState killed) in Killed(start, state => Planner.Plan(intent, state)))
        {
            HostState after = RunToItsEnd(killed, state => Planner.Plan(intent, state), where);

            // A random address is another one each time.
            bool random = ConvergenceTests.Nics[nic].VfMacs == VfMacSource.Random;
            Assert.True(
                Told(whole, random).SequenceEqual(Told(after, random)),
                $"{where}\n{string.Join('\n', Told(whole, random))}\n---\n{string.Join('\n', Told(after, random))}");
        }
    }

    [Theory]
    [MemberData(nameof(ConvergenceTests.Cases), MemberType = typeof(ConvergenceTests))]
    public void After_a_kill_at_any_step_revert_restores_the_initial_state(string host, string nic)
    {
        HostState start = ConvergenceTests.Hosts[host];
        HostIntent intent = ConvergenceTests.Intent(ConvergenceTests.Nics[nic], start);

        foreach ((string where, HostState killed) in Killed(start, state => Planner.Plan(intent, state)))
        {
            HostIntent goal = RevertGoal.Of(intent, killed, only: null);
            HostState after = RunToItsEnd(killed, state => RevertPlanner.Plan(goal, state), where);

            Assert.True(
                Told(start).SequenceEqual(Told(after)),
                $"{where}\n{string.Join('\n', Told(start))}\n---\n{string.Join('\n', Told(after))}");
        }
    }

    [Fact]
    public void Autoprobe_that_a_killed_run_left_off_is_put_back_and_its_VFs_are_bound()
    {
        HostIntent intent = SampleIntent.Switchdev(2);
        HostState killed = Killed(SampleHost.Fresh(), state => Planner.Plan(intent, state))
            .First(one => one.Where.StartsWith("after sriov_numvfs", StringComparison.Ordinal)).State;
        Assert.False(killed.KnownFunctions[0].DriversAutoprobe.Value);

        StepAction[] actions = [.. Planner.Plan(intent, killed).Steps.Select(step => step.Action)];

        int back = Array.FindIndex(actions, action => action is SetDriversAutoprobe { To: true });
        int[] bound =
        [
            .. Enumerable.Range(0, actions.Length).Where(index => actions[index] is SetVfDriver { To: not null }),
        ];
        Assert.InRange(back, 0, actions.Length);
        Assert.Equal(2, bound.Length);
        Assert.All(bound, index => Assert.True(index > back));
    }

    [Fact]
    public void Autoprobe_that_was_off_before_this_program_came_is_no_leftover()
    {
        HostState off = SampleHost.ConnectX6Dx().WithPf(pf => pf with { DriversAutoprobe = Reading.Known(false) });

        Assert.Empty(Planner.Plan(SampleIntent.Switchdev(2), off).All<SetDriversAutoprobe>());
        Assert.Empty(RevertSample.Revert(off, SampleIntent.Switchdev(2)).All<SetDriversAutoprobe>());
    }

    [Fact]
    public void A_VF_that_a_killed_run_left_without_a_driver_stays_so_while_somebody_holds_it()
    {
        HostIntent intent = SampleIntent.Switchdev(2);
        HostState killed = Killed(SampleHost.Fresh(), state => Planner.Plan(intent, state))
            .First(one => one.Where.StartsWith("after sriov_drivers_autoprobe", StringComparison.Ordinal)
                && one.Where.EndsWith("0 -> 1", StringComparison.Ordinal)).State;

        HostState held = killed.WithHolder(1, HolderKind.NetworkNamespace, "a namespace");

        Assert.Equal(0, Assert.Single(Planner.Plan(intent, held).All<SetVfDriver>()).Vf);
    }

    [Fact]
    public void A_VF_without_a_driver_that_no_run_left_so_is_left_alone()
    {
        HostState unbound = SampleHost.ConnectX6Dx().WithVf(0, vf => vf with { Driver = null, Devices = [] });

        Assert.Empty(Planner.Plan(SampleIntent.Switchdev(2), unbound).All<SetVfDriver>());
    }

    /// <summary>
    /// The host as a kill leaves it: after each step; and with a step on the record that was not run, or run and not
    /// taken off the record, as <see cref="OvsOffload.Applying.RecordingRunner"/> writes it.
    /// </summary>
    internal static IEnumerable<(string Where, HostState State)> Killed(HostState start, Func<HostState, Plan> decide)
    {
        var host = new SimulatedHost(start);
        for (int round = 0; round < 3; round++)
        {
            foreach (Step step in decide(host.State).Steps)
            {
                RecordedChanges before = host.State.Changes.Value;
                var during = Reading.Known(step.Action.RecordDuring(before));
                yield return ($"before {step.Action.Summary}", host.State with { Changes = during });
                host.Run(step.Action);
                yield return ($"within {step.Action.Summary}", host.State with { Changes = during });
                yield return ($"after {step.Action.Summary}", host.State);
            }
        }
    }

    internal static HostState RunToItsEnd(HostState start, Func<HostState, Plan> decide, string where)
    {
        var host = new SimulatedHost(start);
        int rounds = 0;
        Plan plan = decide(host.State);
        for (; plan.Steps.Length > 0; plan = decide(host.State))
        {
            Assert.True(plan.Objections.IsEmpty, $"{where}: {string.Join('\n', plan.Objections)}");
            Assert.True(++rounds <= 4, $"{where}: {string.Join('\n', plan.Steps.Select(step => step.Action.Summary))}");
            foreach (Step step in plan.Steps)
            {
                host.Run(step.Action);
            }
        }

        Assert.True(plan.Objections.IsEmpty, $"{where}: {string.Join('\n', plan.Objections)}");
        return host.State;
    }

    private static ImmutableArray<string> Told(HostState host, bool random = false) =>
    [
        .. ConvergenceTests.Told(random
            ? host.WithPf(pf => pf with
            {
                VirtualFunctions =
                    [.. pf.VirtualFunctions.Select(vf => vf with { Settings = Reading.Absent<LinkVf>("random") })],
            })
            : host),
    ];
}
