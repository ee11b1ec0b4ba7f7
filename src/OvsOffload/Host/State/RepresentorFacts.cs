using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>A representor with its counters.</summary>
/// <param name="Pf">The PF whose e-switch it is a port of.</param>
/// <param name="Port">The function's port and its device.</param>
/// <param name="Bridge">The Open vSwitch bridge that it is a port of; null for none.</param>
/// <param name="Counters">
/// All traffic of the function and the part through the host's CPU; null when the device went away meanwhile.
/// </param>
internal sealed record RepresentorFacts(PciAddress Pf, FunctionPort Port, string? Bridge, LinkCounters? Counters);
