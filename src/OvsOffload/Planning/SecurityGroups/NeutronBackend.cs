using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Intent.Neutron;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Planning;

/// <summary>
/// Neutron with ML2/OVS: the section <c>securitygroup</c> of openvswitch_agent.ini, and a restart of the agent. It is
/// for all ports of the host. Under ML2/OVN there is no such file and nothing to be changed on a host.
/// </summary>
internal static class NeutronBackend
{
    private const string Section = "securitygroup", Enable = "enable_security_group", Driver = "firewall_driver";

    private const string Ovn =
        "this host runs OVN, where security groups belong to ports and are not switched off on a host, so nothing is "
        + "changed: use stateless ones for these guests (openstack security group create --stateless), or openstack "
        + "port set --no-security-group --disable-port-security PORT, which takes anti-spoofing too";

    /// <summary>How it stands to a decision.</summary>
    public static BackendStatus Evaluate(SecurityGroupIntent intent, HostState state, bool off)
    {
        var status = new BackendStatus(SecurityGroupBackend.Neutron);
        if (state.OpenVSwitch.Database.IsFailed)
        {
            return status with
            {
                Problem = $"cannot determine whether this host runs OVN: {state.OpenVSwitch.Database.Why}",
            };
        }

        OpenVSwitchDatabase? database = state.OpenVSwitch.Database.ValueOrDefault();
        if (database?.OvnRemote is not null)
        {
            return status with
            {
                Evidence = "ovs-vsctl get Open_vSwitch . external_ids:ovn-remote is set",
                Note = off ? Ovn : null,
            };
        }

        if (!state.SecurityGroups.Neutron.TryGet(out AgentFile? file))
        {
            return status with { Problem = state.SecurityGroups.Neutron.Why };
        }

        if (file.Text is not { } text)
        {
            return status with { Problem = $"{file.Path}: no longer exists" };
        }

        string enabled = intent.NeutronDriver == NeutronFirewall.IptablesHybrid ? "true" : "false";
        string driver = intent.NeutronDriver == NeutronFirewall.IptablesHybrid ? "iptables_hybrid" : "noop";
        if (!state.SecurityGroups.NeutronLater.TryGet(out ImmutableArray<AgentOverride> later))
        {
            return status with { Problem = state.SecurityGroups.NeutronLater.Why };
        }

        status = status with
        {
            Evidence = $"{file.Path}: [{Section}] {Enable}={IniText.Value(text, Section, Enable) ?? "(not set)"}, "
                + $"{Driver}={IniText.Value(text, Section, Driver) ?? "(not set)"}"
                + string.Concat(later.Select(one => Describe(one, Enable) + Describe(one, Driver))),
        };
        if (off && (OverridingFile(later, Enable, enabled) ?? OverridingFile(later, Driver, driver)) is { } against)
        {
            return status with { Problem = against, IsOverridden = true };
        }

        bool isSo = AreEqual(Enable, Effective(Enable), enabled) && AreEqual(Driver, Effective(Driver), driver);
        if (off ? isSo : file.Record is null)
        {
            return status with
            {
                Note = !off && isSo ? $"{Enable} is {enabled}, not set by ovs-offload; left unchanged" : null,
            };
        }

        string? Effective(string option) => later
            .Select(one => IniText.Value(one.Text, Section, option)).LastOrDefault(value => value is not null)
            ?? IniText.Value(text, Section, option);

        string to = off
            ? IniText.With(IniText.With(text, Section, Driver, driver), Section, Enable, enabled)
            : Back(text, file.Record!);
        ImmutableArray<string> restart = intent.RestartCommand.Count > 0
            ? [.. intent.RestartCommand]
            : state.SecurityGroups.NeutronRestart.ValueOr([]);
        return status with
        {
            Action = new SetAgentFile(file.Path, text, to)
            {
                Backend = SecurityGroupBackend.Neutron,
                Description = off ? $"[{Section}] {Enable}={enabled}, {Driver}={driver}" : $"[{Section}] as before",
                PreviousDescription = off
                    ? $"[{Section}] as before"
                    : $"[{Section}] {Enable}={enabled}, {Driver}={driver}",
                RecordFrom = file.Record,
                RecordTo = off
                    ? new AgentFileRecord(file.Path, file.Record is null ? text : file.Record.Before, to)
                    : null,
                Restart = restart,
            },
            Note = off && intent.NeutronDriver == NeutronFirewall.Noop
                ? "guests with a tap device (virtio) on this host are not filtered either, and have no anti-spoofing; "
                    + "neutron-driver: iptables_hybrid goes on filtering those, once Nova has plugged them again"
                : null,
            ManualFollowUp = restart.IsEmpty
                ? $"restart of Neutron's Open vSwitch agent: {state.SecurityGroups.NeutronRestart.Why}; restart it "
                    + "by hand, or name the command in security-groups.restart-command"
                : null,
        };
    }

    /// <summary>
    /// Which file read later says otherwise, and what to do; null where the last of those that set the option agrees.
    /// Such a file is often shared by more hosts than this one, so it is not written.
    /// </summary>
    private static string? OverridingFile(ImmutableArray<AgentOverride> later, string option, string wanted)
    {
        AgentOverride? last = later.LastOrDefault(one => IniText.Value(one.Text, Section, option) is not null);
        return last is null || AreEqual(option, IniText.Value(last.Text, Section, option), wanted)
            ? null
            : $"{last.Path} is read after openvswitch_agent.ini and says {option}="
                + $"{IniText.Value(last.Text, Section, option)}, which wins; set {option} = {wanted} there, or remove "
                + "it; nothing is changed until then";
    }

    private static bool AreEqual(string option, string? value, string wanted) => string.Equals(
        value, wanted, option == Enable ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    private static string Describe(AgentOverride file, string option) =>
        IniText.Value(file.Text, Section, option) is { } value ? $"; {file.Path}: {option}={value}" : "";

    /// <summary>The content as it was; where the file was changed since, only the two options.</summary>
    private static string Back(string text, AgentFileRecord record)
    {
        string before = record.Before ?? "";
        return text == record.After
            ? before
            : IniText.With(
                IniText.With(text, Section, Driver, IniText.Value(before, Section, Driver)),
                Section, Enable, IniText.Value(before, Section, Enable));
    }
}
