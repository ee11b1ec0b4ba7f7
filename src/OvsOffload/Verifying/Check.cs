using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>
/// One cause for which offload may not work. A check looks at what was read, never at the system, and never repairs. On
/// a fact that could not be read it says skipped and why, never ok. Stateless.
/// </summary>
internal abstract class Check
{
    /// <summary>What it looks for.</summary>
    public abstract CheckInfo Info { get; }

    /// <summary>What it looks at beside the host itself.</summary>
    public virtual ObservationParts Needs => ObservationParts.HostOnly;

    /// <summary>
    /// Looks, and says at least one thing: a finding for each object that has the fault, else what is all right or was
    /// skipped.
    /// </summary>
    public abstract IEnumerable<Finding> Examine(Observation input);

    /// <summary>The status of the worst that it finds.</summary>
    protected FindingStatus Severity => Info.Severity switch
    {
        CheckSeverity.Error => FindingStatus.Error,
        CheckSeverity.Warning => FindingStatus.Warning,
        _ => FindingStatus.Info,
    };

    /// <summary>It is as it should be.</summary>
    protected Finding Ok(string subject, string evidence) => new()
    {
        Check = Info,
        Status = FindingStatus.Ok,
        Object = subject,
        Title = "ok",
        Evidence = evidence,
    };

    /// <summary>It could not be checked, or there is nothing to check.</summary>
    protected Finding Skip(string subject, string why) => new()
    {
        Check = Info,
        Status = FindingStatus.Skipped,
        Object = subject,
        Title = "not checked",
        Evidence = why,
    };

    /// <summary>It was found.</summary>
    protected Finding Found(
        FindingStatus status, string subject, string title, string evidence, string cause, string fix) =>
        new()
        {
            Check = Info,
            Status = status,
            Object = subject,
            Title = title,
            Evidence = evidence,
            Cause = cause,
            Fix = fix,
        };
}
