using OvsOffload.Os;

namespace OvsOffload.Netlink;

/// <summary>
/// The kernel's devlink interface (linux/devlink.h): e-switch modes, ports, parameters, versions and health of NICs.
/// Every method throws <see cref="DevlinkAbsentException"/> on a kernel without devlink and
/// <see cref="NetlinkException"/> when the kernel refuses; those that change something return the kernel's warning, or
/// null. Safe for concurrent use.
/// </summary>
/// <param name="channel">A channel of <see cref="NetlinkProtocol.Generic"/>.</param>
/// <param name="options">How long mode changes may take; null for the defaults.</param>
internal sealed class Devlink(INetlinkChannel channel, DevlinkOptions? options = null)
{
    private const string FamilyName = "devlink"; // DEVLINK_GENL_NAME

    private readonly DevlinkOptions _options = options ?? DevlinkOptions.Default;
    private GenericNetlinkFamily? _family;

    /// <summary>True when this kernel has devlink, and its module is loaded.</summary>
    public async Task<bool> IsPresentAsync(CancellationToken cancellationToken) =>
        await FindFamilyAsync(cancellationToken) is not null;

    public Task<IReadOnlyList<DevlinkDevice>> DevicesAsync(CancellationToken cancellationToken) =>
        DumpAsync(
            DevlinkCommand.DeviceGet,
            "devlink dev show",
            static message => DevlinkDevice.Read(message.Payload),
            cancellationToken);

    /// <summary>The e-switch of a device; <see cref="DevlinkEswitch.Unsupported"/> where it has none.</summary>
    public async Task<DevlinkEswitch> EswitchAsync(DevlinkHandle handle, CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = await BeginAsync(DevlinkCommand.EswitchGet, handle, cancellationToken);
        var request = new NetlinkRequest("devlink eswitch show", handle.ToString(), message);
        try
        {
            return await channel.GetAsync(request, DevlinkEswitch.Read, cancellationToken);
        }
        catch (NetlinkException exception) when (exception.Errno is Errno.EOPNOTSUPP or Errno.ENOTSUPP)
        {
            return DevlinkEswitch.Unsupported;
        }
    }

    /// <summary>
    /// Changes the mode: the uplink and representors come or go. The three modes are set one by one, because the kernel
    /// does not say at which of several it stopped.
    /// </summary>
    public Task<string?> SetEswitchModeAsync(
        DevlinkHandle handle,
        EswitchMode mode,
        CancellationToken cancellationToken)
        => SetEswitchAsync(
            handle,
            $"mode {mode.ToName()}",
            message => message.Attribute(DevlinkAttribute.EswitchMode, (ushort)mode),
            cancellationToken);

    public Task<string?> SetInlineModeAsync(
        DevlinkHandle handle,
        EswitchInlineMode mode,
        CancellationToken cancellationToken)
        => SetEswitchAsync(
            handle,
            $"inline-mode {mode.ToName()}",
            message => message.Attribute(DevlinkAttribute.EswitchInlineMode, (byte)mode),
            cancellationToken);

    public Task<string?> SetEncapModeAsync(
        DevlinkHandle handle,
        EswitchEncapMode mode,
        CancellationToken cancellationToken)
        => SetEswitchAsync(
            handle,
            $"encap-mode {mode.ToName()}",
            message => message.Attribute(DevlinkAttribute.EswitchEncapMode, (byte)mode),
            cancellationToken);

    /// <summary>The ports of all devices.</summary>
    public Task<IReadOnlyList<DevlinkPort>> PortsAsync(CancellationToken cancellationToken) =>
        DumpAsync<DevlinkPort>(
            DevlinkCommand.PortGet, "devlink port show", DevlinkPort.Read, cancellationToken);

    /// <summary>
    /// One parameter; null where the driver does not have it (the kernel then says EINVAL and no more).
    /// </summary>
    public async Task<DevlinkParameter?> ParameterAsync(
        DevlinkHandle handle,
        string name,
        CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = await BeginAsync(DevlinkCommand.ParameterGet, handle, cancellationToken);
        message.Attribute(DevlinkAttribute.ParameterName, name);
        var request = new NetlinkRequest($"devlink dev param show name {name}", handle.ToString(), message);
        try
        {
            return await channel.GetAsync(request, DevlinkParameter.Read, cancellationToken);
        }
        catch (NetlinkException exception) when (exception.Errno is Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            return null;
        }
    }

