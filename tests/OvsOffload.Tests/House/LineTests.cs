namespace OvsOffload.Tests.House;

/// <summary>Lines of code are to be read side by side.</summary>
public sealed class LineTests
{
    /// <summary>Columns of a line of C#.</summary>
    private const int Longest = 120;

    private static readonly string[] Folders = ["src", "tests"];

    [Fact]
    public void No_line_is_longer_than_120_columns()
    {
        string[] longer =
        [
            .. Folders
                .SelectMany(folder => Directory.GetFiles(
                    Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
                .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
                .SelectMany(file => File.ReadLines(file).Select((line, index) => (file, line, number: index + 1)))
                .Where(one => one.line.Length > Longest)
                .Select(one => $"{Path.GetRelativePath(Repository.Root, one.file)}:{one.number}: {one.line.Length}"),
        ];

        Assert.True(longer.Length == 0, string.Join('\n', longer));
    }
}
