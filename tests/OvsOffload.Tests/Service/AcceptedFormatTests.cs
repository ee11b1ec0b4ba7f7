using Microsoft.AspNetCore.Http;
using OvsOffload.Service;
using ExpositionFormat = Prometheus.ExpositionFormat;

namespace OvsOffload.Tests.Service;

public sealed class AcceptedFormatTests
{
    private const string OpenMetrics = nameof(ExpositionFormat.OpenMetricsText);
    private const string Text = nameof(ExpositionFormat.PrometheusText);

    [Theory]
    [InlineData(null, Text)]
    [InlineData("", Text)]
    [InlineData("*/*", Text)]
    [InlineData("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", Text)]
    [InlineData("application/openmetrics-text", OpenMetrics)]
    [InlineData("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", OpenMetrics)]
    [InlineData("application/openmetrics-text; version=\"1.0.0\"; charset=utf-8", OpenMetrics)]
    [InlineData("application/openmetrics-text;version=0.0.1", Text)]
    [InlineData("application/openmetrics-text;version=2.0.0,text/plain;q=0.1", Text)]
    [InlineData("application/openmetrics-text;q=0.4,text/plain;version=0.0.4;q=0.5", Text)]
    [InlineData("application/openmetrics-text;q=0,text/plain;q=0.1", Text)]
    [InlineData("application/openmetrics-text;q=0", Text)]
    [InlineData(
        "application/vnd.google.protobuf;encoding=delimited;q=0.7,application/openmetrics-text;q=0.6;version=1.0.0",
        OpenMetrics)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;q=0.5", OpenMetrics)]
    [InlineData("this is no media type at all", Text)]
    [InlineData(";;;,,,q=", Text)]
    public void The_best_format_that_the_scraper_takes_is_given(string? accept, string format) =>
        Assert.Equal(format, AcceptedFormat.Of(new HeaderDictionary { ["Accept"] = accept }).ToString());

    [Theory]
    [InlineData(null, false)]
    [InlineData("gzip", true)]
    [InlineData("GZIP;q=0.1, br", true)]
    [InlineData("deflate, br", false)]
    [InlineData("gzip;q=0", false)]
    [InlineData("*", true)]
    [InlineData("*;q=0", false)]
    [InlineData("gzip;q=0, *", false)]
    [InlineData("identity", false)]
    [InlineData(";q=;,", false)]
    public void Gzip_is_used_only_where_it_is_taken(string? encodings, bool takes) =>
        Assert.Equal(takes, AcceptedFormat.TakesGzip(new HeaderDictionary { ["Accept-Encoding"] = encodings }));
}
