using System.Text.Json;
using OvsOffload.Metrics;

namespace OvsOffload.Tests.Metrics;

public sealed class MetricsDocumentTests
{
    [Fact]
    public void The_page_of_the_documentation_is_the_one_that_the_program_prints()
    {
        string page = Path.Combine(Repository.Root, "src", "docs", "metrics.md");
        Assert.True(
            File.ReadAllText(page) == MetricsDocument.Markdown(),
            $"{page} is out of step: ovs-offload metrics list --markdown > src/docs/metrics.md");
    }

    [Fact]
    public void Every_metric_is_listed_once_with_type_labels_and_help()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            MetricsDocument.Write(writer);
            writer.WriteEndObject();
        }

        JsonElement[] metrics = [.. JsonElement.Parse(stream.ToArray()).GetProperty("metrics").EnumerateArray()];
        Assert.Equal(CollectorNames.Families.Select(family => family.Name), metrics.Select(one => Text(one, "name")));
        JsonElement bytes = metrics.Single(one => Text(one, "name") == "ovs_offload_representor_receive_bytes_total");
        Assert.Equal("counter", Text(bytes, "type"));
        Assert.Equal(
            ["pf", "function", "controller", "device"],
            bytes.GetProperty("labels").EnumerateArray().Select(label => label.GetString()));
        Assert.All(metrics, one => Assert.NotEqual("", Text(one, "help")));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
