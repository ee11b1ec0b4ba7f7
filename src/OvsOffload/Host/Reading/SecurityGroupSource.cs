using System.Collections.Immutable;
using System.Text;
using OvsOffload.Intent;
using OvsOffload.Intent.Cloudpods;
using OvsOffload.Os;
using OvsOffload.Platform;

namespace OvsOffload.Host;

/// <summary>
/// Reads how security groups stand with the agents. Files are read wherever they are; kubectl and the site's program
/// are run only where the configuration names them.
/// </summary>
internal sealed class SecurityGroupSource(HostPaths paths, IProcessRunner processes)
{
    /// <summary>The name of the agent's unit in Debian, Ubuntu and RDO.</summary>
    public const string NeutronUnit = "neutron-openvswitch-agent";

    private const string Yunion = "/etc/yunion";

    private const string LocalConf = $"{Yunion}/host_local.conf";

    private const string CommonConf = $"{Yunion}/common/common.conf";

    private const string OldCommonConf = $"{Yunion}/common.conf";

    private static readonly TimeSpan ProgramLimit = TimeSpan.FromSeconds(20);

    /// <summary>Where distributions, and kolla, have the file.</summary>
    private static readonly string[] NeutronFiles =
    [
        "/etc/neutron/plugins/ml2/openvswitch_agent.ini",
        "/etc/kolla/neutron-openvswitch-agent/openvswitch_agent.ini",
    ];

    /// <summary>Where Neutron's files are; others may hold secrets of which nobody knows.</summary>
    private static readonly string[] NeutronFolders = ["/etc/neutron/", "/usr/share/neutron/", "/etc/kolla/"];

    private readonly AgentFileRecords _records = new(paths);

    /// <summary>
    /// Whether a file is an agent's own, or this program's record of one: it may hold the agent's secrets.
    /// </summary>
    public static bool IsAgentFile(string file) =>
        NeutronFolders.Any(folder => file.StartsWith(folder, StringComparison.Ordinal))
        || file is LocalConf or CommonConf or OldCommonConf
        || file.StartsWith(AgentFileRecords.InRoot + "/", StringComparison.Ordinal);

    /// <summary>Reads.</summary>
    public async Task<SecurityGroupState> ReadAsync(SecurityGroupIntent intent, CancellationToken cancellation) => new()
    {
        Cloudpods = Cloudpods(intent),
        Neutron = Neutron(),
        NeutronLater = NeutronLater().Then(Overrides),
        NeutronRestart = paths.Files.IsDirectory(Path.Combine(paths.Run, "systemd/system"))
            && ServiceFacts.IsInstalled(paths, NeutronUnit)
                ? Reading.Known(ImmutableArray.Create("systemctl", "restart", $"{NeutronUnit}.service"))
                : SecurityGroupState.None.NeutronRestart,
        ConfigMap = intent.Cloudpods == CloudpodsReach.Cluster
            && intent.Backends.Contains(SecurityGroupBackend.Cloudpods)
            ? await ConfigMapAsync(cancellation)
            : SecurityGroupState.None.ConfigMap,
        Program = intent.Command.Count > 0 && intent.Backends.Contains(SecurityGroupBackend.Command)
            ? await ProgramAsync(intent.Command, cancellation)
            : SecurityGroupState.None.Program,
    };

    private Reading<CloudpodsState> Cloudpods(SecurityGroupIntent intent)
    {
        if (!paths.Files.IsDirectory(At(Yunion)))
        {
            return SecurityGroupState.None.Cloudpods;
        }

        // In cluster reach the record is the ConfigMap's.
        Reading<AgentFileRecord?> record = intent.Cloudpods == CloudpodsReach.Host
            ? _records.Read(SecurityGroupBackend.Cloudpods)
            : Reading.Known<AgentFileRecord?>(null);
        string common = CommonConf;
        Reading<string> commonText = Text(common);
        if (commonText.IsAbsent)
        {
            common = OldCommonConf;
            commonText = Text(common);
        }

        return File(LocalConf, record).Map(local => new CloudpodsState(
            local, commonText.Then(text => HostConfEditor.Read(common, text))));
    }

    /// <summary>
    /// Every file that may say how security groups stand, there or not, as the host names it; of a directory that is
    /// read whole the directory too.
    /// </summary>
    public IReadOnlyList<string> Files() =>
    [
        LocalConf, CommonConf, OldCommonConf, .. NeutronFiles,
        .. NeutronArguments().ValueOr([]).Where(IsAgentFile),
        .. NeutronLater().ValueOr([]),
    ];

