using System.Collections.Immutable;

namespace OvsOffload.Host;

/// <summary>What shows that Open vSwitch is installed on a host, be it running or not.</summary>
/// <param name="Signs">Files, units and devices that are there, each as the rest of a sentence; at least one.</param>
/// <param name="Database">What of ovsdb-server is there: its socket, its pid file, its unit.</param>
/// <param name="Daemon">The same of ovs-vswitchd.</param>
internal sealed record SwitchInstallation(ImmutableArray<string> Signs, string Database, string Daemon);
