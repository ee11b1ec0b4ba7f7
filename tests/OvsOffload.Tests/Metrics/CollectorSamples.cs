using OvsOffload.Metrics;

namespace OvsOffload.Tests.Metrics;

/// <summary>Samples as text without the prefix, one a line, so that a test can state them.</summary>
internal static class CollectorSamples
{
    public static string[] Lines(this IEnumerable<Sample> samples) => [.. samples.Select(Line)];

    private static string Line(Sample sample)
    {
        string labels = string.Join(
            ",", sample.Family.Labels.Zip(sample.Labels, (name, value) => $"{name}={value}"));
        return $"{sample.Family.Name[MetricFamily.Prefix.Length..]}{{{labels}}} {sample.Value}";
    }
}
