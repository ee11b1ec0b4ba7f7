using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;

namespace OvsOffload.Testing;

/// <summary>Ports of Open vSwitch, by the database or by the kernel alone.</summary>
internal static class SamplePorts
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>Bridges of the database; the first name is the bridge's own.</summary>
    public static SwitchPorts Of(params string[][] bridges) => SwitchPorts.None with
    {
        Database = Reading.Known(Rows([.. bridges.Select(names => Bridge(names, _ => null))])),
    };

    /// <summary>Bridges of which the second names of the first and of the second are patch ports, peers of each
    /// other.</summary>
    public static SwitchPorts Patched(params string[][] bridges) => SwitchPorts.None with
    {
        Database = Reading.Known(Rows([.. bridges.Select(names => Bridge(names, name =>
            name == bridges[0][1] ? bridges[1][1] : name == bridges[1][1] ? bridges[0][1] : null))])),
    };

    /// <summary>
    /// A datapath in the kernel with these ports, or none at all, and a database that does not answer; no daemon runs.
    /// </summary>
    public static SwitchPorts InKernel(params string[] ports) => SwitchPorts.None with
    {
        Database = Reading.Failed<OpenVSwitchDatabase>("/run/openvswitch/db.sock: Connection refused (ECONNREFUSED)"),
        Datapaths = Reading.Known<ImmutableArray<KernelDatapath>>(
            ports.Length == 0 ? [] : [new KernelDatapath(4, ports[0], [.. ports])]),
    };

    private static OpenVSwitchDatabase Rows(OvsBridge[] bridges) => new()
    {
        RootId = Guid.NewGuid(),
        OtherConfig = Nothing,
        ExternalIds = Nothing,
        NextCfg = 1,
        CurCfg = 1,
        Managers = [],
        Bridges = bridges,
    };

    private static OvsBridge Bridge(string[] names, Func<string, string?> peer) => new()
    {
        Id = Guid.NewGuid(),
        Name = names[0],
        DatapathType = "",
        Controllers = [],
        OtherConfig = Nothing,
        ExternalIds = Nothing,
        Ports = [.. names.Select(name => Port(name, peer(name)))],
    };

    private static OvsPort Port(string name, string? peer) => new()
    {
        Id = Guid.NewGuid(),
        Name = name,
        Trunks = [],
        ExternalIds = Nothing,
        OtherConfig = Nothing,
        Interfaces =
        [
            new OvsInterface
            {
                Id = Guid.NewGuid(),
                Name = name,
                Type = peer is null ? "" : "patch",
                IngressPolicingRate = 0,
                IngressPolicingBurst = 0,
                ExternalIds = Nothing,
                Options = peer is null ? Nothing : new Dictionary<string, string> { ["peer"] = peer },
                Status = Nothing,
                OtherConfig = Nothing,
            },
        ],
    };
}
