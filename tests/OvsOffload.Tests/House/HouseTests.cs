namespace OvsOffload.Tests.House;

/// <summary>The walls: which room may use which, and how files hang together inside one.</summary>
public sealed class HouseTests
{
    /// <summary>The lines of the README between which the drawing stands.</summary>
    private const string Begin = "```house\n", End = "\n```";

    /// <summary>The most files that may use each other in a circle.</summary>
    private const int LargestCircle = 3;

    private static string Readme => Path.Combine(Repository.Root, "README.md");

    [Fact]
    public void Every_source_file_stands_in_a_room_and_has_its_namespace() => Assert.Empty(
        HousePlan.Built.Files.Where(file => Path.GetFileName(file.Key) != "Program.cs"
                && (Rooms.Of(file.Key) is not { } room
                    || !file.Value.Contains($"\nnamespace OvsOffload.{room.Name}", StringComparison.Ordinal)
                    && !file.Value.StartsWith($"namespace OvsOffload.{room.Name}", StringComparison.Ordinal)))
            .Select(file => file.Key));

    [Fact]
    public void A_room_uses_no_room_of_a_higher_floor() => Assert.DoesNotContain(
        HousePlan.Built.RoomArrows,
        arrow => Rooms.Find(arrow.From)!.Floor < (Rooms.Find(arrow.To)?.Floor ?? int.MaxValue));

    [Fact]
    public void No_circle_goes_through_two_rooms()
    {
        Assert.Empty(Circles.Of(HousePlan.Built.RoomArrows).Select(circle => string.Join(' ', circle)));
        Assert.Empty(Circles.Of(HousePlan.Built.Arrows)
            .Where(circle => circle.DistinctBy(Rooms.Of).Count() > 1)
            .Select(circle => string.Join(' ', circle)));
    }

    [Fact]
    public void Inside_a_room_no_more_than_three_files_use_each_other_in_a_circle() => Assert.Empty(
        Circles.Of(HousePlan.Built.Arrows)
            .Where(circle => circle.Count > LargestCircle)
            .Select(circle => $"{circle.Count}: {string.Join(' ', circle)}"));

    [Fact]
    public void A_cycle_is_found_without_what_merely_depends_on_it()
    {
        Arrow[] arrows = [new("a", "b"), new("b", "c"), new("c", "a"), new("c", "d"), new("e", "a")];

        Assert.Equal([["a", "b", "c"]], Circles.Of(arrows));
    }

    [Theory]
    [InlineData("Os/Errno.cs", "Os/ErrnoText.cs", false)]
    [InlineData("Os/ErrnoText.cs", "Os/Errno.cs", true)]
    [InlineData("Verifying/Bonds/B01BondModeNotOffloadable.cs", "Netlink/BondNames.cs", true)]
    public void The_arrows_are_those_of_the_code(string from, string to, bool there) => Assert.Equal(
        there, HousePlan.Built.Arrows.Contains(new Arrow($"src/OvsOffload/{from}", $"src/OvsOffload/{to}")));

    [Fact]
    public void The_using_lines_of_a_file_name_rooms() => Assert.Equal(
        ["Os", "Host", "Intent", "Netlink"],
        SourceGraph.Usings(
            "using System;\nusing OvsOffload.Os;\nusing static OvsOffload.Host.X;\nusing Y = OvsOffload.Intent.Z;\n"
                + "using OvsOffload.Netlink;\n\nnamespace OvsOffload.Top;\n"));

    /// <summary>
    /// <c>tests/house</c> names in OVS_OFFLOAD_HOUSE the file that it wants written: the README, or one for the survey.
    /// </summary>
    [Fact]
    public void The_drawing_in_the_README_is_of_the_house_as_it_is_built()
    {
        string readme = File.ReadAllText(Readme);
        int begin = readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = readme.IndexOf(End, begin, StringComparison.Ordinal);
        string drawing = HousePlan.Built.Drawing();
        if (Environment.GetEnvironmentVariable("OVS_OFFLOAD_HOUSE") is { } wanted)
        {
            File.WriteAllText(
                wanted, wanted == Readme ? readme[..begin] + drawing + readme[end..] : HousePlan.Built.Survey());
        }
        else
        {
            Assert.True(readme[begin..end] == drawing, $"tests/house --write puts it right:\n{drawing}");
        }
    }
}