    /// <summary>
    /// The files that the agent's unit names behind openvswitch_agent.ini, those of a --config-dir in the order of
    /// their names: so oslo.config reads them. RDO names conf.d/common and conf.d/neutron-openvswitch-agent, Debian and
    /// Ubuntu none; the directories that oslo.config takes by default come before the files that are named.
    /// </summary>
    private Reading<ImmutableArray<string>> NeutronLater() => NeutronArguments().Then(arguments =>
    {
        ImmutableArray<string>.Builder files = ImmutableArray.CreateBuilder<string>();
        foreach (string path in arguments)
        {
            if (!IsAgentFile(path))
            {
                return Reading.Failed<ImmutableArray<string>>(
                    $"unit {NeutronUnit}.service reads {path}, which is outside of {NeutronFolders[0]} and may "
                        + "override openvswitch_agent.ini; it is not read");
            }

            if (!paths.Files.IsDirectory(At(path)))
            {
                files.Add(path);
                continue;
            }

            Reading<IReadOnlyList<string>> names = paths.Files.Names(At(path));
            if (names.IsFailed)
            {
                return Reading.Failed<ImmutableArray<string>>(names.Why);
            }

            // What a shell's *.conf gives: no names that begin with a dot.
            files.AddRange(names.ValueOr([])
                .Where(name => name.EndsWith(".conf", StringComparison.Ordinal) && name[0] != '.')
                .Select(name => $"{path.TrimEnd('/')}/{name}"));
        }

        return Reading.Known(files.ToImmutable());
    });

    /// <summary>What the agent's unit names behind openvswitch_agent.ini; nothing where it names none, or there is no
    /// unit.</summary>
    private Reading<ImmutableArray<string>> NeutronArguments()
    {
        Reading<IReadOnlyList<string>> command = UnitCommand.Read(paths, NeutronUnit);
        if (!command.TryGet(out IReadOnlyList<string>? words))
        {
            return command.IsAbsent
                ? Reading.Known(ImmutableArray<string>.Empty)
                : Reading.Failed<ImmutableArray<string>>(command.Why);
        }

        var named = new List<string>();
        for (int at = 0; at < words.Count; at++)
        {
            foreach (string option in new[] { "--config-file", "--config-dir" })
            {
                if (words[at] == option && at + 1 < words.Count)
                {
                    named.Add(words[at + 1]);
                }
                else if (words[at].StartsWith(option + "=", StringComparison.Ordinal))
                {
                    named.Add(words[at][(option.Length + 1)..]);
                }
            }
        }

        int own = named.FindLastIndex(path => NeutronFiles.Contains(path) || path == "/etc/neutron/plugin.ini");
        return Reading.Known<ImmutableArray<string>>(own < 0 ? [] : [.. named.Skip(own + 1)]);
    }

    private Reading<ImmutableArray<AgentOverride>> Overrides(ImmutableArray<string> files)
    {
        ImmutableArray<AgentOverride>.Builder overrides = ImmutableArray.CreateBuilder<AgentOverride>();
        foreach (string file in files)
        {
            Reading<string> text = Text(file);
            if (text.IsFailed)
            {
                return Reading.Failed<ImmutableArray<AgentOverride>>(text.Why);
            }

            if (text.TryGet(out string? known))
            {
                overrides.Add(new AgentOverride(file, known));
            }
        }

        return Reading.Known(overrides.ToImmutable());
    }

    private Reading<AgentFile> Neutron()
    {
        string? path = NeutronFiles.FirstOrDefault(candidate => !Text(candidate).IsAbsent);
        return path is null
            ? SecurityGroupState.None.Neutron
            : File(path, _records.Read(SecurityGroupBackend.Neutron));
    }

    private Reading<AgentFile> File(string path, Reading<AgentFileRecord?> record)
    {
        Reading<string> text = Text(path);
        return text.IsFailed
            ? Reading.Failed<AgentFile>(text.Why)
            : record.Map(known => new AgentFile(path, text.ValueOrDefault(), known?.Object == path ? known : null));
    }

    private async Task<Reading<AgentFile>> ConfigMapAsync(CancellationToken cancellation)
    {
        Reading<AgentFileRecord?> record = _records.Read(SecurityGroupBackend.Cloudpods);
        string name = $"ConfigMap {ConfigMapText.Name}";
        try
        {
            string text = await new Kubectl(processes)
                .ReadAsync(ConfigMapText.Namespace, ConfigMapText.Name, ConfigMapText.Key, cancellation);
            string bytes = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
            return record.Map(known => new AgentFile(name, bytes, known?.Object == name ? known : null));
        }
        catch (Exception failure) when (failure is ProcessException or FormatException)
        {
            return Reading.Failed<AgentFile>(failure.Message);
        }
    }

    private async Task<Reading<ProgramState>> ProgramAsync(
        IReadOnlyList<string> command, CancellationToken cancellation)
    {
        try
        {
            ProcessResult said = await processes.RunAsync(
                new ProcessRequest(command)
                {
                    Limit = ProgramLimit,
                    Environment = new Dictionary<string, string> { ["OVS_OFFLOAD_OPERATION"] = "get" },
                },
                cancellation);
            bool? off = said.Output.Trim() switch
            {
                "disabled" => true,
                "enabled" => false,
                _ => null,
            };
            return off is { } known
                ? _records.Read(SecurityGroupBackend.Command).Map(record =>
                    new ProgramState(known, record?.Object == command[0] ? record : null))
                : Reading.Failed<ProgramState>(
                    $"{command[0]}: with OVS_OFFLOAD_OPERATION=get it printed neither enabled nor disabled");
        }
        catch (ProcessException failure)
        {
            return Reading.Failed<ProgramState>(failure.Message);
        }
    }

    /// <summary>A file's bytes as characters.</summary>
    private Reading<string> Text(string path) => paths.Files.Bytes(At(path)).Map(Encoding.Latin1.GetString);

    private string At(string path) => Path.Combine(paths.Root, path.TrimStart('/'));
}
