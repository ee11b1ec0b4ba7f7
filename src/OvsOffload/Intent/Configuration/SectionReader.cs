namespace OvsOffload.Intent.Configuration;

/// <summary>
/// Reads one mapping by its declaration. Unknown and repeated keys are reported when it is made; a value that is wrong
/// is reported when it is read, and its default is returned, so that the rest of the section is checked as well.
/// </summary>
internal sealed class SectionReader
{
    private readonly Dictionary<string, MappingEntry> _entries = [];
    private readonly MappingNode _node;
    private readonly string _path;
    private readonly Problems _problems;

    /// <param name="section">What may stand in it.</param>
    /// <param name="node">What stands in it.</param>
    /// <param name="path">How it is called in messages; empty for the file's top.</param>
    /// <param name="problems">Where errors go.</param>
    public SectionReader(Section section, MappingNode node, string path, Problems problems)
    {
        _node = node;
        _path = path;
        _problems = problems;
        var known = section.Content.Select(declaration => declaration.Name).ToHashSet();
        foreach (MappingEntry entry in node.Entries)
        {
            Add(entry, known);
        }
    }

    /// <summary>
    /// Whether every required key was there and could be read; false means that the section is to be dropped.
    /// </summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>
    /// Where the section and the values of its keys stand; those of a mapping of names as <c>KEY.NAME</c>.
    /// </summary>
    public SourceMap Source =>
        new(_node.Position, new Dictionary<string, SourcePosition>(_entries.Values.SelectMany(Positions)));

    /// <summary>The key's value, or its default.</summary>
    public T Read<T>(Key<T> key)
    {
        if (_entries.TryGetValue(key.Name, out MappingEntry? entry))
        {
            if (key.Kind.TryRead(entry.Value, PathOf(key.Name), _problems, out T? value))
            {
                return value;
            }

            IsComplete &= !key.IsRequired;
        }
        else if (key.IsRequired)
        {
            _problems.Add(_node.Position, $"{PathOf(key.Name)}: required key is missing; allowed: {key.Kind.Allowed}");
            IsComplete = false;
        }

        return key.Default;
    }

    /// <summary>A mapping inside this one, null where it is not stated.</summary>
    public T? ReadSection<T>(Section section, Func<SectionReader, T> read)
        where T : class
    {
        if (!_entries.TryGetValue(section.Name, out MappingEntry? entry))
        {
            return null;
        }

        if (entry.Value is MappingNode mapping)
        {
            return read(new SectionReader(section, mapping, PathOf(section.Name), _problems));
        }

        _problems.NotAllowed(
            entry.Value, PathOf(section.Name), "a mapping", "Remove the key if it has no entries");
        return null;
    }

    /// <summary>A list of mappings inside this one; items that are not complete are left out.</summary>
    /// <param name="section">What each of them is.</param>
    /// <param name="read">Reads one of them.</param>
    /// <param name="complete">Whether none was left out.</param>
    public IReadOnlyList<T> ReadSections<T>(Section section, Func<SectionReader, T> read, out bool complete)
    {
        complete = true;
        if (!_entries.TryGetValue(section.Name, out MappingEntry? entry))
        {
            return [];
        }

        string path = PathOf(section.Name);
        if (entry.Value is not SequenceNode sequence)
        {
            _problems.NotAllowed(
                entry.Value,
                path,
                "a list of mappings, each starting with \"- \"",
                "Remove the key if there are none");
            complete = false;
            return [];
        }

        var items = new List<T>();
        for (int i = 0; i < sequence.Items.Count; i++)
        {
            if (sequence.Items[i] is not MappingNode mapping)
            {
                _problems.NotAllowed(sequence.Items[i], $"{path}[{i}]", "a mapping");
                complete = false;
                continue;
            }

            var reader = new SectionReader(section, mapping, $"{path}[{i}]", _problems);
            T? item = read(reader);
            complete &= reader.IsComplete;
            if (reader.IsComplete)
            {
                items.Add(item);
            }
        }

        return items;
    }

    /// <summary>A mapping of names inside this one, with where each value stands.</summary>
    /// <param name="values">Its declaration.</param>
    /// <param name="known">The names that there are; null where any will do.</param>
    public IReadOnlyDictionary<string, T> ReadNamed<T>(NamedValues<T> values, IReadOnlyCollection<string>? known)
    {
        if (!_entries.TryGetValue(values.Name, out MappingEntry? entry))
        {
            return new Dictionary<string, T>();
        }

        string path = PathOf(values.Name);
        if (entry.Value is not MappingNode mapping)
        {
            _problems.NotAllowed(entry.Value, path, $"a mapping of {values.NameKind}: {values.Kind.Allowed}");
            return new Dictionary<string, T>();
        }

        IEnumerable<Key<T>> names = (known ?? NamesOf(mapping)).Select(name => Named(values, name));
        var section = new Section(values.Name, values.Help, [.. names]);
        var reader = new SectionReader(section, mapping, path, _problems);
        return reader._entries.ToDictionary(named => named.Key, named => reader.Read(Named(values, named.Key)));
    }

    private static Key<T> Named<T>(NamedValues<T> values, string name) => new(name, values.Kind, default!, values.Help);

    private static IEnumerable<string> NamesOf(MappingNode mapping) => mapping.Entries.Select(entry => entry.Key.Text);

    private static IEnumerable<KeyValuePair<string, SourcePosition>> Positions(MappingEntry entry)
    {
        string key = entry.Key.Text;
        IReadOnlyList<MappingEntry> inner = entry.Value is MappingNode mapping ? mapping.Entries : [];
        return inner.DistinctBy(named => named.Key.Text)
            .Select(named => KeyValuePair.Create($"{key}.{named.Key.Text}", named.Value.Position))
            .Append(KeyValuePair.Create(key, entry.Value.Position));
    }

    private void Add(MappingEntry entry, HashSet<string> known)
    {
        string key = entry.Key.Text;
        if (!known.Contains(key))
        {
            string hint = Suggestion.Hint(key, known) is { } nearest ? nearest + " Known keys" : "Known keys";
            _problems.Add(
                entry.Key.Position,
                $"{Prefix}unknown key {ConfigurationNode.Quote(key)}. {hint}: {string.Join(", ", known)}");
        }
        else if (!_entries.TryAdd(key, entry))
        {
            _problems.Add(
                entry.Key.Position,
                $"{Prefix}duplicate key {ConfigurationNode.Quote(key)}, first set at {_entries[key].Key.Position}");
        }
    }

    private string Prefix => _path.Length == 0 ? "" : _path + ": ";

    private string PathOf(string key) => _path.Length == 0 ? key : $"{_path}.{key}";
}
