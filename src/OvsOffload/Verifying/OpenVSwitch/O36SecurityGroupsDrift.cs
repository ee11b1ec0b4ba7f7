using OvsOffload.Host;
using OvsOffload.Planning;

namespace OvsOffload.Verifying;

/// <summary>An agent's setting of security groups is not what the policy wants.</summary>
internal sealed class O36SecurityGroupsDrift : Check
{
    public override CheckInfo Info { get; } = new(
        "O36",
        "security-groups-drift",
        CheckSeverity.Warning,
        "an agent's security groups do not match the policy",
        """
        security-groups: in the configuration has a policy and backends: auto disables security groups if the oldest NIC
        in switchdev mode, or the kernel, cannot offload conntrack. A backend is the program that implements them:
        Cloudpods' host agent, Neutron's Open vSwitch agent, or a command of the site. Its file or answer is read each
        time: a deployment tool that rewrites the file removes the setting.

        It is a warning if a configured backend does not match the policy; apply, or the service, corrects it. Without a
        backend nothing is changed, and security groups that should be disabled are reported as info.
        """);

    public override IEnumerable<Finding> Examine(Observation input)
    {
        if (input.State.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Host, Objects.UnreadableReason(input.State.PhysicalFunctions))];
        }

        if (input.State.KnownFunctions.IsEmpty)
        {
            return [Skip(Objects.Host, Objects.NoFunctions)];
        }

        var decision = SecurityGroupDecision.Of(input.Intent, input.State);
        if (input.Intent.SecurityGroups.Backends.Count == 0)
        {
            return decision.Off switch
            {
                null => [Skip(Objects.Host, decision.Why)],
                false => [Ok(Objects.Host, decision.Why)],
                _ =>
                [
                    Found(
                        FindingStatus.Info, Objects.Host, "security groups should be disabled",
                        "security-groups.backends is empty, so nothing is changed", decision.Why,
                        "set security-groups.backends to cloudpods, neutron or command; or set policy: keep"),
                ],
            };
        }

        return SecurityGroupPlanner.Statuses(input.Intent, input.State, decision)
            .Select(status => Evaluate(status, decision));
    }

    private Finding Evaluate(BackendStatus status, SecurityGroupDecision decision)
    {
        string subject = $"backend {status.Word}";
        if (status is { IsOverridden: true, Problem: { } who })
        {
            return Found(FindingStatus.Warning, subject, Info.Title, status.Evidence, decision.Why, who);
        }

        if (status.Problem is { } problem)
        {
            return Skip(subject, Objects.OneLine(problem));
        }

        return status.Action is { } action
            ? Found(
                FindingStatus.Warning, subject, Info.Title, status.Evidence, decision.Why,
                $"ovs-offload apply ({Objects.OneLine(action.Summary)})")
            : Ok(subject, status.Evidence + (status.Note is { } note ? $"; {note}" : ""));
    }
}
