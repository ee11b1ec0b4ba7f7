namespace OvsOffload.LabTests;

/// <summary>Where the lab's own files and its cache are.</summary>
internal static class LabFiles
{
    /// <summary>The project's root: the folder above the test binaries that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The lab's scripts.</summary>
    public static string Lab => Path.Combine(Root, "tests", "lab");

    /// <summary>The built lab, as <c>tests/lab/build</c> chooses it.</summary>
    public static string Cache
    {
        get
        {
            string? chosen = Environment.GetEnvironmentVariable("OVS_OFFLOAD_LAB");
            if (!string.IsNullOrEmpty(chosen))
            {
                return chosen;
            }

            string? caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(caches))
            {
                caches = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            }

            return Path.Combine(caches, "ovs-offload", "lab");
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OvsOffload.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException(
            $"The lab's scripts were not found: no OvsOffload.sln above {AppContext.BaseDirectory}.");
    }
}
