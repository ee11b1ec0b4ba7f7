namespace OvsOffload.OpenVSwitch;

/// <summary>The configuration and state of Open vSwitch as its database holds them, all of one moment.</summary>
/// <remarks>Columns are described in ovs-vswitchd.conf.db(5). One that the schema at hand lacks reads as empty or
/// null.</remarks>
internal sealed record OpenVSwitchDatabase
{
    /// <summary>Name of the database.</summary>
    public const string Name = "Open_vSwitch";

    /// <summary>Key of <see cref="DpdkConfigured"/>.</summary>
    public const string DpdkKey = "dpdk-init";

    /// <summary>Id of the only row of table Open_vSwitch.</summary>
    public required Guid RootId { get; init; }

    /// <summary>Version of ovs-vswitchd as the start script wrote it; null where it did not.</summary>
    public string? OvsVersion { get; init; }

    /// <summary>Version of the database's schema, as the start script wrote it.</summary>
    public string? DbVersion { get; init; }

    public required IReadOnlyDictionary<string, string> OtherConfig { get; init; }

    public required IReadOnlyDictionary<string, string> ExternalIds { get; init; }

    /// <summary>What <see cref="OtherConfig"/> says of offload, as ovs-vswitchd reads it.</summary>
    public SwitchSettings Settings => SwitchSettings.Of(OtherConfig);

    /// <summary>Whether ovs-vswitchd is told to offload, which it may not have taken up.</summary>
    public bool OffloadConfigured => Settings.HwOffload;

    /// <summary>
    /// Whether ovs-vswitchd is told to start DPDK: <c>true</c> or <c>try</c>, in any case of letters (lib/dpdk.c,
    /// dpdk_init).
    /// </summary>
    public bool DpdkConfigured => OtherConfig.GetValueOrDefault(DpdkKey) is { } init
        && (SwitchSettings.IsTrue(init) || init.Equals("try", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Where OVN's southbound database is (<c>external_ids:ovn-remote</c>): OVN manages this switch. Null where it does
    /// not.
    /// </summary>
    public string? OvnRemote => ExternalIds.GetValueOrDefault("ovn-remote");

    /// <summary>Number of the last change that somebody wants to see taken up.</summary>
    public required long NextCfg { get; init; }

    /// <summary>Number of the last change that ovs-vswitchd has taken up.</summary>
    public required long CurCfg { get; init; }

    /// <summary>Whether ovs-vswitchd has taken up the last change that somebody wants to see taken up.</summary>
    public bool IsTakenUp => CurCfg >= NextCfg;

    /// <summary>Who manages the database from elsewhere.</summary>
    public required IReadOnlyList<OvsTarget> Managers { get; init; }

    /// <summary>The bridges, by name.</summary>
    public required IReadOnlyList<OvsBridge> Bridges { get; init; }

    /// <summary>The interfaces of all bridges.</summary>
    public IEnumerable<OvsInterface> Interfaces => Bridges.SelectMany(bridge => bridge.Interfaces);

    /// <summary>The text of a key of <see cref="OtherConfig"/>, for evidence: <c>not set</c> where it is not.</summary>
    public string ValueText(string key) => OtherConfig.GetValueOrDefault(key, "not set");

    /// <summary>The name of the bridge that each interface is in, by the interface's name.</summary>
    public Dictionary<string, string> BridgesByInterface()
    {
        var bridges = new Dictionary<string, string>();
        foreach (OvsBridge bridge in Bridges)
        {
            foreach (OvsInterface one in bridge.Interfaces)
            {
                bridges[one.Name] = bridge.Name;
            }
        }

        return bridges;
    }

    /// <summary>Whether rows with these <c>external_ids</c> were created by this program.</summary>
    internal static bool IsManaged(IReadOnlyDictionary<string, string> externalIds) =>
        externalIds.TryGetValue(OpenVSwitchWriter.MarkKey, out string? mark) && mark == OpenVSwitchWriter.MarkValue;
}

/// <summary>A row of table Manager or Controller: <c>tcp:192.0.2.1:6653</c>, and whether there is a
/// connection.</summary>
internal sealed record OvsTarget(string Target, bool IsConnected);

/// <summary>A row of table Bridge with its ports.</summary>
internal sealed record OvsBridge
{
    /// <summary>The type of a datapath in the kernel.</summary>
    public const string KernelDatapath = "system";

    /// <summary>The type of a datapath in ovs-vswitchd itself.</summary>
    public const string UserspaceDatapath = "netdev";

    private const string Secure = "secure";

    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary><c>system</c>, <c>netdev</c>, .. ; empty means <c>system</c>.</summary>
    public required string DatapathType { get; init; }

    /// <summary>The same with the word that counts where it is empty.</summary>
    public string Datapath => DatapathType.Length == 0 ? KernelDatapath : DatapathType;

    /// <summary>Whether the kernel forwards, whose flows tc can offload.</summary>
    public bool UsesKernelDatapath => Datapath == KernelDatapath;

    /// <summary><c>secure</c> or <c>standalone</c>; null means <c>standalone</c>.</summary>
    public string? FailMode { get; init; }

    public required IReadOnlyList<OvsTarget> Controllers { get; init; }

    /// <summary>Whether ovs-vswitchd makes no OpenFlow rules of its own: something else writes them all.</summary>
    public bool IsSecure => FailMode == Secure;

    /// <summary>Whether a controller, or whoever else writes the OpenFlow rules, is in charge of it.</summary>
    public bool IsControlled => Controllers.Count > 0 || IsSecure;

    public required IReadOnlyDictionary<string, string> OtherConfig { get; init; }

    public required IReadOnlyDictionary<string, string> ExternalIds { get; init; }

    /// <summary>How many mirrors it has.</summary>
    public int Mirrors { get; init; }

    /// <summary>What it reports samples by: <c>sflow</c>, <c>netflow</c>, <c>ipfix</c>; empty for nothing.</summary>
    public IReadOnlyList<string> Samplers { get; init; } = [];

    /// <summary>The ports by name, the bridge's own of the same name included.</summary>
    public required IReadOnlyList<OvsPort> Ports { get; init; }

    /// <summary>The interfaces of all its ports.</summary>
    public IEnumerable<OvsInterface> Interfaces => Ports.SelectMany(port => port.Interfaces);

    /// <summary>Whether this program created the bridge.</summary>
    public bool IsManaged => OpenVSwitchDatabase.IsManaged(ExternalIds);
}

/// <summary>A row of table Port with its interfaces: more than one is a bond.</summary>
internal sealed record OvsPort
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>VLAN of an access port, 0 to 4095; null for a trunk.</summary>
    public long? Tag { get; init; }

    /// <summary>VLANs of a trunk; empty means all.</summary>
    public required IReadOnlyList<long> Trunks { get; init; }

    public string? BondMode { get; init; }

    public required IReadOnlyDictionary<string, string> ExternalIds { get; init; }

    public required IReadOnlyDictionary<string, string> OtherConfig { get; init; }

    public required IReadOnlyList<OvsInterface> Interfaces { get; init; }

    /// <summary>Whether this program created the port.</summary>
    public bool IsManaged => OpenVSwitchDatabase.IsManaged(ExternalIds);
}

/// <summary>A row of table Interface.</summary>
internal sealed record OvsInterface
{
    /// <summary>Key of <see cref="IfaceId"/> in <c>external_ids</c>.</summary>
    public const string IfaceIdKey = "iface-id";

    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary><c>internal</c>, <c>vxlan</c>, <c>dpdk</c>, .. ; empty means a netdev of the system.</summary>
    public required string Type { get; init; }

