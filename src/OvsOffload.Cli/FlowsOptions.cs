using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using OvsOffload.Flows;

namespace OvsOffload.Cli;

/// <summary>Options of <c>flows summary</c>, <c>list</c> and <c>why</c>.</summary>
internal sealed class FlowsOptions
{
    private static readonly ImmutableArray<FlowState> States =
        [FlowState.Offloaded, FlowState.Partial, FlowState.TcNotInHardware, FlowState.Software, FlowState.Unknown];

    /// <summary><c>--file</c></summary>
    public Option<string?> File { get; } = new("--file")
    {
        Description = "read a dump instead of the running switch: output of ovs-appctl dpctl/dump-flows or ovs-dpctl "
            + "dump-flows; - is standard input",
        HelpName = "DUMP|-",
    };

    /// <summary><c>--dumped-as</c></summary>
    public Option<string?> DumpedAs { get; } = new("--dumped-as")
    {
        Description = "treat every flow of this dump as offloaded (it was made with type=offloaded); on the running "
            + "switch, dump only offloaded flows",
        HelpName = "offloaded",
    };

    /// <summary><c>--watch</c></summary>
    public Option<bool> Watch { get; } = new("--watch") { Description = "repeat, and show rates" };

    /// <summary><c>--port</c></summary>
    public Option<string[]> Port { get; } = new("--port")
    {
        Description = "only flows from or to these ports, by their names in the dump",
        HelpName = "PORT",
    };

    /// <summary><c>--state</c></summary>
    public Option<string[]> State { get; } = new("--state")
    {
        Description = "only flows in these states",
        HelpName = "offloaded|partial|tc_not_in_hw|software|unknown",
    };

    /// <summary><c>--reason</c></summary>
    public Option<string[]> Reason { get; } = new("--reason")
    {
        Description = "only flows that are not offloaded for these reasons",
        HelpName = "REASON",
    };

    /// <summary><c>--top</c></summary>
    public Option<int?> Top { get; } = NumberOption.AtLeastOne("--top", "only the N flows with the most packets");

    /// <summary><c>--max-flows</c></summary>
    public Option<int?> MaxFlows { get; } = NumberOption.AtLeastOne(
        "--max-flows",
        "dump datapaths with up to N flows (default: metrics.flow-dump.max-flows); a dump blocks ovs-vswitchd, about "
            + "8 s per million flows");

    /// <summary><c>--assume</c></summary>
    public Option<string?> Assume { get; } = new("--assume")
    {
        Description = "compare with another host: which known obstacles would go, which stay, what is unknown. "
            + "nic=connectx-6-dx,kernel=6.8,ovs=3.7,conntrack=yes|no,tc-policy=none, each optional",
        HelpName = "KEY=VALUE,..",
    };

    /// <summary><c>--from</c></summary>
    public Option<string?> From { get; } = new("--from")
    {
        Description = "the host of a support bundle made with --flows, instead of this host",
        HelpName = "BUNDLE",
    };

    /// <summary><c>--states-only</c></summary>
    public Option<bool> StatesOnly { get; } = new("--states-only")
    {
        Description = "count by state only, not by port or reason: faster, and does not read the host",
    };

    /// <summary>Makes the options refuse what is not among their words.</summary>
    public FlowsOptions()
    {
        FileOption.RefuseEmpty(File);
        DumpedAs.AcceptOnlyFromAmong("offloaded");
        State.AcceptOnlyFromAmong([.. States.Select(FlowsDocument.Name)]);
        Reason.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens.Where(token => FlowReasons.Find(token.Value) is null))
            {
                result.AddError($"unknown reason {token.Value}; known reasons: "
                    + string.Join(", ", FlowReasons.All.Select(info => info.Word)));
            }
        });
        Assume.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !FlowAssumptions.TryParse(token.Value, out _, out string? error))
            {
                result.AddError($"--assume: {error}");
            }
        });
    }

    /// <summary>The state of lines that name none.</summary>
    public FlowState StateOfPlain(ParseResult parsed) =>
        parsed.GetValue(DumpedAs) is null ? FlowState.Unknown : FlowState.Offloaded;

    /// <summary>Which flows are asked for.</summary>
    public FlowQuery Query(ParseResult parsed, int? top, bool notOffloaded) => new(
        [.. parsed.GetValue(Port) ?? []],
        [.. (parsed.GetValue(State) ?? []).Select(word => States.First(state => FlowsDocument.Name(state) == word))],
        [.. (parsed.GetValue(Reason) ?? []).Select(word => FlowReasons.Find(word)!.Reason)],
        parsed.GetValue(Top) ?? top,
        notOffloaded);
}
