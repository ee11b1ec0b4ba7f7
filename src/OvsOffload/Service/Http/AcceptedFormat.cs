using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using ExpositionFormat = Prometheus.ExpositionFormat;
using PrometheusConstants = Prometheus.PrometheusConstants;

namespace OvsOffload.Service;

/// <summary>What a scraper wants, from its headers (RFC 9110, section 12.5).</summary>
internal static class AcceptedFormat
{
    private const string OpenMetricsType = "application/openmetrics-text";

    private const string OpenMetricsVersion = "1.0.0";

    private const string TextVersion = "0.0.4";

    private const string Gzip = "gzip";

    /// <summary>
    /// OpenMetrics where it is named and nothing that this program has is liked better; else Prometheus' text, also
    /// for a scraper that wants neither: a metric in the second best form helps more than an error.
    /// </summary>
    public static ExpositionFormat Of(IHeaderDictionary headers)
    {
        double openMetrics = 0, text = 0;
        if (MediaTypeHeaderValue.TryParseList(headers.Accept, out IList<MediaTypeHeaderValue>? ranges))
        {
            foreach (MediaTypeHeaderValue range in ranges)
            {
                double quality = range.Quality ?? 1;
                if (Is(range, OpenMetricsType, OpenMetricsVersion))
                {
                    openMetrics = Math.Max(openMetrics, quality);
                }
                else if (Is(range, "text/plain", TextVersion) || Is(range, "text/*", null) || Is(range, "*/*", null))
                {
                    text = Math.Max(text, quality);
                }
            }
        }

        return openMetrics > 0 && openMetrics >= text
            ? ExpositionFormat.OpenMetricsText
            : ExpositionFormat.PrometheusText;
    }

    /// <summary>The content type of a format.</summary>
    public static string ContentType(ExpositionFormat format) => format == ExpositionFormat.OpenMetricsText
        ? PrometheusConstants.OpenMetricsContentTypeWithVersionAndEncoding
        : PrometheusConstants.TextContentTypeWithVersionAndEncoding;

    /// <summary>Whether the answer may be compressed with gzip.</summary>
    public static bool TakesGzip(IHeaderDictionary headers)
    {
        if (!StringWithQualityHeaderValue.TryParseList(
            headers.AcceptEncoding, out IList<StringWithQualityHeaderValue>? codings))
        {
            return false;
        }

        double? gzip = null, any = null;
        foreach (StringWithQualityHeaderValue coding in codings)
        {
            if (coding.Value.Equals(Gzip, StringComparison.OrdinalIgnoreCase))
            {
                gzip = coding.Quality ?? 1;
            }
            else if (coding.Value.Equals("*", StringComparison.Ordinal))
            {
                any = coding.Quality ?? 1;
            }
        }

        return (gzip ?? any) > 0;
    }

    private static bool Is(MediaTypeHeaderValue range, string type, string? version)
    {
        if (!range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var asked = NameValueHeaderValue.Find(range.Parameters, "version");
        return asked is null
            || version is null
            || HeaderUtilities.RemoveQuotes(asked.Value) == new StringSegment(version);
    }
}
