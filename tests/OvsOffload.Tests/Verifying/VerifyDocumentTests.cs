using System.Collections.Immutable;
using System.Text.Json;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Status;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

public class VerifyDocumentTests
{
    [Fact]
    public void The_summary_counts_findings_and_each_finding_has_the_members_that_others_rely_on()
    {
        FaultyHost faulty = FaultyHosts.ByCheck["N10"];
        VerifyReport report = Examined.Of(faulty.Host, faulty.Intent);

        JsonElement root = Write(writer => VerifyDocument.Write(writer, report));

        Assert.Equal(["error", "warning", "info", "ok", "skipped"], Names(root.GetProperty("summary")));
        Assert.Equal(1, root.GetProperty("summary").GetProperty("error").GetInt32());
        Assert.Equal(
            report.Findings.Length,
            root.GetProperty("summary").EnumerateObject().Sum(member => member.Value.GetInt32()));
        JsonElement check = root.GetProperty("checks").EnumerateArray()
            .Single(element => element.GetProperty("status").GetString() == "error");
        Assert.Equal(["id", "slug", "status", "object", "title", "evidence", "cause", "fix"], Names(check));
        Assert.Equal("N10", check.GetProperty("id").GetString());
        Assert.Equal("0000:3b:00.0 vf1", check.GetProperty("object").GetString());
    }

    [Fact]
    public void The_list_tells_id_slug_severity_and_title()
    {
        JsonElement root = Write(writer => VerifyDocument.WriteList(writer, Checks.All));

        Assert.Equal(["id", "slug", "severity", "title"], Names(root.GetProperty("checks")[0]));
        Assert.Equal(Checks.All.Length, root.GetProperty("checks").GetArrayLength());
    }

    [Fact]
    public void A_severity_leaves_out_what_is_milder_and_keeps_what_was_looked_at()
    {
        VerifyReport report = Examined.Of(SampleHost.ConnectX4Lx(), HostIntent.Observe);

        Assert.Equal(FindingStatus.Info, report.WorstStatus);
        Assert.Equal(FindingStatus.Ok, report.AtLeast(CheckSeverity.Error).WorstStatus);
        Assert.False(report.AtLeast(CheckSeverity.Error).NothingChecked);
    }

    [Fact]
    public void The_status_tells_configured_and_effective_offload_apart()
    {
        Observation input = Examined.Input(FaultyHosts.ByCheck["O02"].Host, SampleIntent.Switchdev(4));

        JsonElement root =
            Write(writer => StatusDocument.Write(writer, input, Planner.Plan(input.Intent, input.State)));

        JsonElement openVSwitch = root.GetProperty("openvswitch");
        Assert.True(openVSwitch.GetProperty("hw_offload_configured").GetBoolean());
        Assert.False(openVSwitch.GetProperty("hw_offload_effective").GetBoolean());
        JsonElement pf = root.GetProperty("pfs")[0];
        Assert.Equal((2, 4, 2), (pf.GetProperty("vfs").GetInt32(), pf.GetProperty("vfs_desired").GetInt32(),
            pf.GetProperty("representors").GetInt32()));
        Assert.True(root.GetProperty("steps").GetInt32() > 0);
    }

    [Fact]
    public void The_status_shows_what_could_not_be_read_as_null_and_says_why()
    {
        var input = new Observation(HostIntent.Observe, SampleHost.ConnectX6Dx().WithPf(pf => pf with
        {
            VfCount = Reading.Failed<int>("no permission"),
        }))
        {
            Flows = Reading.Failed<ImmutableArray<DatapathFlows>>("too many flows"),
            Journal = Reading.Absent<ImmutableArray<JournalLine>>("not asked for"),
        };

        JsonElement root = Write(writer => StatusDocument.Write(writer, input, null));

        Assert.Equal(JsonValueKind.Null, root.GetProperty("pfs")[0].GetProperty("vfs").ValueKind);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("flows").ValueKind);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("steps").ValueKind);
        Assert.Equal(
            ["VFs of 0000:3b:00.0: no permission", "flows: too many flows"],
            root.GetProperty("unread").EnumerateArray().Select(line => line.GetString()));
    }

    [Theory]
    [InlineData("n1O", "N10")]
    [InlineData("hw-tc-ofload-off", "N10")]
    [InlineData("O5", "O05")]
    public void A_mistyped_id_has_a_nearest_one(string word, string id) =>
        Assert.Equal(id, Checks.Nearest(word)?.Info.Id);

    [Fact]
    public void A_journal_is_read_line_by_line_and_what_is_no_step_is_passed_over()
    {
        ImmutableArray<JournalLine> lines = JournalLine.Parse(
        [
            """{"time":"2026-03-01T12:00:00+00:00","phase":"failed","id":"eswitch-mode:0000:3b:00.0", """
                + """ "summary":"s","undo":"u","error":"e"}""",
            """{"time":"2026-03-01T12:00:00+00:00","phase":"end"}""",
            """{"time":"2026-03-01T12:0""",
            "[]",
            "",
        ]);

        Assert.Equal(new JournalLine("failed", "eswitch-mode:0000:3b:00.0", "e"), Assert.Single(lines));
    }

    private static JsonElement Write(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        Document.Write(stream, "hv1", DateTimeOffset.UnixEpoch, members);
        using var document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(member => member.Name)];
}
