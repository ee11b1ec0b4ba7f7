namespace OvsOffload.Netlink;

/// <summary>A queue pair of an RDMA device: somebody's connection, or one of the kernel's own.</summary>
/// <param name="Device">The RDMA device, <c>mlx5_0</c>.</param>
/// <param name="Type">enum ib_qp_type, rdma/ib_verbs.h: 0 SMI, 1 GSI, 2 RC, ..</param>
/// <param name="Pid">The process that made it; null for the kernel's.</param>
/// <param name="Module">The kernel's module that made it, <c>nvme_rdma</c>; null for a process.</param>
internal sealed record RdmaQueuePair(string Device, byte Type, int? Pid, string? Module)
{
    private const byte Smi = 0, Gsi = 1; // IB_QPT_SMI, IB_QPT_GSI, rdma/ib_verbs.h

    /// <summary>
    /// What makes queue pairs for itself: the core (drivers/infiniband/core, its MAD agents) and the drivers of the
    /// NICs that this program knows (mlx5_ib registers memory through one).
    /// </summary>
    private static readonly string[] Own = ["ib_core", "mlx5_ib", "mlx4_ib", "bnxt_re", "irdma"];

    /// <summary>Whether the device has it for itself, so that nobody loses it.</summary>
    public bool IsOwn => Pid is null && (Type is Smi or Gsi || (Module is { } module && Own.Contains(module)));
}

/// <summary>
/// The queue pairs of RDMA devices (rdma/rdma_netlink.h, the kernel's drivers/infiniband/core/nldev.c). The kernel
/// shows all of them in the host's own PID namespace, and in others some. Safe for concurrent use.
/// </summary>
/// <param name="channel">A channel of <see cref="NetlinkProtocol.Rdma"/>.</param>
internal sealed class RdmaQueuePairs(INetlinkChannel channel)
{
    /// <summary>How the devices are asked for, in the words of iproute2.</summary>
    public const string ListDevices = "rdma dev show";

    /// <summary>Likewise the queue pairs of one.</summary>
    public const string ListQueuePairs = "rdma resource show qp";

    /// <summary>RDMA_NLDEV_ATTR_DEV_INDEX, u32.</summary>
    public const ushort DeviceIndex = 1;

    /// <summary>RDMA_NLDEV_ATTR_DEV_NAME.</summary>
    public const ushort DeviceName = 2;

    /// <summary>RDMA_NLDEV_ATTR_RES_QP, a list of <see cref="QueuePair"/>.</summary>
    public const ushort QueuePairList = 19;

    /// <summary>RDMA_NLDEV_ATTR_RES_QP_ENTRY.</summary>
    public const ushort QueuePair = 20;

    /// <summary>RDMA_NLDEV_ATTR_RES_TYPE, u8.</summary>
    public const ushort QueuePairType = 26;

    /// <summary>RDMA_NLDEV_ATTR_RES_PID, u32.</summary>
    public const ushort Process = 28;

    /// <summary>RDMA_NLDEV_ATTR_RES_KERN_NAME.</summary>
    public const ushort KernelName = 29;

    /// <summary>RDMA_NL_GET_TYPE(RDMA_NL_NLDEV, RDMA_NLDEV_CMD_GET).</summary>
    private const ushort GetDevice = (5 << 10) + 1;

    /// <summary>RDMA_NL_GET_TYPE(RDMA_NL_NLDEV, RDMA_NLDEV_CMD_RES_QP_GET).</summary>
    private const ushort GetQueuePair = (5 << 10) + 10;

    /// <summary>Those of all devices that are in the own network namespace.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public async Task<IReadOnlyList<RdmaQueuePair>> AllAsync(CancellationToken cancellationToken)
    {
        var all = new List<RdmaQueuePair>();
        var devices = new NetlinkMessageWriter(GetDevice, NetlinkRequestFlags.Dump);
        foreach ((uint index, string name) in await channel.DumpListAsync<(uint Index, string Name)>(
            new NetlinkRequest(ListDevices, "", devices), ReadDevice, cancellationToken))
        {
            NetlinkMessageWriter message =
                new NetlinkMessageWriter(GetQueuePair, NetlinkRequestFlags.Dump).Attribute(DeviceIndex, index);
            all.AddRange(await channel.DumpAsync(
                new NetlinkRequest(ListQueuePairs, name, message),
                static () => new List<RdmaQueuePair>(),
                (found, answer) => Read(answer.Payload, name, found),
                cancellationToken));
        }

        return all;
    }

    private static (uint Index, string Name) ReadDevice(NetlinkMessage message)
    {
        uint? index = null;
        string? name = null;
        var reader = new AttributeReader(message.Payload, "RDMA device");
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case DeviceIndex:
                    index = reader.UInt32();
                    break;
                case DeviceName:
                    name = reader.String();
                    break;
            }
        }

        return index is { } number && name is not null
            ? (number, name)
            : throw new NetlinkMalformedException("RDMA device", "it has no index or no name");
    }

    private static void Read(ReadOnlySpan<byte> payload, string device, List<RdmaQueuePair> found)
    {
        var reader = new AttributeReader(payload, "RDMA queue pairs");
        while (reader.Read())
        {
            if (reader.Type != QueuePairList)
            {
                continue;
            }

            AttributeReader list = reader.Nested();
            while (list.Read())
            {
                if (list.Type == QueuePair)
                {
                    found.Add(ReadOne(list.Nested(), device));
                }
            }
        }
    }

    private static RdmaQueuePair ReadOne(AttributeReader reader, string device)
    {
        byte? type = null;
        int? process = null;
        string? module = null;
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case QueuePairType:
                    type = reader.Byte();
                    break;
                case Process:
                    process = reader.Int32();
                    break;
                case KernelName:
                    module = reader.String();
                    break;
            }
        }

        return type is { } known
            ? new RdmaQueuePair(device, known, process, module)
            : throw new NetlinkMalformedException("RDMA queue pairs", "one has no type");
    }
}
