using System.Collections.Immutable;
using System.CommandLine;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Status;

namespace OvsOffload.Cli.Commands;

/// <summary><c>status</c>: one screen.</summary>
internal static class StatusCommand
{
    /// <summary>Lines of one kind, so that all of it stays one screen; the other commands show all.</summary>
    private const int MaxLines = 5;

    /// <summary>Makes the command.</summary>
    public static Command Create(GlobalOptions globals)
    {
        var command = new Command("status", "show PFs, bonds, Open vSwitch, flows and pending changes on one screen");
        command.SetAction(async (parsed, cancellation) =>
        {
            if (Session.Open(parsed, globals) is not { } session)
            {
                return ExitStatus.Usage;
            }

            Observation input =
                await session.Observations.ReadAsync(session.Intent, ObservationParts.Flows, cancellation);
            HostState state = input.State;
            Plan? plan = session.Configured ? Planner.Plan(session.Intent, state) : null;
            Output.WarnIfUnreadable(state);
            if (parsed.GetValue(globals.Json))
            {
                Output.Json(state, writer => StatusDocument.Write(writer, input, plan));
            }
            else
            {
                Write(input, plan);
            }

            return ExitStatus.Of(input);
        });
        return command;
    }

    private static void Write(Observation input, Plan? plan)
    {
        HostState state = input.State;
        if (state.PhysicalFunctions.IsFailed)
        {
            Output.Result("NICs: unreadable");
        }
        else if (state.KnownFunctions.IsEmpty)
        {
            Output.Result("no NIC with a physical function");
        }
        else
        {
            var table = new TextTable("PF", "DEVICE", "MODEL", "MODE", "VFS", "REPRESENTORS");
            foreach (PhysicalFunction pf in state.KnownFunctions)
            {
                table.Add(pf.Address.ToString(), pf.Uplink?.Name, pf.Model.Name,
                    InventoryDocument.ModeForPeople(pf) ?? "unreadable", Vfs(pf, input),
                    StatusDocument.Representors(pf)?.ToString() ?? "unreadable");
            }

            foreach (string line in table.Lines())
            {
                Output.Result(line);
            }
        }

        Output.Result("");
        WriteLimited(state.Bonds.ValueOr([]).Select(Line), "bonds (see status --json)");
        WriteSwitch(state.OpenVSwitch);
        WriteFlows(input.Flows);
        Output.Result("");
        ImmutableArray<UnreadFact> unread = UnreadFacts.Of(input);
        WritePlan(plan, !unread.IsEmpty);
        WriteLimited(unread.Select(fact => $"cannot read {fact}"), "(see status --json)");
    }

    private static string Line(BondState bond) =>
        $"{bond.Name} {bond.Mode?.ToName() ?? "(mode unknown)"}: {bond.Active.Count()} of {bond.Members.Length} "
        + $"members active, VF-LAG {bond.VfLag}";

    private static void WriteLimited(IEnumerable<string> lines, string more)
    {
        string[] all = [.. lines];
        foreach (string line in all.Take(MaxLines))
        {
            Output.Result(line);
        }

        if (all.Length > MaxLines)
        {
            Output.Result($"  and {all.Length - MaxLines} more {more}");
        }
    }

    private static string Vfs(PhysicalFunction pf, Observation input)
    {
        string now = pf.VfCount.Match(count => $"{count}", _ => "0", _ => "unreadable");
        string limit = pf.VfLimit.IsKnown ? $" (limit {pf.VfLimit.Value})" : "";
        return input.IntentOf(pf)?.Vfs is { } wanted ? $"{now} of {wanted}{limit}" : now + limit;
    }

    private static void WriteSwitch(OpenVSwitchState state)
    {
        if (!state.Database.TryGet(out OpenVSwitchDatabase? database))
        {
            Output.Result(state is { Database.IsAbsent: true, Installation.IsKnown: false }
                ? "no Open vSwitch"
                : $"Open vSwitch: ovsdb-server does not respond ({state.Database.Why})");
            return;
        }

        string configured = database.OffloadConfigured ? "configured" : "not configured";
        string effective = state.HwOffload.Match(
            effect => $"{(effect.IsActive ? "yes" : "no")} ({effect.Evidence})",
            why => $"unknown ({why})",
            why => $"unknown ({why})");
        string daemon = state.Daemon.Match(
            version => version, _ => "(ovs-vswitchd not running)", _ => "(ovs-vswitchd does not respond)");
        Output.Result($"Open vSwitch {daemon}: hw-offload {configured}; active: {effective}");
        WriteLimited(state.Agents.Select(agent => "  managed by another agent: "
            + $"{agent}"), "agents (see status --json)");
    }

    private static void WriteFlows(Reading<ImmutableArray<DatapathFlows>> flows)
    {
        foreach (DatapathFlows facts in flows.ValueOr([]))
        {
            Output.Result(
                $"flows of {facts.Datapath}: {facts.Flows.Offloaded} offloaded, {facts.Flows.Partial} partially, "
                + $"{facts.Flows.TcNotInHardware} in tc but not in the NIC, {facts.Flows.Software} in software"
                + (facts.Flows.Unknown > 0 ? $", {facts.Flows.Unknown} unknown" : "")
                + (facts.Truncated ? " (incomplete)" : ""));
        }
    }

    private static void WritePlan(Plan? plan, bool isBlind)
    {
        Output.Result(Standing(plan, isBlind));
        if (plan is not null)
        {
            WriteLimited(
                plan.Objections.Select(objection => $"  problem: {objection}"), "problems (see ovs-offload plan)");
            WriteLimited(
                plan.Pending.Select(pending => $"  pending: {pending}"), "pending actions (see ovs-offload plan)");
        }
    }

    /// <summary>Where the host stands against its configuration, in one sentence.</summary>
    /// <param name="plan">What is to be done; null without a configuration.</param>
    /// <param name="isBlind">Whether something that is needed could not be read.</param>
    public static string Standing(Plan? plan, bool isBlind) => plan switch
    {
        null => "no configuration: observing only" + (isBlind ? "; not everything could be read" : ""),
        { IsEmpty: true } when !isBlind => "the host matches the configuration",
        { Steps.IsEmpty: true, Objections.IsEmpty: true, Pending.IsEmpty: true } =>
            "unknown whether the host matches the configuration: not everything could be read",
        _ => $"{plan.Steps.Length} steps pending (ovs-offload plan)",
    };
}
