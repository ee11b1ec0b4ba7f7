using System.Text.Json;
using System.Text.Json.Nodes;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Tests.OpenVSwitch;

public sealed class OvsdbDatumTests
{
    private static readonly Guid Id = new("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0");

    [Fact]
    public void A_map_comes_back_as_it_was_written()
    {
        var map = new SortedDictionary<string, string> { ["a"] = "1", ["k\"ey"] = "ü\n", [""] = "" };
        Assert.Equal(map, OvsdbDatum.ReadMap(OnTheWire(OvsdbDatum.Map(map))));
        Assert.Empty(OvsdbDatum.ReadMap(OnTheWire(OvsdbDatum.Map([]))));
        Assert.Equal("""["map",[["a","1"]]]""", OvsdbDatum.Map([KeyValuePair.Create("a", "1")]).ToJsonString());
    }

    [Fact]
    public void A_set_comes_back_as_it_was_written()
    {
        Assert.Equal(["x", "y"], OvsdbDatum.ReadSet(OnTheWire(OvsdbDatum.Set(["x", "y"])), OvsdbDatum.ReadString));
        Assert.Equal([Id], OvsdbDatum.ReadSet(OnTheWire(OvsdbDatum.Set([Id])), OvsdbDatum.ReadUuid));
        Assert.Empty(OvsdbDatum.ReadSet(OnTheWire(OvsdbDatum.Set(Array.Empty<string>())), OvsdbDatum.ReadString));
    }

    [Fact]
    public void A_set_of_one_may_be_the_bare_value()
    {
        Assert.Equal(["x"], OvsdbDatum.ReadSet(Json("\"x\""), OvsdbDatum.ReadString));
        Assert.Equal([Id], OvsdbDatum.ReadSet(Json($"""["uuid","{Id}"]"""), OvsdbDatum.ReadUuid));
    }

    [Fact]
    public void A_uuid_comes_back_as_it_was_written()
    {
        Assert.Equal(Id, OvsdbDatum.ReadUuid(OnTheWire(OvsdbDatum.Uuid(Id))));
        Assert.Equal("""["named-uuid","port"]""", OvsdbDatum.NamedUuid("port").ToJsonString());
    }

    [Fact]
    public void An_optional_value_is_there_or_null()
    {
        Assert.Equal(5, OvsdbDatum.ReadOptionalValue(OnTheWire(OvsdbDatum.Optional(5)), OvsdbDatum.ReadInteger));
        Assert.Null(OvsdbDatum.ReadOptionalValue(OnTheWire(OvsdbDatum.Optional(null)), OvsdbDatum.ReadInteger));
        Assert.Equal("secure", OvsdbDatum.ReadOptional(Json("\"secure\""), OvsdbDatum.ReadString));
        Assert.Null(OvsdbDatum.ReadOptional(Json("""["set",[]]"""), OvsdbDatum.ReadString));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""["map"]""")]
    [InlineData("""["map",{}]""")]
    [InlineData("""["map",[1]]""")]
    [InlineData("""["map",[["a"]]]""")]
    [InlineData("""["map",[["a",1]]]""")]
    [InlineData("""["map",[["a","1"],["a","2"]]]""")]
    [InlineData("""["set",[1,2]]""")]
    [InlineData("""["set",[["uuid","0f1e2d3c"]]]""")]
    [InlineData("""["uuid",7]""")]
    public void A_value_of_another_type_is_refused_by_every_reader(string value)
    {
        JsonElement json = Json(value);
        Assert.Throws<FormatException>(() => OvsdbDatum.ReadMap(json));
        Assert.Throws<FormatException>(() => OvsdbDatum.ReadUuid(json));
        Assert.Throws<FormatException>(() => OvsdbDatum.ReadString(json));
        Assert.Throws<FormatException>(() => OvsdbDatum.ReadBoolean(json));
        Assert.Throws<FormatException>(() => OvsdbDatum.ReadSet(json, OvsdbDatum.ReadUuid));
        Assert.Throws<FormatException>(() => OvsdbDatum.ReadOptional(json, OvsdbDatum.ReadString));
    }

    private static JsonElement OnTheWire(JsonNode value) => Json(value.ToJsonString());

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
