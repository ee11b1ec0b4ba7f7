namespace OvsOffload.Service;

/// <summary>What a line of the reconcile loop is about.</summary>
internal enum Topic
{
    /// <summary>The host could not be read.</summary>
    Reading,

    /// <summary>Why something is not applied.</summary>
    Objections,

    /// <summary>What stays to be done outside.</summary>
    Pending,

    /// <summary>What came of an apply.</summary>
    Apply,

    /// <summary>How long the loop waits, and why.</summary>
    Wait,
}

/// <summary>Logs what is new of each topic, and not again in every round what has been said.</summary>
/// <param name="log">Where lines go.</param>
internal sealed class DeduplicatingLog(ServiceLog log)
{
    private readonly Dictionary<Topic, string[]> _reported = [];

    /// <summary>Says what holds now; none of it means that the topic is over, and will be news again.</summary>
    public void Report(Topic topic, LogPriority priority, params IEnumerable<string> lines)
    {
        string[] now = [.. lines];
        foreach (string line in now.Except(_reported.GetValueOrDefault(topic, [])))
        {
            log(priority, line);
        }

        _reported[topic] = now;
    }
}
