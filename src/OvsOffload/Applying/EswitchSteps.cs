using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Applying;

/// <summary>Steps on e-switches, over devlink. Each returns whether it wrote anything.</summary>
internal sealed class EswitchSteps(Devlink devlink, PciSteps pci, TimeProvider time) : IStepClient
{
    private const string SteeringParameter = "flow_steering_mode";

    /// <summary>
    /// A busy e-switch is tried again for about 13 s in all: mlx5 holds its lock while tc filters are being deleted.
    /// </summary>
    private static readonly RetryOptions Busy = new()
    {
        Retries = 8,
        Delay = TimeSpan.FromMilliseconds(100),
        LongestDelay = TimeSpan.FromSeconds(4),
    };

    /// <inheritdoc/>
    public Task<bool>? TryRunAsync(StepAction action, CancellationToken cancellation) => action switch
    {
        SetSteeringMode step => RunAsync(step, cancellation),
        SetEswitchMode step => RunAsync(step, cancellation),
        SetInlineMode step => RunAsync(step, cancellation),
        SetEncapMode step => RunAsync(step, cancellation),
        _ => null,
    };

    /// <summary>Changes the mode; a refusal carries the VFs that it met.</summary>
    public async Task<bool> RunAsync(SetEswitchMode step, CancellationToken cancellation)
    {
        DevlinkHandle handle = Handle(step.Pf);
        EswitchMode? before = (await devlink.EswitchAsync(handle, cancellation)).Mode;
        if (before == step.To)
        {
            return false;
        }

        VfsPresent met = pci.VfsOf(step.Pf);
        try
        {
            await Busy.WhileFailingAsync(
                token => devlink.SetEswitchModeAsync(handle, step.To, token),
                failure => failure is NetlinkException refusal
                    && RefusalClassifier.IsTransient((int)refusal.Errno, refusal.ExtendedAck?.Message),
                time,
                cancellation);
        }
        catch (NetlinkException failure)
        {
            throw new StepException(
                failure.Message, (int)failure.Errno, failure.ExtendedAck?.Message, met, failure)
            {
                ChangedNothing = await ModeAsync(handle) == before,
            };
        }

        EswitchMode? now = (await devlink.EswitchAsync(handle, cancellation)).Mode;
        return now == step.To
            ? true
            : throw new StepException(
                $"{step.Summary}: the driver accepted it, but the mode is {now?.ToName() ?? "unknown"}; see dmesg", 0,
                null, null, null);
    }

    /// <summary>Sets the inline mode.</summary>
    public async Task<bool> RunAsync(SetInlineMode step, CancellationToken cancellation)
    {
        DevlinkHandle handle = Handle(step.Pf);
        if ((await devlink.EswitchAsync(handle, cancellation)).InlineMode == step.To)
        {
            return false;
        }

        await devlink.SetInlineModeAsync(handle, step.To, cancellation);
        return true;
    }

    /// <summary>Sets the encap mode.</summary>
    public async Task<bool> RunAsync(SetEncapMode step, CancellationToken cancellation)
    {
        DevlinkHandle handle = Handle(step.Pf);
        if ((await devlink.EswitchAsync(handle, cancellation)).EncapMode == step.To)
        {
            return false;
        }

        await devlink.SetEncapModeAsync(handle, step.To, cancellation);
        return true;
    }

    /// <summary>Sets the steering mode.</summary>
    public async Task<bool> RunAsync(SetSteeringMode step, CancellationToken cancellation)
    {
        DevlinkHandle handle = Handle(step.Pf);
        DevlinkParameter? now = await devlink.ParameterAsync(handle, SteeringParameter, cancellation);
        if (now?.ValueIn(DevlinkParameterMode.Runtime)?.Text == step.To)
        {
            return false;
        }

        await devlink.SetParameterAsync(
            handle, SteeringParameter, DevlinkParameterMode.Runtime, DevlinkValue.Of(step.To), cancellation);
        return true;
    }

    /// <summary>The mode after a refusal; null where it cannot be read.</summary>
    private async Task<EswitchMode?> ModeAsync(DevlinkHandle handle)
    {
        try
        {
            return (await devlink.EswitchAsync(handle, CancellationToken.None)).Mode;
        }
        catch (NetlinkException)
        {
            return null;
        }
    }

    private static DevlinkHandle Handle(PciAddress pf) => DevlinkHandle.Pci(pf.ToString());
}
