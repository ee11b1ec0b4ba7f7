using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Planning;

/// <summary>
/// Plans security groups: says what ought to be, and where the configuration names backends, how they get there. It
/// never blocks NICs and Open vSwitch: what cannot be done is reported as pending.
/// </summary>
internal static class SecurityGroupPlanner
{
    /// <summary>Guests that are named one by one.</summary>
    private const int MaxNamed = 32;

    /// <summary>Adds the steps that follow from a decision.</summary>
    public static void Plan(HostIntent intent, HostState state, SecurityGroupDecision decision, PlanDraft draft)
    {
        if (intent.SecurityGroups.Backends.Count == 0)
        {
            if (!decision.NeedsNothing)
            {
                draft.Note(Unchanged(decision, Limited(FilteredGuests.Of(state))));
            }

            return;
        }

        bool acts = false;
        foreach (BackendStatus status in Statuses(intent, state, decision))
        {
            if (status.Action is { } action)
            {
                acts = true;
                draft.Add(action, decision.Why, Disrupts(action, intent.SecurityGroups, state));
            }

            if (status.Problem is { } problem)
            {
                draft.AddPending($"security groups, backend {status.Word}: {problem}");
            }

            if (status.ManualFollowUp is { } afterwards)
            {
                draft.AddPending($"security groups, backend {status.Word}: {afterwards}");
            }

            if (status.Note is { } note)
            {
                draft.Note($"security groups, backend {status.Word}: {note}");
            }
        }

        if (!acts && !decision.NeedsNothing)
        {
            draft.Note(decision.Why);
        }
    }

    /// <summary>How each backend of the configuration stands to the decision.</summary>
    public static ImmutableArray<BackendStatus> Statuses(
        HostIntent intent, HostState state, SecurityGroupDecision decision)
    {
        ImmutableArray<BackendStatus>.Builder statuses = ImmutableArray.CreateBuilder<BackendStatus>();
        foreach (SecurityGroupBackend backend in intent.SecurityGroups.Backends)
        {
            statuses.Add(StatusOf(backend, intent, state, decision));
        }

        return statuses.ToImmutable();
    }

    private static BackendStatus StatusOf(
        SecurityGroupBackend backend, HostIntent intent, HostState state, SecurityGroupDecision decision) =>
        (decision.Off, backend) switch
        {
            (null, _) => new BackendStatus(backend) { Problem = decision.Why },
            ({ } off, SecurityGroupBackend.Cloudpods) =>
                CloudpodsBackend.Evaluate(intent.SecurityGroups, state.SecurityGroups, off),
            ({ } off, SecurityGroupBackend.Neutron) => NeutronBackend.Evaluate(intent.SecurityGroups, state, off),
            ({ } off, _) => Program(intent.SecurityGroups, state, decision, off),
        };

    private static BackendStatus Program(
        SecurityGroupIntent intent, HostState state, SecurityGroupDecision decision, bool off)
    {
        var status = new BackendStatus(SecurityGroupBackend.Command);
        if (!state.SecurityGroups.Program.TryGet(out ProgramState? program))
        {
            return status with { Problem = state.SecurityGroups.Program.Why };
        }

        status = status with
        {
            Evidence = $"{intent.Command[0]} says {(program.IsOff ? "disabled" : "enabled")}",
        };
        if (program.IsOff == off)
        {
            return status;
        }

        if (!off && program.Record is null)
        {
            return status with { Note = "security groups are off, not switched off by ovs-offload; left unchanged" };
        }

        return status with
        {
            Action = new CallProgram([.. intent.Command], program.IsOff, off)
            {
                Backend = SecurityGroupBackend.Command,
                Description = off ? "security groups off" : "security groups on",
                PreviousDescription = off ? "security groups on" : "security groups off",
                RecordFrom = program.Record,
                RecordTo = off ? new AgentFileRecord(intent.Command[0], "enabled", "disabled") : null,
                Reason = decision.Reason,
                Why = decision.Why,
                Guests = FilteredGuests.Of(state),
            },
        };
    }

    private static IEnumerable<string> Disrupts(AgentAction action, SecurityGroupIntent intent, HostState state)
    {
        bool back = action.RecordTo is null;
        bool hybrid = action.Backend == SecurityGroupBackend.Neutron
            && intent.NeutronDriver == NeutronFirewall.IptablesHybrid;
        ImmutableArray<string> guests = Limited(FilteredGuests.Of(state, hybrid));
        return (back, guests.IsEmpty) switch
        {
            (true, _) => ["flows of guests get conntrack again, which this NIC or kernel may not offload"],
            (false, true) => ["no guest is plugged in now; later ones are not filtered"],
            _ => guests.Select(guest => $"loses its filtering: {guest}"),
        };
    }

    private static ImmutableArray<string> Limited(ImmutableArray<string> guests) => guests.Length <= MaxNamed
        ? guests
        : [.. guests[..MaxNamed], $"and {guests.Length - MaxNamed} more"];

    private static string Unchanged(SecurityGroupDecision decision, ImmutableArray<string> guests)
    {
        if (decision.Off != true)
        {
            return decision.Why;
        }

        return $"{decision.Why}; nothing is changed, because security-groups.backends names none"
            + (guests.IsEmpty ? "" : $"; guests that would lose their filtering: {string.Join("; ", guests)}");
    }
}
