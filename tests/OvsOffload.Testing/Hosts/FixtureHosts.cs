namespace OvsOffload.Testing;

/// <summary>A healthy host of each kind.</summary>
internal static class FixtureHosts
{
    public static IReadOnlyDictionary<string, HostDescription> All { get; } = ((HostDescription[])
    [
        ConnectX4LxHost.Describe(), ConnectX5Host.Describe(), ConnectX6DxHost.Describe(), ConnectX7BondHost.Describe(),
        I350Host.Describe(), ConnectX3ProHost.Describe(),
    ]).ToDictionary(host => host.Name);
}
