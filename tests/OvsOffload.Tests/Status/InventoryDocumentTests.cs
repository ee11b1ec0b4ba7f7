using System.Text.Json;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Status;

namespace OvsOffload.Tests.Status;

public class InventoryDocumentTests
{
    [Fact]
    public void A_host_without_NICs_has_an_empty_list_and_nothing_unread()
    {
        JsonElement document = Document(SampleHost.Bare());

        Assert.Equal(0, document.GetProperty("pfs").GetArrayLength());
        Assert.Equal(0, document.GetProperty("unread").GetArrayLength());
    }

    [Fact]
    public void PFs_that_could_not_be_listed_are_null_with_the_reason_and_never_an_empty_list()
    {
        JsonElement document = Document(SampleHost.ConnectX6Dx().WithUnreadFunctions("/sys/bus/pci/devices: EACCES"));

        Assert.Equal(JsonValueKind.Null, document.GetProperty("pfs").ValueKind);
        Assert.Equal(
            "physical functions: /sys/bus/pci/devices: EACCES",
            Assert.Single(document.GetProperty("unread").EnumerateArray()).GetString());
    }

    [Fact]
    public void A_PF_shows_its_functions_and_what_of_it_could_not_be_read()
    {
        HostState host = SampleHost.ConnectX6Dx().WithPf(pf => pf with { VfLimit = Reading.Failed<int>("EIO") });

        JsonElement pf = Assert.Single(Document(host).GetProperty("pfs").EnumerateArray());

        Assert.Equal(["vf0", "vf1"], pf.GetProperty("functions").EnumerateArray()
            .Select(function => function.GetProperty("function").GetString()!));
        Assert.Equal(JsonValueKind.Null, pf.GetProperty("vfs_limit").ValueKind);
        Assert.Equal("vfs_limit: EIO", Assert.Single(pf.GetProperty("unread").EnumerateArray()).GetString());
    }

    [Theory]
    [InlineData("igb", "unsupported")]
    [InlineData(null, null)]
    public void Without_a_driver_the_mode_is_not_known_and_without_an_e_switch_unsupported(string? driver, string? mode)
    {
        HostState host = SampleHost.I350().WithPf(pf => pf with { Driver = driver });

        JsonElement pf = Assert.Single(Document(host).GetProperty("pfs").EnumerateArray());

        Assert.Equal(mode, pf.GetProperty("mode").GetString());
        Assert.Equal(mode ?? "no driver", InventoryDocument.ModeForPeople(host.KnownFunctions[0]));
    }

    private static JsonElement Document(HostState host)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            InventoryDocument.Write(writer, host);
            writer.WriteEndObject();
        }

        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }
}
