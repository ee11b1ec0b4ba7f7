namespace OvsOffload.Os;

/// <summary>
/// Where the trees of the host are, so that every reader can be pointed at another root: a test's tree, an unpacked
/// support bundle, a host's root mounted into a container. Only the paths move; texts read from files (link targets,
/// mount points) are the host's own and are never rewritten.
/// </summary>
internal sealed record HostPaths
{
    private HostPaths(string root)
    {
        Root = root;
        Sys = Path.Combine(root, "sys");
        Proc = Path.Combine(root, "proc");
        Dev = Path.Combine(root, "dev");
        Run = Path.Combine(root, "run");
        Boot = Path.Combine(root, "boot");
        Etc = Path.Combine(root, "etc");
        Usr = Path.Combine(root, "usr");
        Lib = Path.Combine(root, "lib");
        Var = Path.Combine(root, "var");
        Debug = Path.Combine(root, "sys/kernel/debug");
        Files = new LiveFiles(root);
    }

    /// <summary>The running host.</summary>
    public static HostPaths Real { get; } = new("/");

    public string Root { get; }

    /// <summary>Reads the files below these trees.</summary>
    public HostFiles Files { get; init; }

    /// <summary>The process that looks: its environment, and that of those above it, tell of SSH connections.</summary>
    public int Process { get; init; } = Environment.ProcessId;

    /// <summary><c>/sys</c></summary>
    public string Sys { get; init; }

    /// <summary><c>/proc</c></summary>
    public string Proc { get; init; }

    /// <summary><c>/dev</c></summary>
    public string Dev { get; init; }

    /// <summary><c>/run</c></summary>
    public string Run { get; init; }

    /// <summary><c>/boot</c></summary>
    public string Boot { get; init; }

    /// <summary><c>/etc</c></summary>
    public string Etc { get; init; }

    /// <summary><c>/usr</c></summary>
    public string Usr { get; init; }

    /// <summary><c>/lib</c></summary>
    public string Lib { get; init; }

    /// <summary><c>/var</c></summary>
    public string Var { get; init; }

    /// <summary><c>/sys/kernel/debug</c></summary>
    public string Debug { get; init; }

    /// <summary>The same layout below another directory.</summary>
    public static HostPaths Under(string root) => new(root);
}
