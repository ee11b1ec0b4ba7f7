using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Applying;

/// <summary>
/// Steps on Open vSwitch, over its database and control socket. Each returns whether it wrote anything.
/// </summary>
/// <param name="writer">The database.</param>
/// <param name="daemon">ovs-vswitchd.</param>
/// <param name="links">Finds devices.</param>
/// <param name="processes">Runs the restart.</param>
/// <param name="restart">How ovs-vswitchd is restarted on this host, or why that is unknown.</param>
/// <param name="time">The clock.</param>
internal sealed class SwitchSteps(
    OpenVSwitchWriter writer, UnixctlClient daemon, LinkSteps links, IProcessRunner processes,
    Reading<IReadOnlyList<string>> restart, TimeProvider time)
    : IStepClient
{
    /// <summary>The longest that ovs-vswitchd may take to answer after a restart.</summary>
    private static readonly RetryOptions RestartTimeout = new()
    {
        Delay = TimeSpan.FromMilliseconds(200),
        Limit = TimeSpan.FromSeconds(60),
    };

    /// <summary>How long the way back waits for a daemon that did not take up the change before.</summary>
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, string> NoIds = [];

    /// <summary>Writes after a write that ovs-vswitchd did not take up.</summary>
    private OpenVSwitchWriter? _impatient;

    /// <inheritdoc/>
    public Task<bool>? TryRunAsync(StepAction action, CancellationToken cancellation) => action switch
    {
        SetSwitchOption step => RunAsync(step, cancellation),
        AddBridge step => RunAsync(step, cancellation),
        DeleteBridge step => RunAsync(step, cancellation),
        AddPort step => RunAsync(step, cancellation),
        DeletePort step => RunAsync(step, cancellation),
        DeletePortOf step => RunAsync(step, cancellation),
        PurgeFlows => PurgeAsync(cancellation),
        RestartSwitch => RestartAsync(cancellation),
        _ => null,
    };

    /// <summary>Sets or removes a key of other_config.</summary>
    public async Task<bool> RunAsync(SetSwitchOption step, CancellationToken cancellation) =>
        (step.To is { } value
            ? await WriteAsync(to => to.SetOtherConfigAsync(step.Key, value, cancellation))
            : await WriteAsync(to => to.RemoveOtherConfigAsync(step.Key, cancellation))).Changed;

    /// <summary>Adds a bridge on the kernel's datapath.</summary>
    public async Task<bool> RunAsync(AddBridge step, CancellationToken cancellation) =>
        (await WriteAsync(to => to.AddBridgeAsync(
            step.Name,
            OvsBridge.KernelDatapath,
            NoIds,
            step.Address is { } address ? new Dictionary<string, string> { ["hwaddr"] = address.ToString() } : NoIds,
            cancellation))).Changed;

    /// <summary>Deletes a bridge of ours.</summary>
    public async Task<bool> RunAsync(DeleteBridge step, CancellationToken cancellation) =>
        (await WriteAsync(to => to.DeleteBridgeAsync(step.Name, cancellation))).Changed;

    /// <summary>Adds a port, and makes sure that ovs-vswitchd took it.</summary>
    public async Task<bool> RunAsync(AddPort step, CancellationToken cancellation)
    {
        Link device = await links.FindAsync(step.Device, cancellation);
        WriteOutcome outcome =
            await WriteAsync(to => to.AddPortAsync(step.Bridge, device.Name, null, NoIds, cancellation));
        if (outcome.InterfaceError is { } words)
        {
            await WriteAsync(to => to.DeletePortAsync(step.Bridge, device.Name, CancellationToken.None));
            throw new StepException(
                $"{step.Summary}: ovs-vswitchd reports for {device.Name}: {words}", 0, words, null, null);
        }

        return outcome.Changed;
    }

    /// <summary>Takes a port of ours out.</summary>
    public async Task<bool> RunAsync(DeletePort step, CancellationToken cancellation) =>
        (await WriteAsync(to => to.DeletePortAsync(step.Bridge, step.Port, cancellation))).Changed;

    /// <summary>Takes the port of a device out again.</summary>
    public async Task<bool> RunAsync(DeletePortOf step, CancellationToken cancellation)
    {
        Link device = await links.FindAsync(step.Device, cancellation);
        return (await WriteAsync(to => to.DeletePortAsync(step.Bridge, device.Name, cancellation))).Changed;
    }

    /// <summary>
    /// Writes and waits until ovs-vswitchd has taken it up. One that does not run would keep every step of the way back
    /// waiting as long as it kept the first.
    /// </summary>
    private async Task<WriteOutcome> WriteAsync(Func<OpenVSwitchWriter, Task<WriteOutcome>> write)
    {
        try
        {
            WriteOutcome outcome = await write(_impatient ?? writer);
            if (outcome.Changed)
            {
                _impatient = null;
            }

            return outcome;
        }
        catch (ConfigurationNotAppliedException)
        {
            _impatient = writer.WithApplyTimeout(ShortTimeout);
            throw;
        }
    }

    /// <summary>Lets ovs-vswitchd reinstall its flows.</summary>
    public async Task<bool> PurgeAsync(CancellationToken cancellation)
    {
        await daemon.RevalidatorPurgeAsync(cancellation);
        return true;
    }

    /// <summary>Restarts ovs-vswitchd and waits until it answers.</summary>
    public async Task<bool> RestartAsync(CancellationToken cancellation)
    {
        if (!restart.TryGet(out IReadOnlyList<string>? command))
        {
            throw new StepException(
                $"restart ovs-vswitchd: {restart.Why}; name the command in openvswitch.restart-command", 0, null, null,
                null);
        }

        await processes.RunAsync(
            new ProcessRequest(command) { Limit = TimeSpan.FromMinutes(2), Grace = ProcessRequest.GraceOfChange },
            cancellation);
        try
        {
            await RestartTimeout.WhileFailingAsync(
                daemon.VersionAsync, failure => failure is OpenVSwitchException, time, cancellation);
            return true;
        }
        catch (OpenVSwitchException failure)
        {
            throw new StepException(
                $"restart ovs-vswitchd ({string.Join(' ', command)}): {failure.Message}", 0, null, null, failure);
        }
    }
}
