using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Intent.Cloudpods;
using OvsOffload.Os;

namespace OvsOffload.Planning;

/// <summary>
/// Cloudpods: <c>disable_security_group</c>, which sdnagent reads. It leaves MAC and IP anti-spoofing on, by flows
/// without conntrack. The ConfigMap is one for the whole cluster, so by default this host's own host_local.conf is
/// written, which overrides it (options.Parse of Cloudpods, which sdnagent calls too).
/// </summary>
internal static class CloudpodsBackend
{
    private const string Option = HostConfFiles.DisableSecurityGroup;

    private const string NotOwned = $"{Option} is true, not set by ovs-offload; left unchanged";

    private const string ReloadNote =
        "sdnagent looks at its files every 13 seconds and restarts when they differ; releases of before 2026 may "
        + "not, and for them security-groups.restart-command names how it is restarted on this host";

    private const string Spoofing = "MAC and IP anti-spoofing without conntrack stays on";

    /// <summary>How the agents of all hosts are restarted, as Cloudpods' documents say.</summary>
    private static readonly ImmutableArray<string> Rollout =
        ["kubectl", "-n", ConfigMapText.Namespace, "rollout", "restart", "daemonset", "default-host"];

    /// <summary>How it stands to a decision.</summary>
    public static BackendStatus Evaluate(SecurityGroupIntent intent, SecurityGroupState state, bool off) =>
        intent.Cloudpods == CloudpodsReach.Cluster ? Cluster(intent, state, off) : Host(intent, state, off);

    private static BackendStatus Host(SecurityGroupIntent intent, SecurityGroupState state, bool off)
    {
        var status = new BackendStatus(SecurityGroupBackend.Cloudpods);
        if (!state.Cloudpods.TryGet(out CloudpodsState? cloudpods))
        {
            return status with { Problem = state.Cloudpods.Why };
        }

        AgentFile file = cloudpods.Local;
        Reading<bool?> local = HostConfEditor.Read(file.Path, file.Text ?? "");
        if (!local.TryGet(out bool? own))
        {
            return status with { Problem = local.Why };
        }

        bool? common = cloudpods.CommonDisables.IsKnown ? cloudpods.CommonDisables.Value ?? false : null;
        status = status with
        {
            Evidence = $"{file.Path}: {Option} {Word(own)}; common.conf: "
                + cloudpods.CommonDisables.Match(Word, why => why, why => why),
        };
        if (off ? (own ?? common) == true : file.Record is null)
        {
            return status with
            {
                Note = !off && (own ?? common) == true ? NotOwned : null,
            };
        }

        if (intent.RestartCommand.Count == 0)
        {
            status = status with { Note = ReloadNote };
        }

        return Change(status, file, off, (from, to) => new SetAgentFile(file.Path, from, to)
        {
            Backend = SecurityGroupBackend.Cloudpods,
            Description = "",
            PreviousDescription = "",
            Restart = [.. intent.RestartCommand],
        });
    }

    private static BackendStatus Cluster(SecurityGroupIntent intent, SecurityGroupState state, bool off)
    {
        var status = new BackendStatus(SecurityGroupBackend.Cloudpods);
        if (!state.ConfigMap.TryGet(out AgentFile? map))
        {
            return status with { Problem = state.ConfigMap.Why };
        }

        Reading<bool?> now = HostConfEditor.Read(map.Path, map.Text!);
        if (!now.TryGet(out bool? value))
        {
            return status with { Problem = now.Why };
        }

        status = status with { Evidence = $"{map.Path}: {Option} {Word(value)}" };
        if (off ? value == true : map.Record is null)
        {
            return status with
            {
                Note = !off && value == true ? NotOwned : null,
            };
        }

        return Change(status, map, off, (from, to) => new SetConfigMap(map.Path, from!, to ?? "")
        {
            Backend = SecurityGroupBackend.Cloudpods,
            Description = "",
            PreviousDescription = "",
            Restart = intent.RestartCommand.Count > 0 ? [.. intent.RestartCommand] : Rollout,
        });
    }

    private static BackendStatus Change(
        BackendStatus status, AgentFile file, bool off, Func<string?, string?, AgentAction> action)
    {
        Reading<bool?> before = HostConfEditor.Read(file.Path, file.Record?.Before ?? "");
        Reading<string?> to = off
            ? HostConfEditor.With(file.Path, file.Text ?? "", true).Map(text => (string?)text)
            : Back(file, before);
        if (!to.TryGet(out string? text))
        {
            return status with { Problem = to.Why };
        }

        return status with
        {
            Action = action(file.Text, text) with
            {
                Description = off ? $"{Option}: true ({Spoofing})" : $"{Option} as before",
                PreviousDescription = off ? $"{Option} as before" : $"{Option}: true",
                RecordFrom = file.Record,
                RecordTo = off
                    ? new AgentFileRecord(file.Path, file.Record is null ? file.Text : file.Record.Before, text)
                    : null,
            },
        };
    }

    /// <summary>The content as it was; where the file was changed since, only the option.</summary>
    private static Reading<string?> Back(AgentFile file, Reading<bool?> before)
    {
        if (file.Text is null || file.Text == file.Record!.After)
        {
            return Reading.Known(file.Text is null ? null : file.Record!.Before);
        }

        return before.Then(value => HostConfEditor.With(file.Path, file.Text, value))
            .Map(text => text.Length == 0 && file.Record.Before is null ? null : (string?)text);
    }

    private static string Word(bool? value) => value switch
    {
        true => "is true",
        false => "is false",
        null => "is not set",
    };
}
