using System.Text;
using System.Text.Json;
using CsCheck;
using OvsOffload.OpenVSwitch;
using OvsOffload.Tests.Fixtures;

namespace OvsOffload.Tests.OpenVSwitch;

public sealed class UnixctlReplyScannerTests
{
    // Written as ovs-vswitchd does: newlines, quotes and backslashes escaped, UTF-8 as it is.
    private const string Reply =
        """{"id":1,"result":"first line\nin_port(we\"ird,(x\\y)),ü\n\nlast \u00e9\ud83d\ude00\/\t\n","error":null}""";

    private static readonly string[] Records = ["first line", "in_port(we\"ird,(x\\y)),ü", "", "last é😀/\t"];

    [Fact]
    public void A_reply_in_pieces_of_any_size_gives_the_same_records()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Reply);
        for (int chunk = 1; chunk <= 64; chunk++)
        {
            Assert.Equal(Records, Scan(bytes, chunk, bufferBytes: 256).Records);
        }
    }

    [Fact]
    public void A_reply_split_in_two_at_every_offset_gives_the_same_records()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Reply);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            var records = new List<string>();
            UnixctlReplyScanner scanner = NewScanner(records);
            Feed(scanner, bytes.AsSpan(0, cut));
            Assert.Equal(cut == bytes.Length, scanner.Done);
            Feed(scanner, bytes.AsSpan(cut));
            Assert.True(scanner.Done);
            Assert.Equal(Records, records);
        }
    }

    [Theory]
    [InlineData("""{"id":1,"result":"a\nb\n","error":null}""")]
    [InlineData("""{"error":null,"result":"a\nb\n","id":1}""")]
    [InlineData("""{"result":"a\nb\n","id":1}""")]
    [InlineData(""" { "result" : "a\nb" , "error" : null , "id" : 1 , "note" : "x\ny" } """)]
    public void The_members_may_stand_in_any_order(string reply)
    {
        (List<string>? records, UnixctlReplyScanner? scanner) = Scan(Encoding.UTF8.GetBytes(reply), 7, 256);
        Assert.Equal(["a", "b"], records);
        Assert.Equal("1", scanner.Id);
        Assert.Null(scanner.ErrorText);
    }

    [Theory]
    [InlineData("""{"id":1,"error":"no \"such\"\nthing\n"}""")]
    [InlineData("""{"error":"no \"such\"\nthing\n","result":"a\n","id":1}""")]
    [InlineData("""{"id":1,"result":null,"error":"no \"such\"\nthing\n"}""")]
    public void An_error_is_kept_in_the_daemons_words(string reply) =>
        Assert.Equal("no \"such\"\nthing", Scan(Encoding.UTF8.GetBytes(reply), 5, 256).Scanner.ErrorText);

    [Fact]
    public void An_empty_result_has_no_records() =>
        Assert.Empty(Scan("""{"id":1,"result":"","error":null}"""u8, 64, 256).Records);

    [Fact]
    public void A_record_of_the_longest_length_is_whole_and_one_byte_more_is_told()
    {
        (List<string>? records, UnixctlReplyScanner? scanner) = Scan(
            Encoding.UTF8.GetBytes($$"""{"id":1,"result":"{{new string('a', 128)}}\n{{new string('b', 129)}}\nc\n"}"""),
            50,
            256);
        Assert.Equal([new string('a', 128), new string('b', 128) + "...", "c"], records);
        Assert.True(scanner.Done);
    }

    [Fact]
    public void A_record_that_escapes_make_too_long_is_told()
    {
        (List<string>? records, UnixctlReplyScanner _) = Scan(
            Encoding.UTF8.GetBytes($$"""{"id":1,"result":"{{string.Concat(Enumerable.Repeat("\\\"", 400))}}\nc\n"}"""),
            50,
            256);
        Assert.Equal([new string('"', 128) + "...", "c"], records);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("[]")]
    [InlineData("""{"id":1,"result":{"reply":"x"}}""")]
    [InlineData("""{"id":1,"result":17,"error":null}""")]
    [InlineData("""{"id":1,"result":"a\x"}""")]
    [InlineData("""{"id":1,"result":"\u12g4"}""")]
    [InlineData("""{"id":1,"result":"\ud83d alone"}""")]
    [InlineData("""{"id":1,"result":"\ude00"}""")]
    [InlineData("""{"id":1,"result":"\ud83d\n"}""")]
    [InlineData("{\"id\":1,\"result\":\"bare\nnewline\"}")]
    [InlineData("""{"id":1,"result":null,"error":null}""")]
    [InlineData("""{"id":1}""")]
    [InlineData("""{"id":1 "result":"a"}""")]
    [InlineData("""{"id":nul,"result":"a"}""")]
    [InlineData("{}")]
    public void Text_that_is_no_reply_is_malformed(string reply) =>
        Assert.Throws<FormatException>(() => Scan(Encoding.UTF8.GetBytes(reply), 3, 256));

    [Fact]
    public void Damaged_bytes_are_records_or_malformed_and_never_anything_else() =>
        Damage.Of(Encoding.UTF8.GetBytes(Reply), most: 4, marks: "{}\"\\:,nu").Check(5_000, bytes =>
        {
            var records = new List<string>();
            Exception? refused = Record.Exception(() => Feed(NewScanner(records), bytes));
            Assert.True(refused is null or FormatException, refused?.ToString());
            Assert.True(records.Sum(record => record.Length) <= bytes.Length);
        });

    [Fact]
    public void Records_of_any_letters_in_pieces_of_any_size_come_back_as_they_were() =>
        Gen.Select(
            Gen.String[Gen.OneOf<char>(Gen.Char, Gen.Char['\0', '\uffff']), 0, 25].Array[0, 20],
            Gen.Int[1, 300]).Sample((texts, chunk) =>
        {
            // A letter is 4 bytes of UTF-8 at most, and a record 128. A lone surrogate cannot be sent at all.
            string[] lines =
                [.. texts.Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\n', ' '))];
            string reply = JsonSerializer.Serialize(
                new { id = 1, result = string.Concat(lines.Select(line => line + "\n")) });

            (List<string>? records, UnixctlReplyScanner? scanner) = Scan(
                Encoding.UTF8.GetBytes(reply), chunk, bufferBytes: 256);

            Assert.True(scanner.Done);
            Assert.Equal(lines, records);
        }, iter: Damage.Rounds(2_000));

    private static UnixctlReplyScanner NewScanner(List<string> records, int bufferBytes = 256) =>
        new((record, whole) => records.Add(Encoding.UTF8.GetString(record) + (whole ? "" : "...")), bufferBytes, 128);

    private static (List<string> Records, UnixctlReplyScanner Scanner) Scan(
        ReadOnlySpan<byte> bytes, int chunk, int bufferBytes)
    {
        var records = new List<string>();
        UnixctlReplyScanner scanner = NewScanner(records, bufferBytes);
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(chunk, bytes.Length)..])
        {
            Feed(scanner, bytes[..Math.Min(chunk, bytes.Length)]);
        }

        return (records, scanner);
    }

    private static void Feed(UnixctlReplyScanner scanner, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !scanner.Done)
        {
            int count = Math.Min(bytes.Length, scanner.Room.Length);
            Assert.True(count > 0);
            bytes[..count].CopyTo(scanner.Room.Span);
            scanner.Received(count);
            bytes = bytes[count..];
        }
    }
}
