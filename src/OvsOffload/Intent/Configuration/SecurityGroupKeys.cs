namespace OvsOffload.Intent.Configuration;

/// <summary>The keys under <c>security-groups</c>.</summary>
internal static class SecurityGroupKeys
{
    private const int MostBackends = 3;

    private static readonly SecurityGroupIntent Defaults = new();

    public static Key<SecurityGroupPolicy> Policy { get; } = new(
        "policy",
        ScalarKinds.OneOf(
            ("auto", SecurityGroupPolicy.Auto),
            ("keep", SecurityGroupPolicy.Keep),
            ("disable", SecurityGroupPolicy.Disable)),
        Defaults.Policy,
        "When security groups are switched off: auto where a NIC of the set is older than ConnectX-6 or the kernel "
        + "offloads no connection tracking, keep never, disable always.");

    public static Key<IReadOnlyList<SecurityGroupBackend>> Backends { get; } = new(
        "backends",
        new ListKind<SecurityGroupBackend>(
            "backends",
            ScalarKinds.OneOf(
                ("cloudpods", SecurityGroupBackend.Cloudpods),
                ("neutron", SecurityGroupBackend.Neutron),
                ("command", SecurityGroupBackend.Command)),
            0,
            MostBackends),
        Defaults.Backends,
        "Whose security groups are switched; without one nothing is changed, only said.");

    public static Section Section { get; } = new(
        "security-groups", "Security groups, which need connection tracking in hardware.", [Policy, Backends]);

    public static SecurityGroupIntent Read(SectionReader reader) => new()
    {
        Policy = reader.Read(Policy),
        Backends = reader.Read(Backends),
        Source = reader.Source,
    };

    public static void Write(SectionWriter writer, SecurityGroupIntent securityGroups)
    {
        writer.Write(Policy, securityGroups.Policy);
        writer.Write(Backends, securityGroups.Backends);
    }
}
