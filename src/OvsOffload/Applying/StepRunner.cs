using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Applying;

/// <summary>Hands each step to the client whose kind it is, and says what failed in the words of steps.</summary>
internal sealed class StepRunner(params IReadOnlyList<IStepClient> clients) : IStepRunner
{
    /// <inheritdoc/>
    public async Task<StepResult> RunAsync(StepAction action, CancellationToken cancellation)
    {
        try
        {
            bool done = await DispatchAsync(action, cancellation);
            return done ? StepResult.Done : StepResult.Skipped;
        }
        catch (NetlinkException failure)
        {
            throw new StepException(
                failure.Message, (int)failure.Errno, failure.ExtendedAck?.Message, vfs: null, failure);
        }
        catch (Exception failure) when (failure is SysfsException or OpenVSwitchException or ProcessException)
        {
            throw new StepException(failure.Message, 0, null, vfs: null, failure)
            {
                IsWritten = failure is ConfigurationNotAppliedException,

                // A step on Open vSwitch is one transaction, which ovsdb-server refuses as a whole (RFC 7047, 4.1.3).
                ChangedNothing = failure is ConfigurationConflictException or RowNotManagedException
                    or OvsdbOperationException,
            };
        }
    }

    private Task<bool> DispatchAsync(StepAction action, CancellationToken cancellation)
    {
        foreach (IStepClient client in clients)
        {
            if (client.TryRunAsync(action, cancellation) is { } run)
            {
                return run;
            }
        }

        throw new NotSupportedException($"nothing runs steps of kind {action.Kind}");
    }
}
