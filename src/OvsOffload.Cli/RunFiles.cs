namespace OvsOffload.Cli;

/// <summary>Files of the program that last as long as the boot.</summary>
internal static class RunFiles
{
    /// <summary>The directory; systemd makes it (<c>RuntimeDirectory=</c>), else the first apply does.</summary>
    public const string Directory = "/run/ovs-offload";

    /// <summary>The journal of the last apply.</summary>
    public const string Journal = Directory + "/journal";
}
