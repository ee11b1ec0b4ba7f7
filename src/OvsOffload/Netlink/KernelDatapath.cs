using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <summary>A datapath of Open vSwitch in the kernel; it forwards also while no daemon runs.</summary>
/// <param name="Index">Interface index of its local port's device, by which the kernel names it.</param>
/// <param name="Name">The name of that device, <c>ovs-system</c>.</param>
/// <param name="Ports">The names of its ports' devices, its own included.</param>
internal sealed record KernelDatapath(int Index, string Name, ImmutableHashSet<string> Ports);

/// <summary>
/// The datapaths that Open vSwitch's kernel module has in the own network namespace, with their ports
/// (linux/openvswitch.h: generic netlink families ovs_datapath and ovs_vport). Needs neither ovsdb-server nor
/// ovs-vswitchd. Safe for concurrent use.
/// </summary>
/// <param name="channel">A channel of <see cref="NetlinkProtocol.Generic"/>.</param>
internal sealed class KernelDatapaths(INetlinkChannel channel)
{
    /// <summary>How the datapaths are asked for, in the words of Open vSwitch's own tool.</summary>
    public const string ListDatapaths = "ovs-dpctl dump-dps";

    /// <summary>Likewise their ports.</summary>
    public const string ListPorts = "ovs-dpctl show";

    /// <summary>GENL_HDRLEN and struct ovs_header, whose one field is the datapath's interface index.</summary>
    public const int HeaderLength = GenericNetlink.HeaderLength + sizeof(int);

    /// <summary>OVS_DP_ATTR_NAME.</summary>
    public const ushort DatapathName = 1;

    /// <summary>OVS_VPORT_ATTR_NAME.</summary>
    public const ushort PortName = 3;

    private const string DatapathFamily = "ovs_datapath"; // OVS_DATAPATH_FAMILY
    private const string PortFamily = "ovs_vport"; // OVS_VPORT_FAMILY
    private const byte DatapathVersion = 2; // OVS_DATAPATH_VERSION
    private const byte PortVersion = 1; // OVS_VPORT_VERSION
    private const byte Get = 3; // OVS_DP_CMD_GET, OVS_VPORT_CMD_GET

    /// <summary>
    /// All of them; none where the module is not loaded. The kernel loads it when it is asked for a family that it does
    /// not have: so this is asked only where a device of the module is there.
    /// </summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public async Task<ImmutableArray<KernelDatapath>> AllAsync(CancellationToken cancellationToken)
    {
        if (await GenericNetlink.FindFamilyAsync(channel, DatapathFamily, cancellationToken) is not { } datapaths
            || await GenericNetlink.FindFamilyAsync(channel, PortFamily, cancellationToken) is not { } ports)
        {
            return [];
        }

        ImmutableArray<KernelDatapath>.Builder all = ImmutableArray.CreateBuilder<KernelDatapath>();
        foreach ((int index, string name) in await DumpAsync(
            ListDatapaths, datapaths, DatapathVersion, "", 0, DatapathName, cancellationToken))
        {
            all.Add(new KernelDatapath(index, name,
            [
                .. (await DumpAsync(ListPorts, ports, PortVersion, name, index, PortName, cancellationToken))
                    .Select(port => port.Name),
            ]));
        }

        return all.ToImmutable();
    }

    private async Task<IReadOnlyList<(int Datapath, string Name)>> DumpAsync(
        string operation, GenericNetlinkFamily family, byte version, string objectName, int datapath,
        ushort nameAttribute, CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message =
            GenericNetlink.Message(family.Id, Get, version, NetlinkRequestFlags.Dump).Fixed(datapath);
        return await channel.DumpListAsync(
            new NetlinkRequest(operation, objectName, message),
            answer => Read(answer.Payload, nameAttribute),
            cancellationToken);
    }

    private static (int Datapath, string Name) Read(ReadOnlySpan<byte> payload, ushort nameAttribute)
    {
        string? name = null;
        var reader = new AttributeReader(payload, HeaderLength, "Open vSwitch datapath");
        while (reader.Read())
        {
            if (reader.Type == nameAttribute)
            {
                name = reader.String();
            }
        }

        return name is not null
            ? (MemoryMarshal.Read<int>(payload[GenericNetlink.HeaderLength..]), name)
            : throw new NetlinkMalformedException("Open vSwitch datapath", "no name");
    }
}
