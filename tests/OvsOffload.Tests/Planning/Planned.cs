using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Planning;

/// <summary>Asks the planner, and looks at a plan as tests like it.</summary>
internal static class Planned
{
    /// <summary>The PF of <see cref="SampleHost"/>.</summary>
    public static readonly PciAddress Pf = PciAddress.Parse(SampleHost.Pf);

    /// <summary>The plan for one NIC and nothing else.</summary>
    public static Plan For(HostState host, NicIntent nic, SafetyIntent? safety = null) =>
        Planner.Plan(new HostIntent { Nics = [nic], Safety = safety ?? new SafetyIntent() }, host);

    /// <summary>The plan for switchdev mode and so many VFs, and nothing else.</summary>
    public static Plan Switchdev(HostState host, int? vfs = null) =>
        For(host, SampleIntent.Nic(NicMode.Switchdev, vfs));

    /// <summary>The kinds of the steps in order; steps of one kind that follow each other stand once.</summary>
    public static string Order(this Plan plan)
    {
        Assert.Empty(plan.Objections);
        var kinds = new List<string>();
        foreach (Step step in plan.Steps)
        {
            string kind = step.Action switch
            {
                SetVfCount { To: 0 } => "vfs-away",
                SetVfCount => "vfs",
                SetEswitchMode mode => mode.To.ToString().ToLowerInvariant(),
                SetDriversAutoprobe { To: false } => "autoprobe-off",
                SetDriversAutoprobe => "autoprobe-on",
                _ => step.Action.Kind,
            };
            if (kinds.Count == 0 || kinds[^1] != kind)
            {
                kinds.Add(kind);
            }
        }

        return string.Join(' ', kinds);
    }

    /// <summary>The actions of one type.</summary>
    public static IReadOnlyList<T> All<T>(this Plan plan)
        where T : StepAction => [.. plan.Steps.Select(step => step.Action).OfType<T>()];

    /// <summary>The only objection there is.</summary>
    public static Objection Objection(this Plan plan) => Assert.Single(plan.Objections);

    /// <summary>A host whose driver has refused so.</summary>
    public static HostState Refusing(this HostState host, params RefusalReason[] reasons) => host with
    {
        Refusals = [.. reasons.Select(reason => new Refusal(Pf, reason, $"it said {reason}"))],
    };
}
