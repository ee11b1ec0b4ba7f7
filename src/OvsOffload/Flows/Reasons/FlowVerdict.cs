namespace OvsOffload.Flows;

/// <summary>Why one flow is not offloaded.</summary>
internal ref struct FlowVerdict
{
    private FlowReason _impossibleFrom = FlowReason.Unknown;
    private FlowReason _impossibleTo = FlowReason.HwOffloadOff;

    public FlowVerdict()
    {
    }

    /// <summary>The reason; <see cref="FlowReason.Unknown"/> until one is found.</summary>
    public FlowReason Reason { readonly get; private set; } = FlowReason.Unknown;

    /// <summary>Who says so.</summary>
    public ReasonSource Source { readonly get; private set; }

    /// <summary>The part of the flow's line that shows it; empty where it is not the line that does.</summary>
    public ReadOnlySpan<byte> Evidence { readonly get; private set; }

    /// <summary>What a log, a setting or the kernel says; null where the line says it all.</summary>
    public string? Message { readonly get; private set; }

    /// <summary>The flow's <c>recirc_id</c>; 0 at the beginning of the pipeline.</summary>
    public ulong RecircId { readonly get; set; }

    /// <summary>What the flow needs of kernel or NIC and nobody knows of them; null where nothing.</summary>
    public string? NotKnown { readonly get; set; }

    /// <summary>Takes a reason in, unless one that counts more was found.</summary>
    public void Consider(FlowReason reason, ReadOnlySpan<byte> evidence, string? words = null)
    {
        if (reason < Reason && (reason < _impossibleFrom || reason > _impossibleTo))
        {
            (Reason, Message) = (reason, words);
            Evidence = evidence;
        }
    }

    /// <summary>The kernel says so.</summary>
    public void Confirm(FlowReason reason, string words)
    {
        if (reason != Reason)
        {
            Evidence = default;
        }

        (Reason, Source, Message) = (reason, ReasonSource.Kernel, words);
    }

    /// <summary>The switch says so, in the flow's line.</summary>
    public void Say(FlowReason reason, ReadOnlySpan<byte> evidence)
    {
        (Reason, Source, Message) = (reason, ReasonSource.Switch, null);
        Evidence = evidence;
    }

    /// <summary>Says what would have to be known, where no reason was found.</summary>
    public void Explain(string? words) => Message ??= words;

    /// <summary>None of these can be the reason.</summary>
    public void Exclude(FlowReason first, FlowReason last) => (_impossibleFrom, _impossibleTo) = (first, last);
}

/// <summary>What the rules found in a flow on their way.</summary>
internal ref struct FlowShape
{
    public FlowState State;

    /// <summary>It lies in the userspace datapath, where tc and its ports have no part.</summary>
    public bool Userspace;
    public ReadOnlySpan<byte> InPortName;
    public FlowPort? InPort;

    /// <summary>The NIC that would carry it: that of the ingress port, else of an output.</summary>
    public FlowPort? Nic;
    public int Outputs;
    public int Actions;
    public bool IsIcmp;
    public bool IsFragment;

    /// <summary>It matches on connections.</summary>
    public ReadOnlySpan<byte> CtMatch;

    /// <summary>It sends packets through conntrack (not <c>ct_clear</c>).</summary>
    public ReadOnlySpan<byte> CtAction;

    /// <summary>It comes from, or goes to, another table of the datapath.</summary>
    public ReadOnlySpan<byte> Recirculation;

    /// <summary>It looks into one of the two lists of actions of check_pkt_len.</summary>
    public bool InLengthCheck;

    /// <summary>One of those lists sends packets to the CPU.</summary>
    public bool LengthCheckUsesCpu;

    /// <summary>It set addresses or ports.</summary>
    public ReadOnlySpan<byte> TupleSet;
}
