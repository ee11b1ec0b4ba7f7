using OvsOffload.Os;


namespace OvsOffload.OpenVSwitch;

/// <summary>Where ovsdb-server is, and how long and how much it is listened to.</summary>
internal sealed record OvsdbOptions
{
    /// <summary>The socket of the database server. Default <c>/run/openvswitch/db.sock</c>.</summary>
    public string SocketPath { get; init; } = "/run/openvswitch/db.sock";

    /// <summary>Where rows come from instead of the socket: those that a support bundle recorded. Null (the default)
    /// asks the server.</summary>
    public IOvsdbRows? Recorded { get; init; }

    /// <summary>Why the server is not asked although there may be a socket; null (the default) asks. A socket may
    /// belong to systemd, which starts the server at the first connection (Open vSwitch 4.0).</summary>
    public Func<string?> Unasked { get; init; } = static () => null;

    /// <summary>Why there is no server to ask, nor a record of one; null where there is, and where that cannot be told,
    /// so that asking it says why.</summary>
    public string? Absence => Recorded is { } recorded
        ? recorded.IsPresent ? null : $"no socket {SocketPath}"
        : Unasked() ?? (HostFile.IsAbsent(SocketPath) ? $"no socket {SocketPath}" : null);

    /// <summary>The longest a call to ovsdb-server may take. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that ovs-vswitchd may take to take a change up. Default 30 s: a dump of a million flows
    /// alone blocks its main thread for 8 s to 18 s.</summary>
    public TimeSpan ApplyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest message, in bytes. Default 64 MiB, which is a database of some 50 000 ports.</summary>
    public int MaxReplyBytes { get; init; } = 64 * 1024 * 1024;
}
