namespace OvsOffload.Netlink;

/// <summary>enum devlink_health_reporter_state, include/net/devlink.h.</summary>
internal enum DevlinkHealthState : byte
{
    Healthy = 0,
    Error = 1,
}

/// <summary>A health reporter of a device (mlx5: fw, fw_fatal, vnic) or of one of its ports (tx, rx).</summary>
internal sealed record DevlinkHealthReporter
{
    public required DevlinkHandle Handle { get; init; }

    /// <summary>The port that it watches; null for the whole device.</summary>
    public uint? PortIndex { get; init; }

    public required string Name { get; init; }

    public DevlinkHealthState State { get; init; }

    /// <summary>How many errors it reported since the driver was loaded.</summary>
    public ulong Errors { get; init; }

    /// <summary>How many recoveries it made since the driver was loaded.</summary>
    public ulong Recoveries { get; init; }

    /// <summary>How long after a recovery the next may begin; null where the reporter cannot recover.</summary>
    public TimeSpan? GracePeriod { get; init; }

    public bool? IsAutoRecovering { get; init; }

    public static DevlinkHealthReporter Read(NetlinkMessage message)
    {
        DevlinkHandle handle = DevlinkMessage.ReadHandle(message.Payload);
        uint? port = null;
        DevlinkHealthReporter? reporter = null;
        var reader = new AttributeReader(message.Payload, GenericNetlink.HeaderLength, "devlink health reporter");
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case DevlinkAttribute.PortIndex:
                    port = reader.UInt32();
                    break;
                case DevlinkAttribute.HealthReporter:
                    reporter = ReadNest(new DevlinkHealthReporter { Handle = handle, Name = "" }, reader.Nested());
                    break;
            }
        }

        return reporter is { Name.Length: > 0 }
            ? reporter with { PortIndex = port }
            : throw new NetlinkMalformedException("devlink health reporter", "no name");
    }

    private static DevlinkHealthReporter ReadNest(DevlinkHealthReporter reporter, AttributeReader reader)
    {
        while (reader.Read())
        {
            reporter = reader.Type switch
            {
                DevlinkAttribute.HealthReporterName => reporter with { Name = reader.String() },
                DevlinkAttribute.HealthReporterState =>
                    reporter with { State = (DevlinkHealthState)reader.Byte() },
                DevlinkAttribute.HealthReporterErrors => reporter with { Errors = reader.UInt64() },
                DevlinkAttribute.HealthReporterRecoveries => reporter with { Recoveries = reader.UInt64() },
                DevlinkAttribute.HealthReporterGracePeriod =>
                    reporter with { GracePeriod = Milliseconds(reader.UInt64()) },
                DevlinkAttribute.HealthReporterAutoRecover =>
                    reporter with { IsAutoRecovering = reader.Byte() != 0 },
                _ => reporter,
            };
        }

        return reporter;
    }

    /// <summary>Any period that is longer than .NET's longest counts as that one.</summary>
    private static TimeSpan Milliseconds(ulong value) =>
        value < (ulong)TimeSpan.MaxValue.TotalMilliseconds ? TimeSpan.FromMilliseconds(value) : TimeSpan.MaxValue;
}
