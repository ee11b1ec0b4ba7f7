namespace OvsOffload.Host;

/// <summary>Parts of an <see cref="Observation"/> that are read only where somebody needs them.</summary>
[Flags]
internal enum ObservationParts
{
    /// <summary>The host alone, which every observation has.</summary>
    HostOnly = 0,

    /// <summary>The flows of every datapath: a dump, during which ovs-vswitchd does nothing else.</summary>
    Flows = 1,

    /// <summary>The OpenFlow rules of every bridge.</summary>
    OpenFlow = 2,

    /// <summary>The journal of the last apply.</summary>
    Journal = 4,
}