    /// <summary>OpenFlow port number; -1 when it could not be added, null before ovs-vswitchd has seen it.</summary>
    public long? OfPort { get; init; }

    /// <summary>Why it could not be configured, in ovs-vswitchd's words.</summary>
    public string? Error { get; init; }

    /// <summary><c>up</c> or <c>down</c>.</summary>
    public string? AdminState { get; init; }

    /// <summary><c>up</c> or <c>down</c>.</summary>
    public string? LinkState { get; init; }

    public string? MacInUse { get; init; }

    public long? Mtu { get; init; }

    /// <summary>
    /// The MTU in bytes that somebody asks for, which ovs-vswitchd sets whenever it configures its ports
    /// (iface_set_netdev_mtu, vswitchd/bridge.c); null where nobody does.
    /// </summary>
    public long? MtuRequest { get; init; }

    /// <summary>The kernel's index of the netdev.</summary>
    public long? IfIndex { get; init; }

    /// <summary>Policing of what the guest sends, in kbit/s; 0 means none.</summary>
    public required long IngressPolicingRate { get; init; }

    /// <summary>Burst of the policing, in kbit.</summary>
    public required long IngressPolicingBurst { get; init; }

    public required IReadOnlyDictionary<string, string> ExternalIds { get; init; }

    /// <summary>
    /// The name that an agent (Neutron, OVN, Cloudpods, a CNI plugin) gave it when it handed it to a guest; null where
    /// none did.
    /// </summary>
    public string? IfaceId => ExternalIds.GetValueOrDefault(IfaceIdKey);

    /// <summary>The guest that it belongs to, as libvirt and Nova write it; null where nobody did.</summary>
    public string? GuestId => ExternalIds.GetValueOrDefault("vm-uuid") ?? ExternalIds.GetValueOrDefault("vm-id");

    public required IReadOnlyDictionary<string, string> Options { get; init; }

    public required IReadOnlyDictionary<string, string> Status { get; init; }

    public required IReadOnlyDictionary<string, string> OtherConfig { get; init; }
}
