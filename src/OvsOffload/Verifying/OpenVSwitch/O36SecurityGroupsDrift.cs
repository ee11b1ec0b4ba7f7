using OvsOffload.Planning;

namespace OvsOffload.Verifying;

/// <summary>An agent's setting of security groups is not what the policy wants.</summary>
internal sealed class O36SecurityGroupsDrift : Check
{
    public override CheckInfo Info { get; } = new(
        "O36",
        "security-groups-drift",
        CheckSeverity.Warning,
        "an agent's security groups are not as the policy wants them",
        """
        security-groups: in the configuration has a policy and backends: auto switches security groups off where the
        oldest NIC in switchdev mode, or the kernel, offloads no conntrack. A backend is what makes them: Cloudpods'
        host agent, Neutron's Open vSwitch agent, or a program of the site. Its own file is read (or it is asked) at
        each look: a deployment tool that writes the file anew takes the setting with it.

        It is a warning where a named backend differs from the decision; apply, or the service, brings it back. Without
        a backend nothing is changed, and that security groups ought to be off is told as info.
        """);

    public override IEnumerable<Finding> Examine(VerifyInput input)
    {
        if (input.State.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Host, Objects.Unread(input.State.PhysicalFunctions))];
        }

        if (input.State.KnownFunctions.IsEmpty)
        {
            return [Skip(Objects.Host, Objects.NoFunctions)];
        }

        SecurityGroupDecision decision = SecurityGroupDecision.Of(input.Intent, input.State);
        if (input.Intent.SecurityGroups.Backends.Count == 0)
        {
            return decision.Off switch
            {
                null => [Skip(Objects.Host, decision.Why)],
                false => [Ok(Objects.Host, decision.Why)],
                _ =>
                [
                    Found(
                        FindingStatus.Info, Objects.Host, "security groups ought to be off",
                        "security-groups.backends names none, so nothing is changed", decision.Why,
                        "name who makes them in security-groups.backends: cloudpods, neutron or command; or say "
                            + "policy: keep"),
                ],
            };
        }

        return SecurityGroupPlanner.Standings(input.Intent, input.State, decision)
            .Select(standing => Judge(standing, decision));
    }

    private Finding Judge(BackendStanding standing, SecurityGroupDecision decision)
    {
        string subject = $"backend {standing.Word}";
        if (standing is { IsOverridden: true, Problem: { } who })
        {
            return Found(FindingStatus.Warning, subject, Info.Title, standing.Evidence, decision.Why, who);
        }

        if (standing.Problem is { } problem)
        {
            return Skip(subject, Objects.OneLine(problem));
        }

        return standing.Action is { } action
            ? Found(
                FindingStatus.Warning, subject, Info.Title, standing.Evidence, decision.Why,
                $"ovs-offload apply, which does: {Objects.OneLine(action.Summary)}")
            : Ok(subject, standing.Evidence + (standing.Note is { } note ? $"; {note}" : ""));
    }
}
