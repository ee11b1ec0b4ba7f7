namespace OvsOffload.Netlink;

/// <summary>
/// What a device says of itself. Version names are the driver's: mlx5 has <c>fw.psid</c> (fixed), <c>fw.version</c> and
/// <c>fw</c> (running and stored). Stored and running differ when firmware was burned and the device not yet reset.
/// </summary>
internal sealed record DevlinkInfo
{
    public required DevlinkHandle Handle { get; init; }

    public string? Driver { get; init; }

    public string? Serial { get; init; }

    public string? BoardSerial { get; init; }

    public required IReadOnlyDictionary<string, string> FixedVersions { get; init; }

    public required IReadOnlyDictionary<string, string> RunningVersions { get; init; }

    public required IReadOnlyDictionary<string, string> StoredVersions { get; init; }

    public static DevlinkInfo Read(NetlinkMessage message)
    {
        var fixedVersions = new Dictionary<string, string>();
        var running = new Dictionary<string, string>();
        var stored = new Dictionary<string, string>();
        var info = new DevlinkInfo
        {
            Handle = DevlinkMessage.ReadHandle(message.Payload),
            FixedVersions = fixedVersions,
            RunningVersions = running,
            StoredVersions = stored,
        };
        var reader = new AttributeReader(message.Payload, GenericNetlink.HeaderLength, "devlink info");
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case DevlinkAttribute.InfoDriver:
                    info = info with { Driver = reader.String() };
                    break;
                case DevlinkAttribute.InfoSerial:
                    info = info with { Serial = reader.String() };
                    break;
                case DevlinkAttribute.InfoBoardSerial:
                    info = info with { BoardSerial = reader.String() };
                    break;
                case DevlinkAttribute.InfoFixed:
                    ReadVersion(reader.Nested(), fixedVersions);
                    break;
                case DevlinkAttribute.InfoRunning:
                    ReadVersion(reader.Nested(), running);
                    break;
                case DevlinkAttribute.InfoStored:
                    ReadVersion(reader.Nested(), stored);
                    break;
            }
        }

        return info;
    }

    private static void ReadVersion(AttributeReader reader, Dictionary<string, string> versions)
    {
        string? name = null;
        string? value = null;
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case DevlinkAttribute.InfoVersionName:
                    name = reader.String();
                    break;
                case DevlinkAttribute.InfoVersionValue:
                    value = reader.String();
                    break;
            }
        }

        versions[name ?? throw new NetlinkMalformedException("devlink info", "a version has no name")] =
            value ?? throw new NetlinkMalformedException("devlink info", $"version {name} has no value");
    }
}
