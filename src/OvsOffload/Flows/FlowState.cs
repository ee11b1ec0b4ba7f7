namespace OvsOffload.Flows;

/// <summary>Who carries the packets of a flow; the higher, the further it got on its way to the hardware.</summary>
internal enum FlowState
{
    /// <summary>The line does not say, as in a dump made without <c>-m</c>.</summary>
    Unknown,

    /// <summary>Only the datapath in software.</summary>
    Software,

    /// <summary>tc has it, but the NIC refused it: <c>dp:tc</c> without <c>offloaded:yes</c>.</summary>
    TcNotInHardware,

    /// <summary>The NIC matches it, software does the actions: <c>offloaded:partial</c>.</summary>
    Partial,

    /// <summary>The NIC carries it: <c>offloaded:yes</c>.</summary>
    Offloaded,
}
