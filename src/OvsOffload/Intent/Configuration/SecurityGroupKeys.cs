namespace OvsOffload.Intent.Configuration;

/// <summary>The keys under <c>security-groups</c>.</summary>
internal static class SecurityGroupKeys
{
    private const int MostBackends = 3;

    private const int MostCommandWords = 64;

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

    public static Key<CloudpodsReach> Cloudpods { get; } = new(
        "cloudpods",
        ScalarKinds.OneOf(("host", CloudpodsReach.Host), ("cluster", CloudpodsReach.Cluster)),
        Defaults.Cloudpods,
        "Where the backend cloudpods writes: host is this host's host_local.conf, cluster the ConfigMap default-host, "
        + "by kubectl, which takes the filtering of every host's guests.");

    public static Key<NeutronFirewall> NeutronDriver { get; } = new(
        "neutron-driver",
        ScalarKinds.OneOf(("noop", NeutronFirewall.Noop), ("iptables_hybrid", NeutronFirewall.IptablesHybrid)),
        Defaults.NeutronDriver,
        "What the backend neutron sets: noop filters no port of this host, iptables_hybrid goes on filtering those "
            + "with a tap device.");

    public static Key<IReadOnlyList<string>> RestartCommand { get; } = new(
        "restart-command",
        new ListKind<string>("words", NameKinds.CommandWord, 0, MostCommandWords, mayRepeat: true),
        Defaults.RestartCommand,
        "How the agent of a backend is restarted; the program's absolute path first. Without it, the agent's unit is "
        + "found.");

    public static Key<IReadOnlyList<string>> Command { get; } = new(
        "command",
        new ListKind<string>("words", NameKinds.CommandWord, 0, MostCommandWords, mayRepeat: true),
        Defaults.Command,
        "The program of the backend command; its absolute path first. It is asked what is so, and told what is to be.");

    public static Section Section { get; } = new(
        "security-groups",
        "Security groups, which need connection tracking in hardware.",
        [Policy, Backends, Cloudpods, NeutronDriver, RestartCommand, Command]);

    public static SecurityGroupIntent Read(SectionReader reader) => new()
    {
        Policy = reader.Read(Policy),
        Backends = reader.Read(Backends),
        Cloudpods = reader.Read(Cloudpods),
        NeutronDriver = reader.Read(NeutronDriver),
        RestartCommand = reader.Read(RestartCommand),
        Command = reader.Read(Command),
        Source = reader.Source,
    };

    public static void Write(SectionWriter writer, SecurityGroupIntent securityGroups)
    {
        writer.Write(Policy, securityGroups.Policy);
        writer.Write(Backends, securityGroups.Backends);
        writer.Write(Cloudpods, securityGroups.Cloudpods);
        writer.Write(NeutronDriver, securityGroups.NeutronDriver);
        writer.Write(RestartCommand, securityGroups.RestartCommand);
        writer.Write(Command, securityGroups.Command);
    }
}
