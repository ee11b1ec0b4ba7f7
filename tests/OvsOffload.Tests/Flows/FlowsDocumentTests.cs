using System.Text;
using System.Text.Json;
using OvsOffload.Flows;
using OvsOffload.Os;

namespace OvsOffload.Tests.Flows;

public sealed class FlowsDocumentTests
{
    [Fact]
    public void The_summary_has_the_members_that_others_rely_on()
    {
        JsonElement root = Write(writer => FlowsDocument.WriteSummary(writer, [("system@ovs-system", Tally())]));
        Assert.Equal(
            [
                "schema", "host", "time", "flows", "offloaded", "partial", "software", "tc_not_in_hw", "unknown",
                    "malformed",
                "truncated", "layers", "ports", "reasons",
            ],
            Names(root));
        long Number(string name) => root.GetProperty(name).GetInt64();
        Assert.Equal(FlowCorpus.Flows.Length, Number("flows"));
        Assert.Equal(
            Number("flows"),
            Number("offloaded") + Number("partial") + Number("software") + Number("tc_not_in_hw") + Number("unknown"));
        Assert.Equal(
            Number("partial") + Number("software") + Number("tc_not_in_hw"),
            root.GetProperty("reasons").EnumerateObject().Sum(reason => reason.Value.GetInt64()));
        Assert.Equal(FlowCorpus.Damaged.Length, Number("malformed"));
        Assert.False(root.GetProperty("truncated").GetBoolean());
        Assert.All(root.GetProperty("ports").EnumerateArray(), port => Assert.Equal(
            ["datapath", "device", "offloaded", "partial", "software", "tc_not_in_hw", "unknown"], Names(port)));
    }

    [Fact]
    public void Datapaths_are_summed()
    {
        JsonElement root = Write(writer => FlowsDocument.WriteSummary(writer, [("a@1", Tally()), ("b@2", Tally())]));
        Assert.Equal(2 * FlowCorpus.Flows.Length, root.GetProperty("flows").GetInt64());
        Assert.Equal(2, root.GetProperty("layers").GetProperty("dummy").GetInt64());
    }

    [Fact]
    public void No_datapath_is_zero() =>
        Assert.Equal(0, Write(writer => FlowsDocument.WriteSummary(writer, [])).GetProperty("flows").GetInt64());

    [Fact]
    public void Why_tells_each_reason_with_what_to_change()
    {
        JsonElement root = Write(writer => FlowsDocument.WriteReasons(writer, [("", Tally())], OffloadLog.Unknown));
        JsonElement[] reasons = [.. root.GetProperty("reasons").EnumerateArray()];
        Assert.NotEmpty(reasons);
        Assert.All(reasons, reason => Assert.Equal(
            ["reason", "source", "flows", "packets", "follow_on_flows", "follow_on_packets", "fault", "meaning",
                "change",
                "check"], Names(reason)));
        Assert.Equal(
            root.GetProperty("not_offloaded")
            .GetInt64(), reasons.Sum(reason => reason.GetProperty("flows").GetInt64()));
    }

    [Fact]
    public void A_flow_names_the_function_and_shows_its_line()
    {
        var facts = new FlowReasonFacts
        {
            Ports = new ByteKeyed<FlowPort>(
            [
                KeyValuePair.Create("vf3", new FlowPort
                {
                    Name = "vf3",
                    Kind = FlowPortKind.Representor,
                    Function = "vf3",
                    Bridge = "br1",
                    IfaceId = "port-7",
                    Vm = "vm-9",
                }),
            ]),
        };
        const string Line =
            "ufid:00112233-4455-6677-8899-aabbccddeeff, in_port(vf3),eth(), packets:5, bytes:300, used:0.5s, dp:ovs, "
            + "actions:hash(l4(0)),recirc(0x1)";
        FlowLine.Read(Encoding.UTF8.GetBytes(Line), out FlowLine flow);
        var record = FlowRecord.Of("system@ovs-system", Encoding.UTF8.GetBytes(Line), flow, flow.State, facts);
        JsonElement root = Write(writer =>
        {
            writer.WritePropertyName("flow");
            FlowsDocument.WriteFlow(writer, record);
        }).GetProperty("flow");
        string? Text(string name) => root.GetProperty(name).GetString();
        Assert.Equal("00112233-4455-6677-8899-aabbccddeeff", Text("ufid"));
        Assert.Equal(("software", "hash_action", "inferred", "hash(l4(0))"),
            (Text("state"), Text("reason"), Text("source"), Text("evidence")));
        Assert.Equal(
            ("vf3", "br1", "port-7", "vm-9"), (Text("function"), Text("bridge"), Text("iface_id"), Text("vm")));
        Assert.Equal(Line, Text("flow"));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("pf").ValueKind);
    }

    private static FlowTally Tally()
    {
        var builder = new FlowTallyBuilder(1000) { Facts = FlowReasonFacts.None };
        FlowDump.Read(new MemoryStream(FlowCorpus.Dump()), builder, CancellationToken.None);
        return builder.Build();
    }

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(member => member.Name)];

    private static JsonElement Write(Action<Utf8JsonWriter> members)
    {
        var stream = new MemoryStream();
        Document.Write(stream, "hv1", DateTimeOffset.UnixEpoch, members);
        return JsonElement.Parse(stream.ToArray());
    }
}
