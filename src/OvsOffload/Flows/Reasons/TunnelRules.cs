using OvsOffload.Nics;

namespace OvsOffload.Flows;

/// <summary>Reasons of flows that come from a tunnel (<c>tunnel(..)</c> in the key) or go into one
/// (<c>set(tunnel(..))</c>).</summary>
internal static class TunnelRules
{
    /// <summary>Looks at a tunnel.</summary>
    /// <param name="whole">The attribute or action, as evidence.</param>
    /// <param name="tunnel">What is between its parentheses.</param>
    /// <param name="local">The name of this host's address in it: <c>dst</c> of what comes in, <c>src</c> of what goes
    /// out.</param>
    /// <param name="facts">The host.</param>
    /// <param name="shape">The flow.</param>
    /// <param name="verdict">Takes in reasons.</param>
    public static void Apply(
        ReadOnlySpan<byte> whole,
        ReadOnlySpan<byte> tunnel,
        ReadOnlySpan<byte> local,
        FlowReasonFacts facts,
        in FlowShape shape,
        ref FlowVerdict verdict)
    {
        if (shape.Userspace || facts.LocalAddresses.Values.Count == 0
            || (!FlowItems.TryFindValue(tunnel, local, out ReadOnlySpan<byte> address)
                && !FlowItems.TryFindValue(
                    tunnel, local.SequenceEqual("dst"u8) ? "ipv6_dst"u8 : "ipv6_src"u8, out address)))
        {
            return;
        }

        if (!facts.LocalAddresses.TryFind(address, out TunnelEndpoint? endpoint))
        {
            verdict.Consider(FlowReason.TunnelAddress, whole, "the address is not on any device of this host");
        }
        else if (!endpoint.OnUplink
            && !(endpoint.Internal && shape.Nic?.Nic is { } nic
                && nic[NicFeature.TunnelOnInternalPort] == SupportLevel.Full
                && NicRules.IsOldKernel(facts, shape.Nic, NicFeature.TunnelOnInternalPort) != true))
        {
            verdict.Consider(FlowReason.TunnelAddress, whole, endpoint.Words);
        }
    }
}
