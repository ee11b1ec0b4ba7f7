using System.Globalization;
using System.Reflection;
using System.Text;
using OvsOffload.Host;

namespace OvsOffload.Tests.House;

/// <summary>The house as it is built: its files, and the arrows between files and between rooms.</summary>
internal sealed class HousePlan
{
    private static readonly Lazy<HousePlan> Shared = new(() => new HousePlan());

    private HousePlan()
    {
        Files = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .ToDictionary(file => file, file => File.ReadAllText(Path.Combine(Repository.Root, file)));
        Arrows = SourceGraph.Of(typeof(HostState).Assembly, Assembly.LoadFrom(Program())).Arrows;
        IEnumerable<Arrow> named = Files.SelectMany(
            file => SourceGraph.Usings(file.Value), (file, used) => new Arrow(RoomOf(file.Key), used));
        RoomArrows = Arrows.Select(arrow => new Arrow(RoomOf(arrow.From), RoomOf(arrow.To)))
            .Concat(named)
            .Where(arrow => arrow.From != arrow.To)
            .ToHashSet();
    }

    /// <summary>Read once: the assemblies do not change while tests run.</summary>
    public static HousePlan Built => Shared.Value;

    /// <summary>The text of every source file, by its path from the project's root.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    /// <summary>The arrows between files.</summary>
    public IReadOnlySet<Arrow> Arrows { get; }

    /// <summary>The arrows between rooms, as the code and the <c>using</c> lines have them.</summary>
    public IReadOnlySet<Arrow> RoomArrows { get; }

    /// <summary>The README's drawing: floor by floor from the top, each room with the rooms that it uses.</summary>
    public string Drawing() => Draw(room => $"{room.Name,-12}{room.Holds,-70}", Nearest);

    /// <summary>The same with files, lines and every arrow.</summary>
    public string Survey() => Draw(
        room =>
        {
            string[] files = [.. Files.Where(file => RoomOf(file.Key) == room.Name).Select(file => file.Value)];
            int lines = files.Sum(text => text.Count(letter => letter == '\n'));
            return string.Create(
                CultureInfo.InvariantCulture, $"{room.Name,-12}{files.Length,4} files{lines,7} lines  ");
        },
        Used);

    private static string RoomOf(string file) => Rooms.Of(file)?.Name ?? file;

    private static string Draw(Func<Room, string> head, Func<Room, IEnumerable<string>> uses)
    {
        var text = new StringBuilder();
        foreach (IGrouping<int, Room> floor in Rooms.All.GroupBy(room => room.Floor)
            .OrderByDescending(floor => floor.Key))
        {
            foreach (Room room in floor)
            {
                string used = string.Join(' ', uses(room));
                text.Append((head(room) + (used.Length > 0 ? $"-> {used}" : "")).TrimEnd()).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }

    private IEnumerable<string> Used(Room room) => Rooms.All.Reverse()
        .Where(other => RoomArrows.Contains(new Arrow(room.Name, other.Name)))
        .Select(other => other.Name);

    /// <summary>Of the rooms that a room uses those that it does not reach by another one.</summary>
    private IEnumerable<string> Nearest(Room room)
    {
        string[] used = [.. Used(room)];
        return used.Where(one => !used.Any(other => other != one && Reach(other).Contains(one)));
    }

    private HashSet<string> Reach(string room)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([room]);
        while (open.TryPop(out string? next))
        {
            foreach (Arrow arrow in RoomArrows.Where(arrow => arrow.From == next && reached.Add(arrow.To)))
            {
                open.Push(arrow.To);
            }
        }

        return reached;
    }

    /// <summary>
    /// The program's assembly, which is built beside these tests for the machine that it is to run on.
    /// </summary>
    private static string Program()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(
            here.Parent!.Parent!.FullName, "OvsOffload.Cli", $"{here.Name.Split('_')[0]}_linux-x64", "ovs-offload.dll");
    }
}
