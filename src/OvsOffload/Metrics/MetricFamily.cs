using System.Collections.Immutable;

namespace OvsOffload.Metrics;

/// <summary>What kind of number a family holds, in Prometheus' words.</summary>
internal enum MetricType
{
    /// <summary>It goes up and down.</summary>
    Gauge,

    /// <summary>It only grows, and begins again at 0 when what is counted is made anew.</summary>
    Counter,
}

/// <summary>
/// A family of metrics: a name with its meaning, and the labels that tell its samples apart. Declared once, as data, so
/// that the exposition, <c>metrics list</c> and the tests stand on the same words.
/// </summary>
internal sealed class MetricFamily
{
    /// <summary>What every name begins with.</summary>
    public const string Prefix = "ovs_offload_";

    /// <summary>What a counter's name ends in.</summary>
    private const string Total = "_total";

    /// <summary>What the name of a family ends in whose samples are always 1 and hold facts in labels.</summary>
    private const string InfoEnd = "_info";

    /// <summary>The base units that are used here, as Prometheus spells them.</summary>
    private static readonly ImmutableArray<string> Units = ["seconds", "bytes"];

    private MetricFamily(string name, MetricType type, string help, string[] labels)
    {
        Name = Prefix + name;
        Type = type;
        Help = help;
        Labels = [.. labels];
        string bare = WithoutTotal(Name);
        Unit = Units.FirstOrDefault(unit => bare.EndsWith($"_{unit}", StringComparison.Ordinal));
    }

    /// <summary>The whole name.</summary>
    public string Name { get; }

    /// <summary>Gauge or counter.</summary>
    public MetricType Type { get; }

    /// <summary>The meaning, in one sentence without a full stop.</summary>
    public string Help { get; }

    /// <summary>The base unit that the name states, <c>seconds</c> or <c>bytes</c>; null for a bare number.</summary>
    public string? Unit { get; }

    /// <summary>Whether its samples are always 1 and hold facts in labels.</summary>
    public bool IsInfo => Name.EndsWith(InfoEnd, StringComparison.Ordinal);

    /// <summary>
    /// The name of the family in OpenMetrics, where what a type adds to the name of a sample (<c>_total</c>,
    /// <c>_info</c>) is no part of it.
    /// </summary>
    public string OpenMetricsName =>
        Type == MetricType.Counter ? WithoutTotal(Name) : IsInfo ? Name[..^InfoEnd.Length] : Name;

    /// <summary>Names of the labels, in the order in which a sample states their values.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>Declares a gauge.</summary>
    /// <param name="name">The name without <see cref="Prefix"/>, in base units.</param>
    /// <param name="help">The meaning.</param>
    /// <param name="labels">Names of the labels.</param>
    public static MetricFamily Gauge(string name, string help, params string[] labels) =>
        new(name, MetricType.Gauge, help, labels);

    /// <summary>Declares a counter.</summary>
    /// <param name="name">The name without <see cref="Prefix"/>, in base units; ends in <c>_total</c>.</param>
    /// <param name="help">The meaning.</param>
    /// <param name="labels">Names of the labels.</param>
    public static MetricFamily Counter(string name, string help, params string[] labels) =>
        new(name, MetricType.Counter, help, labels);

    /// <summary>A sample of this family.</summary>
    /// <param name="value">The number.</param>
    /// <param name="labels">One value for each of <see cref="Labels"/>, in their order.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than labels.</exception>
    public Sample Of(double value, params ImmutableArray<string> labels) => labels.Length == Labels.Length
        ? new Sample(this, value, labels)
        : throw new ArgumentException($"{Name} has {Labels.Length} labels, not {labels.Length}", nameof(labels));

    /// <summary>A sample that says yes (1) or no (0).</summary>
    public Sample Of(bool value, params ImmutableArray<string> labels) => Of(value ? 1 : 0, labels);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static string WithoutTotal(string name) =>
        name.EndsWith(Total, StringComparison.Ordinal) ? name[..^Total.Length] : name;
}

/// <summary>One number with its labels.</summary>
/// <param name="Family">What it is a number of.</param>
/// <param name="Value">The number; <c>NaN</c> and the infinities have their spelling in the exposition.</param>
/// <param name="Labels">The values of the family's labels, in its order; an empty one counts as no label.</param>
internal readonly record struct Sample(MetricFamily Family, double Value, ImmutableArray<string> Labels);
