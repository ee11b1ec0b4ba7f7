using OvsOffload.Sysfs;

namespace OvsOffload.Nics;

/// <summary>The NIC models that this program knows: <c>nic-models.yaml</c>, which is part of the program.
/// Immutable.</summary>
internal sealed class NicModels
{
    private const string FileName = "nic-models.yaml";

    private readonly Dictionary<PciId, NicModel> _byId;
    private readonly ILookup<PciId, NicModel> _byVfId;

    private NicModels(IReadOnlyList<NicModel> models)
    {
        All = models;
        _byId = models.ToDictionary(model => model.Id);
        _byVfId = models.SelectMany(model => model.VfIds, (model, id) => (model, id))
            .ToLookup(pair => pair.id, pair => pair.model);
    }

    /// <summary>The program's own file, read on first use.</summary>
    public static NicModels BuiltIn { get; } = ReadBuiltIn();

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<NicModel> All { get; }

    /// <exception cref="NicModelsException">Anything in the text is wrong; says line and column.</exception>
    public static NicModels Parse(string text, string fileName) => new(new NicModelsReader(fileName).Read(text));

    /// <summary>The model of a physical function; <see cref="NicModel.Unknown"/> for an id that is not in the
    /// file.</summary>
    public NicModel Find(PciId id) => _byId.GetValueOrDefault(id) ?? NicModel.Unknown(id);

    /// <summary>Whether the id is that of a physical function in the file, one in flash recovery included.</summary>
    public bool Knows(PciId id) => _byId.ContainsKey(id);

    /// <summary>The model of a function. A VF is what its PF is; without its PF (inside a guest) only an id that a
    /// single generation uses tells.</summary>
    /// <param name="function">PF or VF.</param>
    /// <param name="physicalFunction">The PF of a VF; null where the host does not show it.</param>
    public NicModel ForFunction(PciFunction function, PciFunction? physicalFunction)
    {
        if (function.IsVirtualFunction && physicalFunction is not null)
        {
            return Find(physicalFunction.Id);
        }
        NicModel[] owners = _byVfId[function.Id].ToArray();
        return !Knows(function.Id) && owners.Length > 0 && owners.DistinctBy(model => model.Generation).Count() == 1
            ? owners[0]
            : Find(function.Id);
    }

    private static NicModels ReadBuiltIn()
    {
        using Stream stream = typeof(NicModels).Assembly.GetManifestResourceStream(FileName)
            ?? throw new NicModelsException($"{FileName}: not embedded in the program");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd(), FileName);
    }
}

/// <summary>The file of NIC models has an error.</summary>
internal sealed class NicModelsException(string message) : Exception(message);
