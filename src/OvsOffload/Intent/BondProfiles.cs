using System.Reflection;
using OvsOffload.Intent.Configuration;
using OvsOffload.Os;

namespace OvsOffload.Intent;

/// <summary>
/// The bond profiles of this host: those of <c>/etc/ovs-offload/bond-profiles</c>, and the program's own, of which a
/// file of the same name there takes the place. Stateless; a file is read when it is asked for.
/// </summary>
/// <param name="paths">The host's trees.</param>
internal sealed class BondProfiles(HostPaths paths)
{
    private const string Extension = ".yaml";

    /// <summary>The logical names of the resources begin so.</summary>
    private const string BuiltIn = "bond-profiles/";

    private string Directory => Path.Combine(paths.Etc, "ovs-offload/bond-profiles");

    private static Assembly Program => typeof(BondProfiles).Assembly;

    /// <summary>The names, in order.</summary>
    /// <exception cref="ConfigurationException">The site's directory could not be read.</exception>
    public IReadOnlyList<string> Names()
    {
        Reading<IReadOnlyList<string>> own = paths.Files.Names(Directory);
        if (own.IsFailed)
        {
            throw new ConfigurationException(
            [
                new ConfigurationError(
                    SourcePosition.WholeFile(Directory), $"cannot be read: {own.WhyOf(Directory)}"),
            ]);
        }

        return
        [
            .. Program.GetManifestResourceNames().Where(name => name.StartsWith(BuiltIn, StringComparison.Ordinal))
                .Select(name => name[BuiltIn.Length..])
                .Concat(own.ValueOr([]))
                .Where(name => name.EndsWith(Extension, StringComparison.Ordinal))
                .Select(name => name[..^Extension.Length])
                .Distinct().Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>A profile by its name; null where there is none.</summary>
    /// <exception cref="ConfigurationException">It is wrong, or could not be read.</exception>
    public BondProfile? Find(string name)
    {
        string file = Path.Combine(Directory, name + Extension);
        Reading<byte[]> own = paths.Files.Bytes(file, ConfigurationText.MaxBytes);
        if (own.IsFailed)
        {
            throw new ConfigurationException(
                [new ConfigurationError(SourcePosition.WholeFile(file), $"cannot be read: {own.WhyOf(file)}")]);
        }

        return own.IsKnown ? BondProfileReader.Parse(name, file, own.Value) : FindBuiltIn(name);
    }

    private static BondProfile? FindBuiltIn(string name)
    {
        using Stream? stream = Program.GetManifestResourceStream(BuiltIn + name + Extension);
        if (stream is null)
        {
            return null;
        }

        using var content = new MemoryStream();
        stream.CopyTo(content);
        return BondProfileReader.Parse(name, BuiltIn + name + Extension, content.ToArray());
    }
}
