using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Applying;

/// <summary>Carries out steps with the clients of the ground rooms, and reads back what each changed.</summary>
internal sealed class StepRunner(
    PciSteps pci, EswitchSteps eswitch, LinkSteps links, AddressSteps addresses, BondSteps bonds,
    SwitchSteps openVSwitch, AgentSteps agents, UdevSteps udev)
    : IStepRunner
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

    private Task<bool> DispatchAsync(StepAction action, CancellationToken cancellation) => action switch
    {
        SetVfCount step => pci.RunAsync(step, cancellation),
        SetDriversAutoprobe step => pci.RunAsync(step, cancellation),
        SetVfDriver step => pci.RunAsync(step, cancellation),
        SetSteeringMode step => eswitch.RunAsync(step, cancellation),
        SetEswitchMode step => eswitch.RunAsync(step, cancellation),
        SetInlineMode step => eswitch.RunAsync(step, cancellation),
        SetEncapMode step => eswitch.RunAsync(step, cancellation),
        WaitForRepresentors step => links.RunAsync(step, cancellation),
        SetVfMac step => links.RunAsync(step, cancellation),
        RestoreVfSettings step => links.RunAsync(step, cancellation),
        SetHwTcOffload step => links.RunAsync(step, cancellation),
        SetLinkUp step => links.RunAsync(step, cancellation),
        SetMtu step => links.RunAsync(step, cancellation),
        AddBond step => bonds.RunAsync(step, cancellation),
        DeleteBond step => bonds.RunAsync(step, cancellation),
        SetBondOptions step => bonds.RunAsync(step, cancellation),
        SetBondPrimary step => bonds.RunAsync(step, cancellation),
        AddBondMember step => bonds.RunAsync(step, cancellation),
        RemoveBondMember step => bonds.RunAsync(step, cancellation),
        WaitForVfLag step => bonds.RunAsync(step, cancellation),
        SetLinkAddress step => bonds.RunAsync(step, cancellation),
        MoveVlan step => bonds.RunAsync(step, cancellation),
        MoveAddresses step => addresses.RunAsync(step, cancellation),
        SaveRoutes step => addresses.RunAsync(step, cancellation),
        MoveRoutes step => addresses.RunAsync(step, cancellation),
        WaitForRouter step => addresses.RunAsync(step, cancellation),
        AddAddress step => addresses.RunAsync(step, cancellation),
        RemoveAddress step => addresses.RunAsync(step, cancellation),
        SetSwitchOption step => openVSwitch.RunAsync(step, cancellation),
        AddBridge step => openVSwitch.RunAsync(step, cancellation),
        DeleteBridge step => openVSwitch.RunAsync(step, cancellation),
        AddPort step => openVSwitch.RunAsync(step, cancellation),
        DeletePort step => openVSwitch.RunAsync(step, cancellation),
        DeletePortOf step => openVSwitch.RunAsync(step, cancellation),
        SetNameRules step => udev.RunAsync(step, cancellation),
        SetAgentFile step => agents.RunAsync(step, cancellation),
        SetConfigMap step => agents.RunAsync(step, cancellation),
        CallProgram step => agents.RunAsync(step, cancellation),
        PurgeFlows => openVSwitch.PurgeAsync(cancellation),
        RestartSwitch => openVSwitch.RestartAsync(cancellation),
        _ => throw new NotSupportedException($"nothing runs steps of kind {action.Kind}"),
    };
}
