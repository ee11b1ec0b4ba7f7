using OvsOffload.Os;


namespace OvsOffload.Testing;

/// <summary>
/// A host's /sys, /proc, /dev and so on in a temporary directory, made file by file. Names are absolute, as on the
/// host; the tree goes away with the object.
/// </summary>
internal sealed class HostTree : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ovs-offload-host-");

    public HostPaths Paths => HostPaths.Under(_root.FullName);

    /// <summary>Where a path of the host is in the tree.</summary>
    public string At(string path) => Path.Combine(_root.FullName, path.TrimStart('/'));

    public HostTree Dir(string path)
    {
        Directory.CreateDirectory(At(path));
        return this;
    }

    public HostTree File(string path, string text) => File(path, global::System.Text.Encoding.UTF8.GetBytes(text));

    public HostTree File(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        global::System.IO.File.WriteAllBytes(At(path), bytes);
        return this;
    }

    /// <summary>A symbolic link with exactly this text, which need not lead anywhere.</summary>
    public HostTree Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        global::System.IO.File.CreateSymbolicLink(At(path), target);
        return this;
    }

    /// <summary>A PCI function with its identity and, where given, attribute files.</summary>
    public HostTree Pci(
        string address, string id, string classCode = "0x020000", params (string Name, string Text)[] attributes)
    {
        string directory = $"/sys/bus/pci/devices/{address}";
        File($"{directory}/vendor", $"0x{id[..4]}\n");
        File($"{directory}/device", $"0x{id[5..]}\n");
        File($"{directory}/class", $"{classCode}\n");
        foreach ((string? name, string? text) in attributes)
        {
            File($"{directory}/{name}", text + "\n");
        }
        return this;
    }

    public string Text(string path) => global::System.IO.File.ReadAllText(At(path));

    public void Dispose() => _root.Delete(recursive: true);
}
