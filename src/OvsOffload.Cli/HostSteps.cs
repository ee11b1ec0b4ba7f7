using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Cli;

/// <summary>Puts together what carries out steps on this host; disposing closes its sockets.</summary>
internal sealed class HostSteps : IDisposable
{
    private readonly GenericSession _generic = new();
    private readonly RouteSession _route = new();

    /// <summary>Puts it together.</summary>
    /// <param name="intent">Says how ovs-vswitchd may be restarted.</param>
    /// <param name="reader">Reads the host, for steps that wait for a proof.</param>
    /// <param name="sysfs">Writes sysfs; one for all runs of a process, because it knows which are stuck.</param>
    public HostSteps(OpenVSwitchIntent intent, HostReader reader, SysfsWriter sysfs)
    {
        HostPaths paths = HostPaths.Real;
        TimeProvider time = TimeProvider.System;
        var pci = new PciSteps(
            new PciFunctions(paths),
            new PciControl(paths, sysfs),
            new VfioHolders(paths));
        var links = new LinkSteps(_generic.Devlink, _route.Links, _generic.Ethtool, paths, time);
        var addresses = new AddressSteps(_route.Links, links, _route.IPStates, paths, time);
        var runner = new StepRunner(
            pci,
            new EswitchSteps(_generic.Devlink, pci, time),
            links,
            addresses,
            new BondSteps(_route.Links, links, addresses, reader.ReadAsync, time),
            new SwitchSteps(
                new OpenVSwitchWriter(Session.Database, time),
                new UnixctlClient(Session.Daemon, time),
                links,
                new ProcessRunner(time),
                OpenVSwitchRestart.Command(ServiceFacts.Read(paths), intent.RestartCommand),
                time),
            new AgentSteps(paths, new ProcessRunner(time)),
            new UdevSteps(paths, new ProcessRunner(time)));
        Runner = new RecordingRunner(runner, new ChangeRecords(paths));
    }

    /// <summary>Carries out steps, and keeps what they change for a way back.</summary>
    public IStepRunner Runner { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _generic.Dispose();
        _route.Dispose();
    }
}
