using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Flows;

/// <summary>
/// Another NIC, kernel, Open vSwitch: what flows would meet there. Null leaves what is known of the host.
/// </summary>
internal sealed record FlowAssumptions
{
    private const string Keys = "nic, kernel, ovs, conntrack, tc-policy";

    public NicModel? Nic { get; init; }

    public KernelVersion? Kernel { get; init; }

    /// <summary>The version of Open vSwitch.</summary>
    public Version? Ovs { get; init; }

    /// <summary>Whether kernel and driver are built with conntrack offload.</summary>
    public bool? Conntrack { get; init; }

    public TcPolicy? TcPolicy { get; init; }

    /// <summary>What is assumed, by the words of <c>--assume</c>. That hw-offload is on always is.</summary>
    public ImmutableArray<(string Key, string Value)> Words
    {
        get
        {
            (string, string?)[] words =
            [
                ("nic", Nic?.Name), ("kernel", Kernel?.ToString()), ("ovs", Ovs?.ToString()),
                ("conntrack", Conntrack is { } on ? on ? "yes" : "no" : null),
                ("tc-policy", TcPolicy?.ToName()), ("hw-offload", "true"),
            ];
            return [.. words.Where(word => word.Item2 is not null).Select(word => (word.Item1, word.Item2!))];
        }
    }

    /// <summary>Reads <c>nic=connectx-6-dx,kernel=6.8,ovs=3.7,conntrack=yes,tc-policy=none</c>, each of it
    /// optional.</summary>
    /// <param name="text">The text.</param>
    /// <param name="assumptions">What it says.</param>
    /// <param name="error">What is wrong; null where nothing is.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out FlowAssumptions? assumptions, [NotNullWhen(false)] out string? error)
    {
        (assumptions, error) = (new FlowAssumptions(), null);
        foreach (string word in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = word.Split('=', 2, StringSplitOptions.TrimEntries);
            (FlowAssumptions? next, error) = parts.Length == 2
                ? assumptions.With(parts[0], parts[1])
                : (null, $"\"{word}\" is not KEY=VALUE; keys: {Keys}");
            if (next is null)
            {
                assumptions = null;
                error ??= $"\"{word}\" is not understood";
                return false;
            }

            assumptions = next;
        }

        if (assumptions == new FlowAssumptions())
        {
            (assumptions, error) = (null, $"it assumes nothing; keys: {Keys}");
            return false;
        }

        return true;
    }

    /// <summary>What is known of a host, with what is assumed instead. What logs and tc say is of the host as it is, so
    /// it is left out.</summary>
    public FlowReasonFacts Of(FlowReasonFacts facts) => facts with
    {
        HwOffload = true,
        TcPolicy = TcPolicy ?? facts.TcPolicy,
        Kernel = Kernel ?? facts.Kernel,
        OvsVersion = Ovs ?? facts.OvsVersion,
        LogModules = Ovs is null ? facts.LogModules : null,
        ConntrackOffload = Conntrack ?? (Kernel is null ? facts.ConntrackOffload : null),

        // Conntrack offload does not go without it.
        RecircSharing = Conntrack == true ? true : Kernel is null ? facts.RecircSharing : null,
        CtStates = Kernel is null ? facts.CtStates : null,
        Ports = Nic is null ? facts.Ports : facts.Ports.Select(OnNic),
        Elsewhere = Nic is null
            ? facts.Elsewhere
            : new FlowPort { Name = "", Kind = FlowPortKind.Representor, Nic = Nic },
        Logged = [],
        LoggedFlows = ImmutableDictionary<UInt128, LoggedRefusal>.Empty,
        Filters = null,
    };

    private FlowPort OnNic(FlowPort port) => port.Nic is null ? port : port with
    {
        Nic = Nic,
        InlineMode = Nic!.NeedsInlineTransport ? port.InlineMode : null,
        Switchdev = true,
        HwTcOffload = true,
        KeptInSoftware = null,
        LacksQdisc = false,
    };

    private (FlowAssumptions? Next, string? Error) With(string key, string value) => key switch
    {
        "nic" => FindNic(value) is { } nic
            ? (this with { Nic = nic }, null)
            : (null, $"unknown NIC \"{value}\"; known: {string.Join(", ", NicWords())}"),
        "kernel" => VersionOf(value) is { } kernel
            ? (this with { Kernel = new KernelVersion(kernel.Major, kernel.Minor) }, null)
            : (null, $"kernel \"{value}\" is not a version like 6.8"),
        "ovs" => VersionOf(value) is { } ovs
            ? (this with { Ovs = ovs }, null)
            : (null, $"ovs \"{value}\" is not a version like 3.7"),
        "conntrack" => value switch
        {
            "yes" => (this with { Conntrack = true }, null),
            "no" => (this with { Conntrack = false }, null),
            _ => (null, $"conntrack is yes or no, not \"{value}\""),
        },
        "tc-policy" => value is "none" or "skip_sw" or "skip_hw"
            ? (this with { TcPolicy = TcPolicies.Of(value) }, null)
            : (null, $"tc-policy is none, skip_sw or skip_hw, not \"{value}\""),
        _ => (null, $"unknown key \"{key}\"; keys: {Keys}"),
    };

    private static Version? VersionOf(string text) => OffloadLog.VersionOf(text);

    private static NicModel? FindNic(string word) =>
        NicModels.BuiltIn.All.FirstOrDefault(model => WordOf(model) == WordOf(word) || $"{model.Id}" == word);

    private static IEnumerable<string> NicWords() => NicModels.BuiltIn.All.Select(WordOf).Distinct();

    private static string WordOf(NicModel model) => WordOf(model.Name);

    private static string WordOf(string name) => name.ToLowerInvariant().Replace(' ', '-');
}
