namespace OvsOffload.Planning;

/// <summary>Changes Cloudpods' ConfigMap.</summary>
/// <param name="Name">Its name, for people and for the record.</param>
/// <param name="From">The file in it before, one character for one byte.</param>
/// <param name="To">The file in it after.</param>
internal sealed record SetConfigMap(string Name, string From, string To) : AgentAction
{
    public override string Kind => "config-map";
    public override string Object => Name;

    protected override AgentAction WithContentSwapped() => this with { From = To, To = From };
}
