namespace OvsOffload.OpenVSwitch;

/// <summary>Where ovs-vswitchd is, and how long and how much it is listened to.</summary>
internal sealed record UnixctlOptions
{
    /// <summary>The control socket itself; null (the default) finds it by the pid file in the run directory.</summary>
    public string? SocketPath { get; init; }

    /// <summary>Where answers come from instead of the socket: those that a support bundle recorded. Null (the
    /// default) asks the daemon.</summary>
    public IUnixctlAnswers? Answers { get; init; }

    /// <summary>The run directory of Open vSwitch; null (the default) means the first of <c>/run/openvswitch</c> and
    /// <c>/var/run/openvswitch</c> that holds a pid file.</summary>
    public string? RunDirectory { get; init; }

    /// <summary>The longest a call may take from connecting to the end of its answer. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest silence while a dump is awaited or read. Default 60 s: ovs-vswitchd builds the whole text
    /// before it sends the first byte, which took it 8 s to 18 s for a million flows.</summary>
    public TimeSpan DumpSilence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest that a dump may take, however steadily it comes. Default 10 min: a million flows took less
    /// than a tenth of that.</summary>
    public TimeSpan DumpTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest answer of a call, in bytes on the wire; dumps have no bound. Default 16 MiB.</summary>
    public int MaxReplyBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>The size of the one buffer that a dump passes through. Default 256 KiB, above
    /// <see cref="MaxRecordBytes"/>.</summary>
    public int DumpBufferBytes { get; init; } = 256 * 1024;

    /// <summary>The longest line of a dump that is handed out whole, in bytes. Default 64 KiB.</summary>
    public int MaxRecordBytes { get; init; } = 64 * 1024;
}
