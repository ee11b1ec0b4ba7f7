using System.Collections.Immutable;
using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

/// <summary>What every kind of step has to say of itself, with each kind of device that it may name.</summary>
public class StepActionTests
{
    /// <summary>
    /// The kinds that leave nothing to be recorded: those that change nothing or give something back, rows of Open
    /// vSwitch, which carry a mark, and agents' files, which have records of their own.
    /// </summary>
    private static readonly HashSet<Type> RecordNothing =
    [
        typeof(WaitForRepresentors), typeof(WaitForVfLag), typeof(WaitForRouter), typeof(SetLinkAddress),
        typeof(PurgeFlows), typeof(RestartSwitch),
        typeof(AddBridge), typeof(DeleteBridge), typeof(AddPort), typeof(DeletePort), typeof(DeletePortOf),
        typeof(SetAgentFile), typeof(SetConfigMap), typeof(CallProgram),
    ];

    public static TheoryData<string> Kinds =>
    [
        .. typeof(StepAction).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(StepAction)) && !type.IsAbstract)
            .Select(type => type.Name),
    ];

    public static TheoryData<string> Variants => [.. StepVariants.All.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_step_has_a_sample(string type) =>
        Assert.Single(SampleActions.All, action => action.GetType().Name == type);

    [Fact]
    public void The_build_lists_each_setting_that_a_step_puts_back()
    {
        int pf = Steps(typeof(ISettingOf<RevertedPf>)).Count();
        int device = Steps(typeof(ISettingOf<RevertedDevice>)).Count();

        Assert.Equal((pf, device), (RecordedSettings.OfPf.Length, RecordedSettings.OfDevice.Length));
        Assert.True(pf > 0 && device > 0);
    }

    [Fact]
    public void Every_kind_of_device_is_tried() => Assert.Equal(
        typeof(DeviceReference).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(DeviceReference)) && !type.IsAbstract).ToHashSet(),
        StepVariants.Devices.Keys.Select(device => device.GetType()).ToHashSet());

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_step_belongs_to_the_device_that_it_names(string variant)
    {
        StepAction step = StepVariants.All[variant];

        Assert.Equal(ScopeOf(step), step.Scope);
    }

    [Fact]
    public void The_MTU_of_an_uplink_belongs_to_its_PF_and_not_to_Open_vSwitch()
    {
        var step = new SetMtu(new UplinkOf(Planned.Pf), 1500, 9000);

        Assert.Equal(new Scope.OfPf(Planned.Pf), step.Scope);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void What_undoes_a_step_belongs_to_the_same(string variant)
    {
        StepAction step = StepVariants.All[variant];

        Assert.All(step.Inverse, back => Assert.Equal(step.Scope, back.Scope));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_step_is_undone_or_known_to_leave_nothing_behind(string variant)
    {
        StepAction step = StepVariants.All[variant];

        Assert.Equal(SampleActions.LeaveNothing.Contains(step.GetType()), step.Inverse.IsEmpty);
        Assert.Equal(step.Inverse.IsEmpty ? "nothing to undo" : step.Inverse[0].Summary, step.Undo.Split("; ")[0]);
        Assert.Equal(step is AgentAction ? [] : step.Inverse, step.InverseOfFailed);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_inverse_of_the_inverse_is_the_step_itself(string variant)
    {
        StepAction step = StepVariants.All[variant];
        if (step.Inverse is [var back] && back.Inverse is [var again])
        {
            Assert.Equal(step, again);
        }
        else
        {
            // Routes that moved are undone by the step that recorded them, and VFs come back in several steps.
            Assert.True(step is SaveRoutes or SetVfCount || step.Inverse.IsEmpty, variant);
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_step_is_on_the_record_until_it_is_undone(string variant)
    {
        StepAction step = StepVariants.All[variant];
        bool goesWithItsDevice = step is SetMtu or SetLinkUp or SetHwTcOffload
            && StepVariants.DevicesOf(step) is [LocalPortOf];
        bool moves = StepVariants.DevicesOf(step) is not [var from, var to] || from != to || step is SaveRoutes;

        RecordedChanges after = step.Record(RecordedChanges.None);

        Assert.Equal(moves && !goesWithItsDevice && !RecordNothing.Contains(step.GetType()), !after.All.IsEmpty);
        if (!step.Inverse.IsEmpty)
        {
            Assert.Empty(step.Inverse.Aggregate(after, (changes, back) => back.Record(changes)).All);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_runner_takes_every_kind_of_step_to_its_client(string type)
    {
        Exception? failure = await Record.ExceptionAsync(() => RunAsync(SampleActions.Of(type)));

        // There is nothing behind the clients: a step that reaches the one that it belongs to gets no further.
        Assert.IsType<NullReferenceException>(failure);
    }

    [Fact]
    public async Task The_runner_says_of_a_kind_that_it_does_not_know_that_nothing_runs_it()
    {
        NotSupportedException failure = await Assert.ThrowsAsync<NotSupportedException>(
            () => RunAsync(new UnknownStep()));

        Assert.Equal("nothing runs steps of kind unknown", failure.Message);
    }

    private static Task<StepResult> RunAsync(StepAction step) =>
        new StepRunner(
            new PciSteps(null!, null!, null!), new EswitchSteps(null!, null!, null!),
            new LinkSteps(null!, null!, null!, null!, null!), new AddressSteps(null!, null!, null!, null!, null!),
            new BondSteps(null!, null!, null!, null!, null!),
            new SwitchSteps(null!, null!, null!, null!, Reading.Known<IReadOnlyList<string>>(["ovs-ctl"]), null!),
            new AgentSteps(null!, null!), new UdevSteps(null!, null!))
            .RunAsync(step, TestContext.Current.CancellationToken);

    /// <summary>What a step belongs to, by its shape: the names of its properties.</summary>
    private static Scope ScopeOf(StepAction step)
    {
        Type type = step.GetType();
        string name = type.Name;
        if (step is AgentAction)
        {
            return Scope.Agents;
        }

        if (type.GetProperty("Pf") is not null)
        {
            return new Scope.OfPf(Planned.Pf);
        }

        if (type.GetProperty("Bond")?.GetValue(step) is string bond)
        {
            return new Scope.OfBond(bond);
        }

        if (type.GetProperty("Bridge") is not null || name.EndsWith("Bridge", StringComparison.Ordinal))
        {
            return new Scope.OfBridge("br1");
        }

        if (name.EndsWith("Bond", StringComparison.Ordinal))
        {
            return new Scope.OfBond("bond0");
        }

        Scope[] scopes = [.. StepVariants.DevicesOf(step).Select(device => StepVariants.Devices[device])];
        return scopes.OfType<Scope.OfBridge>().FirstOrDefault()
            ?? scopes.OfType<Scope.OfBond>().FirstOrDefault()
            ?? scopes.FirstOrDefault()
            ?? Scope.Switch;
    }

    private sealed record UnknownStep : StepAction
    {
        public override string Kind => "unknown";
        public override string Object => "";
        public override string Summary => "";
        public override Scope Scope => Scope.Switch;
        public override ImmutableArray<StepAction> Inverse => [];

        public override RecordedChanges Record(RecordedChanges changes) => changes;
    }

    private static IEnumerable<Type> Steps(Type setting) =>
        typeof(StepAction).Assembly.GetTypes().Where(type => type.GetInterfaces().Contains(setting));
}
