using System.Text;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.Tests.Fixtures;
using static OvsOffload.Tests.Intent.Configuration.ConfigurationTexts;

namespace OvsOffload.Tests.Intent.Configuration;

/// <summary>Whatever a file holds, the reader ends with an intent or with errors that have a place.</summary>
public sealed class ConfigurationFuzzTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes("""
        version: 1
        nics:
          - pf: "0000:3b:00.0" # \u00e9
            vfs: 2
            vf-macs: ["02:00:00:00:00:0a", '02:00:00:00:00:0b']
          - { pf: 3b:00.1, vf-driver: vfio-pci }
        bonds:
          - name: bond0
            profile: "la\x63p"
            members: ["0000:3b:00.0", 3b:00.1]
        bridges:
          - name: br1
            uplink: bond0
            addresses: [192.0.2.10/24]
        openvswitch: { max-idle: 10s, restart: auto, restart-command: [/bin/r, "x y"] }
        metrics: { listen: ":9975", flow-dump: { duty: 1% }, collectors: { a: true } }
        safety: { protect: none }
        """);

    [Fact]
    public void A_file_cut_at_any_offset_is_read_or_refused()
    {
        int accepted = Enumerable.Range(0, Text.Length + 1).Count(length => IsAccepted(Text[..length]));

        Assert.InRange(accepted, 2, Text.Length / 2);
    }

    [Fact]
    public void A_damaged_file_is_read_or_refused()
    {
        const int Rounds = 6_000;
        long refused = 0;
        Damage.Of(Text, most: 5, marks: "\0\t\n\r !\"#%&'*,-:>?@[\\]`{|}~\u0085\u2028\ufeff")
            .Check(Rounds, content => Interlocked.Add(ref refused, IsAccepted(content) ? 0 : 1));

        Assert.InRange(refused, Damage.Rounds(Rounds) / 2, Damage.Rounds(Rounds));
    }

    [Theory]
    [InlineData("a: 1\n")]
    [InlineData("[], ")]
    [InlineData("'")]
    [InlineData("\"\\u")]
    [InlineData("%YAML 1.2\n")]
    [InlineData("? ")]
    [InlineData("|\n")]
    [InlineData(": ")]
    [InlineData("---\n")]
    public void A_file_that_repeats_one_thing_to_the_limit_is_refused(string part) =>
        Assert.False(IsAccepted(
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, ConfigurationText.MaxBytes / part.Length)))));

    private static bool IsAccepted(byte[] content)
    {
        try
        {
            HostIntent intent = ConfigurationReader.Parse("c.yaml", content);
            return Parse(ConfigurationWriter.Write(intent, withComments: true)).Nics.Count == intent.Nics.Count;
        }
        catch (ConfigurationException exception)
        {
            Assert.NotEmpty(exception.Errors);
            Assert.All(exception.Errors.Take(10), error => Assert.True(error.Position.Line > 0, error.ToString()));
            return false;
        }
    }
}
