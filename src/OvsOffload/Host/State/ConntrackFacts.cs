using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>Connections that one PF tracks.</summary>
/// <param name="Pf">The PF.</param>
/// <param name="Offloaded">The count; absent where the driver tells none.</param>
internal sealed record ConntrackFacts(PciAddress Pf, Reading<long> Offloaded);
