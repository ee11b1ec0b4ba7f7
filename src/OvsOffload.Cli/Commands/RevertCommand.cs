using System.CommandLine;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Cli.Commands;

/// <summary><c>revert</c>: takes away again what this program made.</summary>
internal static class RevertCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(GlobalOptions globals)
    {
        var only = new Argument<string?>("PF")
        {
            Description = "only this PF with its bond and bridges: a PCI address, an interface name or a MAC address",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var yes = new Option<bool>("--yes") { Description = "run without confirmation" };
        Option<bool> all = PlanText.Verbose();
        var command = new Command(
            "revert", "undo what ovs-offload changed; leave everything else alone")
        {
            only, yes, all,
        };
        command.SetAction((parsed, cancellation) =>
            RunAsync(
                parsed, globals, parsed.GetValue(only), parsed.GetValue(yes), parsed.GetValue(all), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, GlobalOptions globals, string? only, bool yes, bool all,
        CancellationToken cancellation)
    {
        if (Session.OpenConfigured(parsed, globals) is not { } session)
        {
            return ExitStatus.Usage;
        }

        PciAddress? pf = null;
        if (only is not null)
        {
            pf = Find(only, await session.Reader.ReadAsync(cancellation));
            if (pf is null)
            {
                return ExitStatus.Usage;
            }
        }

        bool isServed = false;
        using RunLock? service = Session.IsRoot ? TryTake(out isServed) : null;
        if (isServed)
        {
            Output.Error($"the service is running ({RunLock.HolderOf(HostPaths.Real, RunLock.Service)}) and would "
                + "apply everything again; stop it first: systemctl stop ovs-offload");
            return ExitStatus.Refused;
        }

        return await new PlanRun(session, PlanRunText.Revert(pf))
        {
            Goal = state => RevertGoal.Of(session.Intent, state, pf),
            Decide = (goal, state, _, _) => RevertPlanner.Plan(goal, state),
            IsAtomic = true,
            IsRevert = true,
            Json = parsed.GetValue(globals.Json),
            Yes = yes,
            Verbose = all,
        }.RunAsync(cancellation);
    }

    /// <summary>Keeps a service out; where the lock cannot be made no service has it, and the run says what is
    /// wrong.</summary>
    private static RunLock? TryTake(out bool isServed)
    {
        isServed = false;
        try
        {
            var service = RunLock.TryTake(HostPaths.Real, out _, RunLock.Service);
            isServed = service is null;
            return service;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The PF that an operator names; null when there is none, which has then been said.</summary>
    private static PciAddress? Find(string name, HostState state)
    {
        var node = new ScalarNode(SourcePosition.WholeFile("revert"), name, IsPlain: false);
        if (!AddressKinds.Pf.TryRead(node, "PF", new Problems(), out PfReference? reference))
        {
            Output.Error($"PF: found {ConfigurationNode.Quote(name)}; allowed: {AddressKinds.Pf.Allowed}");
            return null;
        }

        if (state.PhysicalFunctions.IsFailed)
        {
            Output.WarnIfUnreadable(state);
            return null;
        }

        if (state.Find(reference) is { } found)
        {
            return found.Address;
        }

        Output.Error($"{name}: this host has no such PF; see ovs-offload inventory");
        return null;
    }
}
