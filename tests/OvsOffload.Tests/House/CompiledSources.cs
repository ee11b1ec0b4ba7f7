using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace OvsOffload.Tests.House;

/// <summary>
/// Which source file declares what in a compiled assembly, as its PDB tells. A path begins at the project's root
/// (<c>src/OvsOffload/Os/Errno.cs</c>); what a generator made belongs to the file of the type that it is a part of.
/// </summary>
internal sealed class CompiledSources
{
    /// <summary>
    /// The kind of the records that name the files of types without code, such as enumerations and interfaces: "Type
    /// Definition Documents" of the portable PDB format.
    /// </summary>
    private static readonly Guid TypeDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private readonly Dictionary<int, string> _ofMethods = [];
    private readonly Dictionary<int, string> _ofTypes = [];

    private CompiledSources(Assembly assembly) => Assembly = assembly;

    public Assembly Assembly { get; }

    /// <summary>Reads the PDB beside an assembly.</summary>
    public static CompiledSources Read(Assembly assembly)
    {
        using FileStream file = File.OpenRead(Path.ChangeExtension(assembly.Location, ".pdb"));
        using var provider = MetadataReaderProvider.FromPortablePdbStream(file);
        MetadataReader reader = provider.GetMetadataReader();
        var sources = new CompiledSources(assembly);
        foreach (MethodDebugInformationHandle handle in reader.MethodDebugInformation)
        {
            MethodDebugInformation method = reader.GetMethodDebugInformation(handle);
            DocumentHandle document = method.Document.IsNil
                ? method.GetSequencePoints().FirstOrDefault().Document
                : method.Document;
            if (!document.IsNil && PathOf(reader, document) is { } path)
            {
                sources._ofMethods.Add(MetadataTokens.GetToken(handle.ToDefinitionHandle()), path);
            }
        }

        foreach (CustomDebugInformationHandle handle in reader.CustomDebugInformation)
        {
            CustomDebugInformation record = reader.GetCustomDebugInformation(handle);
            if (reader.GetGuid(record.Kind) == TypeDocuments)
            {
                BlobReader value = reader.GetBlobReader(record.Value);
                DocumentHandle document = MetadataTokens.DocumentHandle(value.ReadCompressedInteger());
                if (PathOf(reader, document) is { } path)
                {
                    sources._ofTypes.Add(MetadataTokens.GetToken(record.Parent), path);
                }
            }
        }

        return sources;
    }

    /// <summary>The file that declares a type or a member; null for what the compiler made of itself.</summary>
    public string? FileOf(MemberInfo member) => member switch
    {
        Type type => FileOf(type),
        MethodBase method => _ofMethods.GetValueOrDefault(method.MetadataToken) ?? FileOf(method.DeclaringType!),
        PropertyInfo property => FileOf((MemberInfo)(property.GetMethod ?? property.SetMethod)!),
        _ => FileOf(member.DeclaringType!),
    };

    /// <summary>
    /// The file of a type: of several, the one that is named after it, or else the one with the most members.
    /// </summary>
    private string? FileOf(Type type)
    {
        if (!_ofTypes.TryGetValue(type.MetadataToken, out string? file))
        {
            string name = type.Name.Split('`')[0];
            file = References.Members(type).OfType<MethodBase>()
                .Select(method => _ofMethods.GetValueOrDefault(method.MetadataToken))
                .OfType<string>()
                .GroupBy(path => path)
                .OrderByDescending(group => Path.GetFileNameWithoutExtension(group.Key) == name)
                .ThenByDescending(group => group.Count())
                .FirstOrDefault()?.Key;
            if (file is not null)
            {
                _ofTypes.Add(type.MetadataToken, file);
            }
        }

        return file ?? (type.DeclaringType is { } outer ? FileOf(outer) : null);
    }

    private static string? PathOf(MetadataReader reader, DocumentHandle document)
    {
        string path = reader.GetString(reader.GetDocument(document).Name);
        int root = path.IndexOf("/src/", StringComparison.Ordinal);
        return root < 0 || path.Contains("/obj/", StringComparison.Ordinal)
            || path.EndsWith(".g.cs", StringComparison.Ordinal)
            ? null
            : path[(root + 1)..];
    }
}
