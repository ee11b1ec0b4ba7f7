namespace OvsOffload.Bundles;

/// <summary>One answer of Open vSwitch.</summary>
/// <param name="Command">
/// The command of ovs-vswitchd's control socket with its arguments, blanks between; of ovsdb-server <see cref="Rows"/>.
/// </param>
internal sealed record SwitchRecord(string Command)
{
    /// <summary>The command of the record that holds the rows of the database.</summary>
    public const string Rows = "ovsdb";

    /// <summary>What was answered; of the database <c>{"TABLE":{"rows":[..]},..}</c>. Null where nothing was.</summary>
    public string? Answer { get; init; }

    /// <summary>The daemon's own words, where it refused.</summary>
    public string? Refusal { get; init; }

    /// <summary>Why there is no answer; null where there is one.</summary>
    public string? Failure { get; init; }
}
