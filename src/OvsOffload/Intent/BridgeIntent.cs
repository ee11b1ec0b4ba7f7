using System.Net;

namespace OvsOffload.Intent;

/// <summary>What the operator wants of one Open vSwitch bridge.</summary>
internal sealed record BridgeIntent
{
    /// <summary>Key <c>name</c>, required: the bridge's name, up to 15 bytes.</summary>
    public required string Name { get; init; }

    /// <summary>Key <c>uplink</c>, required.</summary>
    public required BridgeUplink Uplink { get; init; }

    /// <summary>Key <c>representors</c>.</summary>
    public RepresentorPorts Representors { get; init; } = RepresentorPorts.None;

    /// <summary>
    /// Key <c>addresses</c>: moved from the uplink to the bridge's own interface, or put there where no device has
    /// them.
    /// </summary>
    public IReadOnlyList<InterfaceAddress> Addresses { get; init; } = [];

    /// <summary>Key <c>managed</c>.</summary>
    public Management Managed { get; init; } = Management.Full;

    /// <summary>Where each key stands.</summary>
    public SourceMap Source { get; init; } = SourceMap.Defaults;
}

/// <summary>
/// What connects a bridge to the wire: a bond of the configuration, or one PF. Exactly one of the two is set.
/// </summary>
/// <param name="Bond">The name of a bond under <c>bonds</c>.</param>
/// <param name="Pf">A PF under <c>nics</c>.</param>
internal sealed record BridgeUplink(string? Bond, PfReference? Pf)
{
    public override string ToString() => Bond ?? Pf!.ToString();
}

/// <summary>Which representors the program itself adds to a bridge.</summary>
internal enum RepresentorPorts
{
    /// <summary>None: an agent plugs them. The default.</summary>
    None,

    /// <summary>Those of every VF of the uplink's PFs; refused where an agent is in charge of the bridge.</summary>
    All,
}

/// <summary>
/// An address with the length of its network's prefix, such as <c>192.0.2.10/24</c>; host bits are kept.
/// </summary>
internal sealed record InterfaceAddress(IPAddress Address, int PrefixLength)
{
    public override string ToString() => $"{Address}/{PrefixLength}";
}
