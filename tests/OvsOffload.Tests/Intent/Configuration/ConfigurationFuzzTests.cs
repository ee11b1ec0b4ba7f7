using System.Text;
using OvsOffload.Intent.Configuration;
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
        var accepted = Enumerable.Range(0, Text.Length + 1).Count(length => IsAccepted(Text[..length]));

        Assert.InRange(accepted, 2, Text.Length / 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_file_with_changed_bytes_is_read_or_refused(int seed)
    {
        var random = new Random(seed);
        var special = "\0\t\n\r !\"#%&'*,-:>?@[\\]`{|}~\u0085\u2028\ufeff"u8.ToArray();
        var refused = 0;
        for (var round = 0; round < 2000; round++)
        {
            var changed = Text.ToList();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var offset = random.Next(changed.Count);
                var octet = random.Next(2) == 0 ? special[random.Next(special.Length)] : (byte)random.Next(256);
                switch (random.Next(4))
                {
                    case 0: changed.RemoveAt(offset); break;
                    case 1: changed.Insert(offset, octet); break;
                    case 2: changed.InsertRange(offset, changed.GetRange(0, random.Next(changed.Count))); break;
                    default: changed[offset] = octet; break;
                }
            }

            refused += IsAccepted([.. changed]) ? 0 : 1;
        }

        Assert.InRange(refused, 1000, 2000);
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
            var intent = ConfigurationReader.Parse("c.yaml", content);
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
