namespace OvsOffload.Host;

/// <summary>Packets that reached the datapath in software, since it was made (<c>dpctl/show</c>).</summary>
/// <param name="Hit">They found a flow.</param>
/// <param name="Missed">They found none and went up to ovs-vswitchd.</param>
/// <param name="Lost">They found none and were dropped before ovs-vswitchd got them.</param>
internal sealed record DatapathLookups(long Hit, long Missed, long Lost);
