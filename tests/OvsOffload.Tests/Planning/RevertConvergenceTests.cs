using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

/// <summary>Whatever the host was and whatever was applied: after a revert it is as it was.</summary>
public class RevertConvergenceTests
{
    [Theory]
    [MemberData(nameof(ConvergenceTests.Cases), MemberType = typeof(ConvergenceTests))]
    public void What_is_applied_and_reverted_leaves_the_host_as_it_was(string host, string nic)
    {
        HostState start = ConvergenceTests.Hosts[host];
        HostIntent intent = ConvergenceTests.Intent(ConvergenceTests.Nics[nic], start);
        var simulated = new SimulatedHost(start);
        RunToItsEnd(simulated, state => Planner.Plan(intent, state));
        IEnumerable<string> applied = [.. ConvergenceTests.Told(simulated.State)];

        HostIntent goal = RevertGoal.Of(intent, simulated.State, only: null);
        RunToItsEnd(simulated, state => RevertPlanner.Plan(goal, state));

        Assert.Equal(ConvergenceTests.Told(start), ConvergenceTests.Told(simulated.State));
        Assert.Equal(
            start.KnownFunctions[0].Uplink!.HwTcOffload, simulated.State.KnownFunctions[0].Uplink!.HwTcOffload);
        Assert.Equal(start.KnownFunctions[0].Uplink!.Up, simulated.State.KnownFunctions[0].Uplink!.Up);

        // Of a VF that got the kernel's own driver again nobody has said which that is.
        Assert.DoesNotContain(simulated.State.Changes.Value.All, change => change.After != "default ");
        RunToItsEnd(simulated, state => Planner.Plan(intent, state));
        Assert.Equal(applied.Count(), ConvergenceTests.Told(simulated.State).Count());
    }

    [Theory]
    [InlineData("lacp")]
    [InlineData("active-backup")]
    public void A_bond_that_was_made_goes_and_what_its_members_carried_goes_back_to_them(string profile)
    {
        HostState start = RevertSample.Carrying(BondSample.Fresh());
        var simulated = new SimulatedHost(start);
        HostIntent intent = RevertSample.Bonded(profile);
        RunToItsEnd(simulated, state => Planner.Plan(intent, state));
        Assert.Contains(
            RevertSample.Address, simulated.State.FindDevice(RevertSample.Bridge)!.Addresses);

        HostIntent goal = RevertGoal.Of(intent, simulated.State, only: null);
        RunToItsEnd(simulated, state => RevertPlanner.Plan(goal, state));

        Assert.Equal(RevertSample.Told(start), RevertSample.Told(simulated.State));
        Assert.Empty(simulated.State.Changes.Value.All);
    }

    private static void RunToItsEnd(SimulatedHost host, Func<HostState, Plan> decide)
    {
        int rounds = 0;
        Plan plan = decide(host.State);
        for (; plan.Steps.Length > 0; plan = decide(host.State))
        {
            Assert.Empty(plan.Objections);
            Assert.True(++rounds <= 3, string.Join('\n', plan.Steps.Select(step => step.Action.Summary)));
            foreach (Step step in plan.Steps)
            {
                host.Run(step.Action);
            }
        }

        Assert.True(plan.IsEmpty, string.Join('\n', plan.Objections) + string.Join('\n', plan.Pending));
    }
}
