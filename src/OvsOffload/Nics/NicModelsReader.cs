using System.Globalization;
using System.Text;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace OvsOffload.Nics;

/// <summary>Reads and checks the file of NIC models; its shape is told in the file itself.</summary>
internal sealed class NicModelsReader(string file)
{
    private static readonly Dictionary<string, bool> YesOrNo =
        new Dictionary<string, bool> { ["yes"] = true, ["no"] = false };

    private static readonly Dictionary<string, bool> EncapModes =
        new Dictionary<string, bool> { ["basic"] = true, ["none"] = false };

    private static readonly Dictionary<string, bool> InlineModes =
        new Dictionary<string, bool> { ["transport"] = true, ["none"] = false };

    /// <summary>devlink's words for flow_steering_mode (Documentation/networking/devlink/mlx5.rst).</summary>
    private static readonly Dictionary<string, string> SteeringModes = Same("dmfs", "smfs", "hmfs");

    /// <summary>The bonding driver's words for its modes.</summary>
    private static readonly Dictionary<string, string> BondModes =
        Same([.. Enum.GetValues<BondMode>().Select(mode => mode.ToName())]);

    private static readonly Dictionary<string, NicFeature> Features = Words<NicFeature>();

    private static readonly Dictionary<string, ModeSetter> ModeSetters = Words<ModeSetter>();

