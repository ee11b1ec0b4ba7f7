namespace OvsOffload.Intent.Configuration;

/// <summary>The keys under <c>security-groups</c>.</summary>
internal static class SecurityGroupKeys
{
    private const int MaxBackends = 3;

    private const int MaxCommandWords = 64;

    private static readonly SecurityGroupIntent Defaults = new();

    public static Key<SecurityGroupPolicy> Policy { get; } = new(
        "policy",
        ScalarKinds.OneOf(
            ("auto", SecurityGroupPolicy.Auto),
            ("keep", SecurityGroupPolicy.Keep),
            ("disable", SecurityGroupPolicy.Disable)),
        Defaults.Policy,
        "When to disable security groups: auto if a switchdev NIC is older than ConnectX-6 or the kernel cannot "
        + "offload connection tracking, keep never, disable always.");

    public static Key<IReadOnlyList<SecurityGroupBackend>> Backends { get; } = new(
        "backends",
        new ListKind<SecurityGroupBackend>(
            "backends",
            ScalarKinds.OneOf(
                ("cloudpods", SecurityGroupBackend.Cloudpods),
                ("neutron", SecurityGroupBackend.Neutron),
                ("command", SecurityGroupBackend.Command)),
            0,
            MaxBackends),
        Defaults.Backends,
        "Which programs' security groups to set; without one nothing is changed, only reported.");

    public static Key<CloudpodsReach> Cloudpods { get; } = new(
        "cloudpods",
        ScalarKinds.OneOf(("host", CloudpodsReach.Host), ("cluster", CloudpodsReach.Cluster)),
        Defaults.Cloudpods,
        "What the backend cloudpods changes: host is this host's host_local.conf, cluster the ConfigMap default-host "
        + "(with kubectl), which disables filtering for the guests of every host.");

    public static Key<NeutronFirewall> NeutronDriver { get; } = new(
        "neutron-driver",
        ScalarKinds.OneOf(("noop", NeutronFirewall.Noop), ("iptables_hybrid", NeutronFirewall.IptablesHybrid)),
        Defaults.NeutronDriver,
        "What the backend neutron sets: noop filters no port of this host, iptables_hybrid continues to filter ports "
            + "with a tap device.");

    public static Key<IReadOnlyList<string>> RestartCommand { get; } = new(
        "restart-command",
        new ListKind<string>("words", NameKinds.CommandWord, 0, MaxCommandWords, mayRepeat: true),
        Defaults.RestartCommand,
        "Restart command of the backend's agent, starting with an absolute path. Default: the agent's unit.");

    public static Key<IReadOnlyList<string>> Command { get; } = new(
        "command",
        new ListKind<string>("words", NameKinds.CommandWord, 0, MaxCommandWords, mayRepeat: true),
        Defaults.Command,
        "The program of the backend command, starting with an absolute path. It is called with get (current state) "
            + "and set (desired state).");

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
