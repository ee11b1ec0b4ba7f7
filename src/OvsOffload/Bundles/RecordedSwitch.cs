using System.Collections.Immutable;
using System.Text.Json;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Bundles;

/// <summary>Open vSwitch as a bundle recorded it. Immutable.</summary>
internal sealed class RecordedSwitch : IOvsdbRows, IUnixctlAnswers
{
    private const string FlowsCommand = "dpctl/dump-flows";

    private readonly Dictionary<string, SwitchRecord> _answers = [];

    public RecordedSwitch(ImmutableArray<SwitchRecord> answers)
    {
        foreach (SwitchRecord answer in answers)
        {
            _answers.TryAdd(answer.Command, answer);
        }
    }

    /// <inheritdoc/>
    public bool IsPresent => _answers.ContainsKey(SwitchRecord.Rows);

    /// <summary>Whether flows were asked for when the bundle was made.</summary>
    public bool HasFlows => _answers.Keys.Any(IsFlowDump);

    /// <summary>The command that dumps the flows of a datapath.</summary>
    public static string FlowsOf(string datapath) => $"{FlowsCommand} -m {datapath}";

    /// <summary>Whether a command dumps flows.</summary>
    public static bool IsFlowDump(string command) => command.StartsWith($"{FlowsCommand} ", StringComparison.Ordinal);

    /// <summary>The key of a command's answer.</summary>
    public static string Command(string method, IReadOnlyList<string> arguments) =>
        string.Join(' ', arguments.Prepend(method));

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, JsonElement>> RowsAsync(CancellationToken cancellationToken)
    {
        string text = Answer(SwitchRecord.Rows, "read the Open_vSwitch database");
        try
        {
            using var document = JsonDocument.Parse(text);
            var tables = new Dictionary<string, JsonElement>();
            foreach (JsonProperty table in document.RootElement.EnumerateObject())
            {
                tables[table.Name] = table.Value.Clone();
            }

            return Task.FromResult<IReadOnlyDictionary<string, JsonElement>>(tables);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new MalformedReplyException(
                "read the Open_vSwitch database", "support bundle", malformed.Message, malformed);
        }
    }

    /// <inheritdoc/>
    public Task<string> CallAsync(
        string method, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        Task.FromResult(Answer(Command(method, arguments), method));

    private string Answer(string command, string operation)
    {
        if (!_answers.TryGetValue(command, out SwitchRecord? answer))
        {
            throw new RecordedFailureException($"{operation}: not in the bundle");
        }

        return answer.Answer ?? throw (answer.Refusal is { } words
            ? new ErrorReplyException(operation, "support bundle", words)
            : new RecordedFailureException(answer.Failure ?? $"{operation}: the bundle has an empty reply"));
    }
}
