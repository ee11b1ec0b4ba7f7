using System.Collections.Immutable;
using OvsOffload.Cli;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Cli;

public sealed class StepGroupTests
{
    private static readonly PciAddress Pf = PciAddress.Parse("0000:3b:00.0");

    [Fact]
    public void The_same_step_of_several_VFs_is_one_entry()
    {
        StepGroup group = Assert.Single(StepGroup.Of(Each(4, vf => new SetHwTcOffload(
            new RepresentorOf(Pf, vf), false, true))));

        Assert.Equal(
            [
                "1-4. hw-tc-offload of 0000:3b:00.0 vf0-vf3 representor: off -> on", "     why: vf-test",
                "     undo: hw-tc-offload of 0000:3b:00.0 vf0-vf3 representor: on -> off",
            ],
            PlanText.Lines(group));
    }

    [Fact]
    public void Where_values_differ_the_first_and_the_last_are_shown()
    {
        StepGroup group = Assert.Single(StepGroup.Of(Each(16, Mac)));

        Assert.Equal(
            "MAC address of 0000:3b:00.0 vf0-vf15: none -> 02:00:00:00:00:00 .. none -> 02:00:00:00:00:0f",
            group.Summary);
    }

    [Fact]
    public void Steps_from_VF_to_VF_are_one_entry_for_each_kind_with_the_numbers_of_the_whole_run()
    {
        ImmutableArray<Step> steps =
        [
            Step(new SetVfCount(Pf, 0, 2, [])),
            .. Each(2, Mac).Zip(Each(2, Driver), (mac, driver) => (Step[])[mac, driver]).SelectMany(pair => pair),
            Step(new SetDriversAutoprobe(Pf, false, true)),
        ];

        Assert.Equal(
            ["1-1 vf-count 1", "2-5 vf-mac 2", "2-5 vf-driver 2", "6-6 drivers-autoprobe 1"],
            StepGroup.Of(steps).Select(
                group => $"{group.First}-{group.Last} {group.Steps[0].Action.Kind} {group.Steps.Length}"));
    }

    [Fact]
    public void VFs_of_two_PFs_and_VFs_for_other_reasons_are_entries_of_their_own()
    {
        ImmutableArray<Step> steps =
        [
            .. Each(3, Mac).Select((step, vf) => vf == 1 ? step with { Why = "an interrupted run left it so" } : step),
            .. Each(2, vf => new SetVfMac(PciAddress.Parse("0000:3b:00.1"), vf, null, default)),
        ];

        Assert.Equal([2, 1, 2], StepGroup.Of(steps).Select(group => group.Steps.Length));
    }

    [Fact]
    public void Whatever_is_disrupted_is_said_of_each_VF()
    {
        ImmutableArray<Step> steps =
        [
            .. Each(3, Mac).Select((step, vf) => step with
            {
                Disrupts = [$"vf{vf} goes down", vf == 1 ? "vf1 loses VLAN 7" : $"vf{vf} loses trust"],
            }),
        ];

        Assert.Equal(
            ["vf0-vf2 goes down", "vf0, vf2 loses trust", "vf1 loses VLAN 7"],
            StepGroup.Of(steps).Single().Disrupts);
    }

    [Fact]
    public void Every_step_of_a_plan_is_in_one_entry_and_64_VFs_take_as_many_lines_as_2()
    {
        (int few, int many) = (Lines(2), Lines(64));

        Assert.Equal(few, many);
        Assert.InRange(many, 10, 60);

        static int Lines(int vfs)
        {
            ImmutableArray<Step> steps = Planner.Plan(
                SampleIntent.Switchdev(vfs, RepresentorPorts.All), SampleHost.Fresh()).Steps;
            StepGroup[] groups = [.. StepGroup.Of(steps)];

            Assert.Equal(
                steps.Select(step => step.Id).Order(),
                groups.SelectMany(group => group.Steps).Select(step => step.Id).Order());
            return groups.Sum(group => PlanText.Lines(group).Count());
        }
    }

    private static SetVfMac Mac(int vf) => new(Pf, vf, null, HardwareAddress.Parse($"02:00:00:00:00:{vf:x2}"));

    private static SetVfDriver Driver(int vf) => new(Pf, vf, null, "mlx5_core", null, null);

    private static ImmutableArray<Step> Each(int count, Func<int, StepAction> action) =>
        [.. Enumerable.Range(0, count).Select(vf => Step(action(vf)))];

    private static Step Step(StepAction action) => new(action, "vf-test", []);
}
