using System.Reflection;
using System.Text.RegularExpressions;

namespace OvsOffload.Tests.House;

/// <summary>Which source file uses which other, of all assemblies that are shipped.</summary>
internal sealed partial class SourceGraph
{
    private readonly Dictionary<Module, CompiledSources> _sources;

    private SourceGraph(IEnumerable<Assembly> assemblies)
    {
        _sources = assemblies.ToDictionary(assembly => assembly.ManifestModule, CompiledSources.Read);
        Arrows = _sources.Values.SelectMany(Read).Where(arrow => arrow.From != arrow.To).ToHashSet();
    }

    /// <summary>Every arrow between two files, as the compiled code has it.</summary>
    public IReadOnlySet<Arrow> Arrows { get; }

    /// <summary>Reads assemblies of which each has its PDB beside it.</summary>
    public static SourceGraph Of(params Assembly[] assemblies) => new(assemblies);

    /// <summary>
    /// The namespaces below <c>OvsOffload</c> that a file's <c>using</c> lines name. The compiled code does not show
    /// what is used of a constant, or in a <c>nameof</c>.
    /// </summary>
    public static IEnumerable<string> Usings(string text) =>
        Using().Matches(text).Select(match => match.Groups[1].Value);

    private IEnumerable<Arrow> Read(CompiledSources sources)
    {
        foreach (Type type in sources.Assembly.GetTypes())
        {
            foreach (Arrow arrow in References.OfHead(type).SelectMany(used => Arrow(type, used)))
            {
                yield return arrow;
            }

            foreach (MemberInfo member in References.Members(type))
            {
                foreach (Arrow arrow in References.Of(member).SelectMany(used => Arrow(member, used)))
                {
                    yield return arrow;
                }
            }
        }
    }

    private IEnumerable<Arrow> Arrow(MemberInfo from, MemberInfo to)
    {
        if (_sources.TryGetValue(to.Module, out CompiledSources? declared)
            && _sources[from.Module].FileOf(from) is { } user && declared.FileOf(to) is { } used)
        {
            yield return new Arrow(user, used);
        }
    }

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?OvsOffload\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();
}
