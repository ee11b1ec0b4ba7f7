namespace OvsOffload.Testing;

/// <summary>The tree that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "OvsOffload.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no OvsOffload.sln above the tests");
        }

        return folder.FullName;
    }
}
