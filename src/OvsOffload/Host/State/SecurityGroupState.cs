using System.Collections.Immutable;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>How security groups stand with the agents that make them.</summary>
internal sealed record SecurityGroupState
{
    /// <summary>The state of a host that has none of the agents.</summary>
    public static SecurityGroupState None { get; } = new()
    {
        Cloudpods = Reading.Absent<CloudpodsState>("no /etc/yunion on this host"),
        Neutron = Reading.Absent<AgentFile>("no openvswitch_agent.ini on this host"),
        NeutronRestart = Reading.Absent<ImmutableArray<string>>(
            "no unit neutron-openvswitch-agent on this host"),
        ConfigMap = Reading.Absent<AgentFile>("security-groups.cloudpods is not cluster"),
        Program = Reading.Absent<ProgramState>("the backend command is not configured"),
    };

    /// <summary>The files of Cloudpods' host agent. Absent: it is not on this host.</summary>
    public Reading<CloudpodsState> Cloudpods { get; init; }

    /// <summary>The configuration of Neutron's Open vSwitch agent. Absent: it is not on this host.</summary>
    public Reading<AgentFile> Neutron { get; init; }

    /// <summary>
    /// What Neutron's agent reads after its openvswitch_agent.ini, in its order: of two equal options the later counts.
    /// </summary>
    public Reading<ImmutableArray<AgentOverride>> NeutronLater { get; init; } =
        Reading.Known(ImmutableArray<AgentOverride>.Empty);

    /// <summary>How Neutron's agent is restarted, as arguments. Absent: it has no unit here.</summary>
    public Reading<ImmutableArray<string>> NeutronRestart { get; init; }

    /// <summary>Cloudpods' ConfigMap. Absent: nobody asked for it.</summary>
    public Reading<AgentFile> ConfigMap { get; init; }

    /// <summary>What the site's program says. Absent: nobody asked it.</summary>
    public Reading<ProgramState> Program { get; init; }
}

/// <summary>A file that is read after another one and may override it.</summary>
/// <param name="Path">The file, as the host names it.</param>
/// <param name="Text">Its content, one character for one byte.</param>
internal sealed record AgentOverride(string Path, string Text);

/// <summary>The files of Cloudpods' host agent below <c>/etc/yunion</c>.</summary>
/// <param name="Local">host_local.conf, which overrides the others and is this host's own.</param>
/// <param name="CommonDisables">
/// <c>disable_security_group</c> in common.conf; null where that does not set it. Absent: no such file, as on
/// Kubernetes, where only the agent's container has it.
/// </param>
internal sealed record CloudpodsState(AgentFile Local, Reading<bool?> CommonDisables);

/// <summary>What the site's program says.</summary>
/// <param name="IsOff">Whether security groups are off.</param>
/// <param name="Record">What this program has told it; null where it has not.</param>
internal sealed record ProgramState(bool IsOff, AgentFileRecord? Record);