    public async Task<string?> SetParameterAsync(
        DevlinkHandle handle,
        string name,
        DevlinkParameterMode mode,
        DevlinkValue value,
        CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = await BeginAsync(DevlinkCommand.ParameterSet, handle, cancellationToken);
        message
            .Attribute(DevlinkAttribute.ParameterName, name)
            .Attribute(DevlinkAttribute.ParameterValueMode, (byte)mode)
            .Attribute(DevlinkAttribute.ParameterType, (byte)value.Type);
        value.Write(message);
        var request = new NetlinkRequest(
            $"devlink dev param set name {name} value {value}",
            handle.ToString(),
            message.ToArray(),
            _options.ChangeTimeout);
        return await channel.ChangeAsync(request, cancellationToken);
    }

    /// <summary>What a device says of itself; null where its driver does not tell.</summary>
    public async Task<DevlinkInfo?> InfoAsync(DevlinkHandle handle, CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = await BeginAsync(DevlinkCommand.InfoGet, handle, cancellationToken);
        var request = new NetlinkRequest("devlink dev info", handle.ToString(), message);
        try
        {
            return await channel.GetAsync(request, DevlinkInfo.Read, cancellationToken);
        }
        catch (NetlinkException exception) when (exception.Errno is Errno.EOPNOTSUPP)
        {
            return null;
        }
    }

    /// <summary>The health reporters of all devices and of all their ports.</summary>
    public Task<IReadOnlyList<DevlinkHealthReporter>> HealthReportersAsync(CancellationToken cancellationToken) =>
        DumpAsync<DevlinkHealthReporter>(
            DevlinkCommand.HealthReporterGet, "devlink health show", DevlinkHealthReporter.Read, cancellationToken);

    /// <summary>The multicast group that tells of changes, for a <see cref="DevlinkMonitor"/>.</summary>
    public async Task<GenericNetlinkFamily> FamilyAsync(CancellationToken cancellationToken) =>
        await FindFamilyAsync(cancellationToken) ?? throw new DevlinkAbsentException();

    private async Task<GenericNetlinkFamily?> FindFamilyAsync(CancellationToken cancellationToken) =>
        _family ??= await GenericNetlink.FindFamilyAsync(channel, FamilyName, cancellationToken);

    private async Task<NetlinkMessageWriter> BeginAsync(
        byte command,
        DevlinkHandle handle,
        CancellationToken cancellationToken)
    {
        GenericNetlinkFamily family = await FamilyAsync(cancellationToken);
        return GenericNetlink
            .Message(family.Id, command, DevlinkMessage.Version, NetlinkRequestFlags.Acknowledge)
            .Handle(handle);
    }

    private async Task<IReadOnlyList<T>> DumpAsync<T>(
        byte command,
        string operation,
        NetlinkObjectReader<T> read,
        CancellationToken cancellationToken)
    {
        GenericNetlinkFamily family = await FamilyAsync(cancellationToken);
        NetlinkMessageWriter message = GenericNetlink.Message(
            family.Id, command, DevlinkMessage.Version, NetlinkRequestFlags.Dump);
        return await channel.DumpListAsync(new NetlinkRequest(operation, "", message), read, cancellationToken);
    }

    private async Task<string?> SetEswitchAsync(
        DevlinkHandle handle,
        string setting,
        Action<NetlinkMessageWriter> write,
        CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = await BeginAsync(DevlinkCommand.EswitchSet, handle, cancellationToken);
        write(message);
        var request = new NetlinkRequest(
            $"devlink eswitch set {setting}", handle.ToString(), message.ToArray(), _options.ChangeTimeout);
        return await channel.ChangeAsync(request, cancellationToken);
    }
}

/// <summary>How long devlink's slow operations may take.</summary>
internal sealed record DevlinkOptions
{
    public static readonly DevlinkOptions Default = new();

    /// <summary>
    /// For a change of the e-switch or of a parameter; default 374 s: 120 s, and one for each of the 254 VFs that the
    /// largest cards have. 125 VFs of a ConnectX-6 Lx were reported to take 65 s, and giving up early would leave it
    /// going on unseen.
    /// </summary>
    public TimeSpan ChangeTimeout { get; init; } = TimeSpan.FromSeconds(120 + 254);
}

/// <summary>This kernel has no devlink, or its module is not loaded: no NIC of this host can be switched.</summary>
internal sealed class DevlinkAbsentException() : NetlinkException(
    "find generic netlink family",
    "devlink",
    Errno.ENOENT,
    "this kernel has no devlink (CONFIG_NET_DEVLINK), or no driver that uses it is loaded");
