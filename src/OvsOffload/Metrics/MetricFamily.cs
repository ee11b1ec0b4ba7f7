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
    /// <summary>What every name begins with, but for those that all programs have in common.</summary>
    public const string Prefix = "ovs_offload_";

    private MetricFamily(string name, MetricType type, string help, string[] labels)
    {
        Name = name;
        Type = type;
        Help = help;
        Labels = [.. labels];
    }

    /// <summary>The whole name.</summary>
    public string Name { get; }

    /// <summary>Gauge or counter.</summary>
    public MetricType Type { get; }

    /// <summary>
    /// The meaning, in one sentence without a full stop. The exposition has no escapes in it: it holds no newline, no
    /// backslash and no quote.
    /// </summary>
    public string Help { get; }

    /// <summary>Names of the labels, in the order in which a sample states their values.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>Declares a gauge.</summary>
    /// <param name="name">The name without <see cref="Prefix"/>, in base units.</param>
    /// <param name="help">The meaning.</param>
    /// <param name="labels">Names of the labels.</param>
    public static MetricFamily Gauge(string name, string help, params string[] labels) =>
        new(Prefix + name, MetricType.Gauge, help, labels);

    /// <summary>Declares a counter.</summary>
    /// <param name="name">The name without <see cref="Prefix"/>, in base units; ends in <c>_total</c>.</param>
    /// <param name="help">The meaning.</param>
    /// <param name="labels">Names of the labels.</param>
    public static MetricFamily Counter(string name, string help, params string[] labels) =>
        new(Prefix + name, MetricType.Counter, help, labels);

    /// <summary>Declares a gauge that every program has under the same name, such as
    /// <c>process_open_fds</c>.</summary>
    /// <param name="name">The whole name.</param>
    /// <param name="help">The meaning.</param>
    public static MetricFamily CommonGauge(string name, string help) => new(name, MetricType.Gauge, help, []);

    /// <summary>Declares a counter that every program has under the same name.</summary>
    /// <param name="name">The whole name; ends in <c>_total</c>.</param>
    /// <param name="help">The meaning.</param>
    public static MetricFamily CommonCounter(string name, string help) => new(name, MetricType.Counter, help, []);

    /// <summary>A sample of this family.</summary>
    /// <param name="value">The number.</param>
    /// <param name="labels">One value for each of <see cref="Labels"/>, in their order.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than labels, or a counter is below
    /// 0.</exception>
    public Sample Of(double value, params ImmutableArray<string> labels) => labels.Length != Labels.Length
        ? throw new ArgumentException($"{Name} has {Labels.Length} labels, not {labels.Length}", nameof(labels))
        : value < 0 && Type == MetricType.Counter
        ? throw new ArgumentException($"{Name} is a counter and cannot be {value}", nameof(value))
        : new Sample(this, value, labels);

    /// <summary>A sample that says yes (1) or no (0).</summary>
    public Sample Of(bool value, params ImmutableArray<string> labels) => Of(value ? 1 : 0, labels);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>One number with its labels.</summary>
/// <param name="Family">What it is a number of.</param>
/// <param name="Value">The number; <c>NaN</c> and the infinities have their spelling in the exposition.</param>
/// <param name="Labels">The values of the family's labels, in its order; an empty one counts as no label.</param>
internal readonly record struct Sample(MetricFamily Family, double Value, ImmutableArray<string> Labels);
