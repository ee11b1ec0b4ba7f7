using System.Runtime.InteropServices;
using Prometheus;

namespace OvsOffload.Metrics;

/// <summary>
/// The series of one family in the registry. Samples are added, then all of them are shown at once: what was shown
/// before and was not added again is gone then. Not safe for concurrent use.
/// </summary>
internal sealed class FamilySeries
{
    private readonly Func<string[], ChildBase> _find;
    private List<Series> _shown = [];
    private List<Series> _added = [];
    private bool _moved;

    /// <summary>Registers the family. It has no series, not even one of value 0, until samples are shown.</summary>
    public FamilySeries(MetricFamily family, MetricFactory factory)
    {
        string[] labels = [.. family.Labels];
        if (family.Type == MetricType.Counter)
        {
            Counter counter = factory.CreateCounter(
                family.Name, family.Help, labels, new CounterConfiguration { SuppressInitialValue = true });
            _find = counter.WithLabels;
        }
        else
        {
            Gauge gauge = factory.CreateGauge(
                family.Name, family.Help, labels, new GaugeConfiguration { SuppressInitialValue = true });
            _find = gauge.WithLabels;
        }
    }

    /// <summary>Adds a sample to what is shown next.</summary>
    public void Add(in Sample sample)
    {
        // Nearly always a host shows the same things in the same order as at the scrape before, and to compare a few
        // short texts is much cheaper than to look them up.
        int at = _added.Count;
        if (at < _shown.Count && sample.Labels.AsSpan().SequenceEqual(_shown[at].Labels))
        {
            _added.Add(_shown[at] with { Value = sample.Value });
            return;
        }

        string[] labels = ImmutableCollectionsMarshal.AsArray(sample.Labels) ?? [];
        _added.Add(new Series(labels, _find(labels), sample.Value));
        _moved = true;
    }

    /// <summary>Shows what was added, and nothing else.</summary>
    public void Show()
    {
        // Before any value is set: a series is removed by its labels, and one that is made anew has those of the old.
        if (_moved || _added.Count != _shown.Count)
        {
            HashSet<ChildBase> stay = [.. _added.Select(series => series.Child)];
            foreach (Series series in _shown.Where(series => !stay.Contains(series.Child)))
            {
                series.Child.Remove();
            }
        }

        for (int i = 0; i < _added.Count; i++)
        {
            Set(i);
        }

        (_shown, _added) = (_added, _shown);
        _added.Clear();
        _moved = false;
    }

    private void Set(int index)
    {
        (string[] labels, ChildBase child, double value) = _added[index];
        if (child is Gauge.Child gauge)
        {
            gauge.Set(value);
            return;
        }

        var counter = (Counter.Child)child;
        if (value < counter.Value)
        {
            counter.Remove();
            Replace(counter, _find(labels));
            counter = (Counter.Child)_added[index].Child;
        }

        counter.IncTo(value);
    }

    /// <summary>Wherever the old one stands: should a collector give the same labels twice, both go on as
    /// one.</summary>
    private void Replace(ChildBase old, ChildBase successor)
    {
        for (int i = 0; i < _added.Count; i++)
        {
            if (_added[i].Child == old)
            {
                _added[i] = _added[i] with { Child = successor };
            }
        }
    }

    private readonly record struct Series(string[] Labels, ChildBase Child, double Value);
}
