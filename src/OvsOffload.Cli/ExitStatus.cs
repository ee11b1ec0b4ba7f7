using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Planning;
using OvsOffload.Verifying;

namespace OvsOffload.Cli;

/// <summary>The exit statuses, which scripts rely on.</summary>
internal static class ExitStatus
{
    /// <summary>Done, or nothing to do, or nothing worse than info found.</summary>
    public const int Ok = 0;

    /// <summary>Failed; what was undone and what was not is said.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage or configuration.</summary>
    public const int Usage = 2;

    /// <summary><c>plan</c>: steps pending. <c>verify</c>: an error found.</summary>
    public const int Pending = 3;

    /// <summary>Refused: it would disrupt what is held or protected, or another run holds the lock.</summary>
    public const int Refused = 4;

    /// <summary><c>verify</c>: warnings, no error.</summary>
    public const int Warnings = 5;

    /// <summary>Partly: some NICs reached the goal, others not; or something that is needed could not be read, so that
    /// nobody can say that all is well; or there is no flow in a dump.</summary>
    public const int Partial = 6;

    /// <summary>Done, but a restart or reboot is pending.</summary>
    public const int RestartPending = 7;

    /// <summary>The status of a command that shows the host: failed where not even its PFs could be listed.</summary>
    public static int Of(HostState state) => state.PhysicalFunctions.IsFailed ? Failed : Ok;

    /// <summary>The status of <c>status</c>: partly where something that is needed could not be read.</summary>
    public static int Of(Observation input) => Of(input.State) is not Ok and var failed ? failed
        : UnreadFacts.Of(input).IsEmpty ? Ok
        : Partial;

    /// <summary>The status of a plan; one that leaves something out is partly, unless it is refused a part.</summary>
    public static int Of(Plan plan) => plan switch
    {
        { IsPartial: true } => plan.Objections.Any(one => one.Kind == ObjectionKind.Refused) ? Refused : Partial,
        { Objections.IsEmpty: false } => Of(plan.Objections),
        { Unread.IsEmpty: false } => Partial,
        { Steps.IsEmpty: false } => Pending,
        { Pending.IsEmpty: false } => RestartPending,
        _ => Ok,
    };

    /// <summary>The status of an apply.</summary>
    public static int Of(ApplyReport report) => report switch
    {
        { Succeeded: false, Reached: true } => Partial,
        { Failures.IsEmpty: false } or { NotUndone.IsEmpty: false } => Failed,
        { Objections.IsEmpty: false } => Of(report.Objections),
        { Unread.IsEmpty: false } => Partial,
        { Pending.IsEmpty: false } => RestartPending,
        _ => Ok,
    };

    /// <summary>
    /// The same of a stage of the boot, which systemd shows as a unit: failed where something was left out or went
    /// wrong. What could not be read alone is no failure of it, as the service reads it again a moment later.
    /// </summary>
    public static int Of(ApplyReport report, Stage stage) =>
        Of(stage == Stage.All ? report : report with { Unread = [] });

    /// <summary>The status of <c>verify</c>: what was found counts more than what is not known.</summary>
    public static int Of(VerifyReport report) => report switch
    {
        { WorstStatus: FindingStatus.Error } => Pending,
        { IsKnown: false } => Partial,
        { WorstStatus: FindingStatus.Warning } => Warnings,
        _ => Ok,
    };

    /// <summary>
    /// A configuration that does not fit comes before a refusal, and that before what could not be read.
    /// </summary>
    private static int Of(IEnumerable<Objection> objections)
    {
        HashSet<ObjectionKind> kinds = [.. objections.Select(objection => objection.Kind)];
        return kinds.Contains(ObjectionKind.Configuration) ? Usage
            : kinds.Contains(ObjectionKind.Refused) ? Refused
            : Failed;
    }
}
