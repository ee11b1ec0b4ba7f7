namespace OvsOffload.Netlink;

/// <summary>The netlink protocols that this program speaks (linux/netlink.h).</summary>
internal enum NetlinkProtocol
{
    /// <summary>NETLINK_ROUTE: links, addresses, routes, statistics, traffic control.</summary>
    Route = 0,

    /// <summary>NETLINK_XFRM: IPsec.</summary>
    Ipsec = 6,

    /// <summary>NETLINK_GENERIC: devlink, ethtool.</summary>
    Generic = 16,

    /// <summary>NETLINK_RDMA: RDMA devices and who uses them.</summary>
    Rdma = 20,
}

/// <summary>NLM_F_* of requests, linux/netlink.h.</summary>
[Flags]
internal enum NetlinkRequestFlags : ushort
{
    /// <summary>NLM_F_REQUEST: on every request.</summary>
    Request = 0x1,

    /// <summary>NLM_F_ACK: the kernel ends its answer with an NLMSG_ERROR, whose error is 0 on success.</summary>
    Acknowledge = 0x4,

    /// <summary>NLM_F_DUMP = NLM_F_ROOT | NLM_F_MATCH, on a request to get: all objects.</summary>
    Dump = 0x300,

    /// <summary>NLM_F_REPLACE, on a request to create: an existing object is changed.</summary>
    Replace = 0x100,

    /// <summary>NLM_F_EXCL, on a request to create: an existing object is an error.</summary>
    Exclusive = 0x200,

    /// <summary>NLM_F_CREATE, on a request to create: create what does not exist.</summary>
    Create = 0x400,

    /// <summary>NLM_F_APPEND, on a request to create: add to a list.</summary>
    Append = 0x800,
}

/// <summary>NLM_F_* of answers, linux/netlink.h.</summary>
[Flags]
internal enum NetlinkReplyFlags : ushort
{
    /// <summary>NLM_F_MULTI: part of an answer that ends with NLMSG_DONE.</summary>
    Multi = 0x2,

    /// <summary>NLM_F_DUMP_INTR: what is dumped changed meanwhile, the dump may lack or repeat objects.</summary>
    DumpInterrupted = 0x10,

    /// <summary>NLM_F_CAPPED, on an NLMSG_ERROR: it carries only the header of the request.</summary>
    Capped = 0x100,

    /// <summary>NLM_F_ACK_TLVS, on NLMSG_ERROR and NLMSG_DONE: extended ack attributes follow.</summary>
    AcknowledgeAttributes = 0x200,
}

/// <summary>The message types below NLMSG_MIN_TYPE, which belong to netlink itself (linux/netlink.h).</summary>
internal static class NetlinkControlType
{
    /// <summary>NLMSG_NOOP.</summary>
    public const ushort Noop = 1;

    /// <summary>NLMSG_ERROR: an error, or with error 0 an acknowledgement.</summary>
    public const ushort Error = 2;

    /// <summary>NLMSG_DONE: the end of a dump.</summary>
    public const ushort Done = 3;

    /// <summary>NLMSG_OVERRUN: messages were lost.</summary>
    public const ushort Overrun = 4;
}
