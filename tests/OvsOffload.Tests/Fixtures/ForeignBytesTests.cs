using System.Text.Json;
using OvsOffload.Bundles;
using OvsOffload.Intent.Configuration;
using OvsOffload.Netlink;

namespace OvsOffload.Tests.Fixtures;

/// <summary>
/// Each parser of what others write gets two million damaged bytes, a hundred times as many with
/// <c>CsCheck_Iter=10000</c>: it reads them, or refuses with the failure that its callers expect, and takes no more
/// memory than the text is worth. Netlink, dumps and bundles have tests of their own beside this one.
/// </summary>
public sealed class ForeignBytesTests
{
    /// <summary>Damaged bytes for one parser.</summary>
    private const int Each = 2_000_000;

    /// <summary>Bytes allocated at most, whatever a text of some hundred bytes says: a count in it is no reason to
    /// reserve.</summary>
    private const long MaxAllocated = 4_000_000;

    /// <summary>So deep would a reader be nested, if it were by its caller's stack: 8 MB of it end a process.</summary>
    private const int Depth = 100_000;

    /// <summary>Bytes allocated at most for each byte of a long text; more grow faster than the text.</summary>
    private const long MaxAllocatedPerByte = 1_000;

    public static TheoryData<string> Names => [.. ForeignBytes.All.Select(parser => parser.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Damaged_text_is_read_or_refused(string name)
    {
        (ForeignBytes parser, byte[] text) = Find(name);
        parser.Read(text);

        Damage.Of(text, most: 8, parser.Marks).Check(Each / text.Length, damaged =>
            Assert.InRange(AllocatedBy(parser, damaged), 0, MaxAllocated));
    }

    /// <summary>What no chance finds: a text that is nested without end, or a line that never ends.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_mark_repeated_without_end_is_read_or_refused_in_memory_that_grows_as_the_text_does(string name)
    {
        (ForeignBytes parser, byte[] text) = Find(name);
        foreach (char mark in parser.Marks)
        {
            byte[] nested = [.. text, .. Enumerable.Repeat((byte)mark, Depth)];
            Assert.InRange(AllocatedBy(parser, nested), 0, MaxAllocated + (MaxAllocatedPerByte * nested.Length));
            Assert.InRange(
                AllocatedBy(parser, nested[text.Length..]), 0, MaxAllocated + (MaxAllocatedPerByte * Depth));
        }
    }

    private static (ForeignBytes Parser, byte[] Text) Find(string name)
    {
        ForeignBytes parser = ForeignBytes.All.Single(one => one.Name == name);
        return (parser, parser.Sample());
    }

    private static long AllocatedBy(ForeignBytes parser, byte[] text)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            parser.Read(text);
        }
        catch (Exception failure) when (failure is ConfigurationException or FormatException or JsonException
            or NetlinkException or BundleException)
        {
            // What its callers catch and put into words.
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
