using System.Collections.Immutable;
using OvsOffload.Os;

namespace OvsOffload.Sysfs;

/// <summary>What <c>/proc/net/bonding/BOND</c> tells of a member's LACP and netlink does not (bond_procfs.c).</summary>
/// <param name="ActorChurn"><c>none</c>, <c>monitoring</c> or <c>churned</c>: whether this side found no aggregator in
/// time.</param>
/// <param name="PartnerChurn">The same of the partner.</param>
internal sealed record BondChurn(string ActorChurn, string PartnerChurn)
{
    /// <summary>The word for an aggregator that was not found in time.</summary>
    public const string Churned = "churned";
}

/// <summary>Reads <c>/proc/net/bonding</c>.</summary>
internal static class BondingProc
{
    private const string Member = "Slave Interface: ";
    private const string Actor = "Actor Churn State: ";
    private const string Partner = "Partner Churn State: ";

    /// <summary>Churn by the member's name; members without LACP are not in it.</summary>
    public static Reading<ImmutableDictionary<string, BondChurn>> Churn(HostPaths paths, string bond) =>
        paths.Files.Text(Path.Combine(paths.Proc, "net/bonding", bond)).Map(Parse);

    /// <summary>Reads the file's text.</summary>
    public static ImmutableDictionary<string, BondChurn> Parse(string text)
    {
        ImmutableDictionary<string, BondChurn>.Builder churn = ImmutableDictionary.CreateBuilder<string, BondChurn>();
        string? member = null;
        string? actor = null;
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith(Member, StringComparison.Ordinal))
            {
                (member, actor) = (line[Member.Length..], null);
            }
            else if (line.StartsWith(Actor, StringComparison.Ordinal))
            {
                actor = line[Actor.Length..];
            }
            else if (line.StartsWith(Partner, StringComparison.Ordinal) && member is not null && actor is not null)
            {
                churn[member] = new BondChurn(actor, line[Partner.Length..]);
            }
        }

        return churn.ToImmutable();
    }
}