    /// <exception cref="NicModelsException">Anything is wrong.</exception>
    public IReadOnlyList<NicModel> Read(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            throw StrictMapping.At(file, exception.Start, exception.Message);
        }
        if (stream.Documents.Count != 1)
        {
            throw new NicModelsException($"{file}: expected one YAML document, found {stream.Documents.Count}");
        }
        var root = new StrictMapping(file, stream.Documents[0].RootNode);
        Dictionary<string, NicDriver> drivers = ByName(root, "drivers", Driver, driver => driver.Name);
        Dictionary<string, NicGeneration> generations = ByName(
            root, "generations", mapping => Generation(mapping, drivers), generation => generation.Name);
        var models = new List<NicModel>();
        var ids = new HashSet<PciId>();
        foreach (YamlNode node in root.Items("models"))
        {
            NicModel model = Model(new StrictMapping(file, node), generations);
            if (!ids.Add(model.Id))
            {
                throw root.Error(node, $"duplicate {model.Id}");
            }
            models.Add(model);
        }
        root.End();
        return models.Count > 0 ? models : throw root.Error("there are no models");
    }

    private Dictionary<string, T> ByName<T>(
        StrictMapping root, string key, Func<StrictMapping, T> read, Func<T, string> nameOf)
    {
        var found = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (YamlNode node in root.Items(key))
        {
            T? item = read(new StrictMapping(file, node));
            if (!found.TryAdd(nameOf(item), item))
            {
                throw root.Error(node, $"duplicate {nameOf(item)}");
            }
        }
        return found;
    }

    private static NicDriver Driver(StrictMapping mapping)
    {
        var driver = new NicDriver
        {
            Name = mapping.Text("name"),
            VfDriver = mapping.Text("vf-driver"),
            VfCount = mapping.Word("vf-count", Words<VfCountSetting>()),
            ModeChange = new ModeChangeRule(
                mapping.Word("mode", ModeSetters), mapping.Word("vfs-at-mode-change", Words<VfsAtModeChange>())),
            NeedsPfUpForVfs = mapping.Word("pf-up-for-vfs", YesOrNo),
            ResetsOnVfChange = mapping.Word("vf-change-resets-pf", YesOrNo),
            VfsAtLag = mapping.Word("vfs-at-lag", Words<VfsAtLag>(), VfsAtLag.Unbound),
            LagVfs = mapping.Word("lag-vfs", Words<LagVfs>(), LagVfs.EveryPort),
            Since = mapping.Mapping("since") is { } since
                ? KernelVersions(since)
                : new Dictionary<NicFeature, KernelVersion>(),
            Notes = mapping.Texts("notes"),
        };
        mapping.End();
        return driver;
    }

    private static Dictionary<NicFeature, KernelVersion> KernelVersions(StrictMapping mapping)
    {
        var versions = new Dictionary<NicFeature, KernelVersion>();
        foreach ((string? word, NicFeature feature) in Features)
        {
            if (mapping.Keys.Contains(word))
            {
                YamlNode node = mapping.Required(word);
                string[] parts = mapping.TextOf(node).Split('.');
                versions.Add(feature, parts.Length == 2
                    && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
                    && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor)
                    ? new KernelVersion(major, minor)
                    : throw mapping.Error(node, $"'{node}' is not a kernel version such as \"5.16\""));
            }
        }
        foreach (string? key in mapping.Keys.Where(key => !Features.ContainsKey(key)))
        {
            throw mapping.Error($"unknown feature '{key}'; known: {string.Join(", ", Features.Keys.Order())}");
        }
        return versions;
    }

    private static NicGeneration Generation(StrictMapping mapping, Dictionary<string, NicDriver> drivers)
    {
        NicDriver driver = mapping.Word("driver", drivers);
        var generation = new NicGeneration
        {
            Name = mapping.Text("name"),
            Driver = driver,
            FirmwareMajor = mapping.Number("firmware"),
            IsDpu = mapping.Word("dpu", YesOrNo, false),
            MaxVfs = mapping.Number("max-vfs"),
            MaxVfsForLag = mapping.Number("max-vfs-for-lag"),
            ModeChange = driver.ModeChange with
            {
                Setter = mapping.Word("mode", ModeSetters, driver.ModeChange.Setter),
            },
            NeedsInlineTransport = mapping.Word("inline", InlineModes, false),
            HasEncapMode = mapping.Word("encap", EncapModes, false),
            SteeringModes = [.. mapping.Items("steering").Select(node => mapping.WordOf(node, SteeringModes))],
            LagModes = [.. mapping.Items("lag-modes").Select(node => mapping.WordOf(node, BondModes))],
            SecurityGroups = mapping.Word("security-groups", Words<SecurityGroupClass>()),
            Features = Abilities(mapping.Mapping("features") ?? throw mapping.Error("'features' is missing")),
            Notes = mapping.Texts("notes"),
        };
        mapping.End();
        return generation;
    }

    private static Dictionary<NicFeature, SupportLevel> Abilities(StrictMapping mapping)
    {
        var abilities = new Dictionary<NicFeature, SupportLevel>();
        foreach ((string? word, SupportLevel ability) in Words<SupportLevel>())
        {
            foreach (YamlNode node in mapping.Items(word))
            {
                if (!abilities.TryAdd(mapping.WordOf(node, Features), ability))
                {
                    throw mapping.Error(node, $"duplicate {node}");
                }
            }
        }
        mapping.End();
        string[] missing =
            [.. Features.Where(pair => !abilities.ContainsKey(pair.Value)).Select(pair => pair.Key).Order()];
        return missing.Length == 0
            ? abilities
            : throw mapping.Error($"missing: {string.Join(", ", missing)}");
    }

    private static NicModel Model(StrictMapping mapping, Dictionary<string, NicGeneration> generations)
    {
        PciId Id(YamlNode node) => PciId.TryParse(mapping.TextOf(node), out PciId id)
            ? id
            : throw mapping.Error(node, $"'{node}' is not a PCI id such as \"15b3:101d\"");
        var model = new NicModel
        {
            Id = Id(mapping.Required("id")),
            Name = mapping.Text("name"),
            Generation = mapping.Word("generation", generations),
            VfIds = [.. mapping.Items("vfs").Select(Id)],
            IsFlashRecovery = mapping.Word("flash-recovery", YesOrNo, false),
        };
        mapping.End();
        return model;
    }

    private static Dictionary<string, string> Same(params string[] words) =>
        words.ToDictionary(word => word, StringComparer.Ordinal);

    /// <summary>The names of an enum in lower case with dashes.</summary>
    private static Dictionary<string, T> Words<T>() where T : struct, Enum =>
        new Dictionary<string, T>(
            Enum.GetNames<T>().Select(name => KeyValuePair.Create(Dashed(name), Enum.Parse<T>(name))),
            StringComparer.Ordinal);

    private static string Dashed(string name)
    {
        var word = new StringBuilder();
        foreach (char letter in name)
        {
            if (char.IsUpper(letter) && word.Length > 0)
            {
                word.Append('-');
            }
            word.Append(char.ToLowerInvariant(letter));
        }
        return word.ToString();
    }
}
