using System.Text;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;

namespace OvsOffload.Tests.Intent.Configuration;

/// <summary>Reads configurations that tests write.</summary>
internal static class ConfigurationTexts
{
    public static HostIntent Parse(string text) => ConfigurationReader.Parse("c.yaml", Encoding.UTF8.GetBytes(text));

    /// <summary>One line for each error of the text; fails the test where there is none.</summary>
    public static string[] Errors(string text) => Errors(Encoding.UTF8.GetBytes(text));

    public static string[] Errors(byte[] content) =>
        [.. Assert.Throws<ConfigurationException>(() => ConfigurationReader.Parse("c.yaml", content))
            .Errors.Select(error => error.ToString())];

    public static string Error(string text) => Assert.Single(Errors(text));

    /// <summary>A file with one NIC, whose entry goes on with these lines of "key: value".</summary>
    public static string Nic(params string[] lines) =>
        "version: 1\nnics:\n- pf: \"0000:3b:00.0\"\n" + string.Concat(lines.Select(line => $"  {line}\n"));

    /// <summary>A file with a section of one line.</summary>
    public static string Section(string name, string flow) => $"version: 1\n{name}: {flow}\n";
}
