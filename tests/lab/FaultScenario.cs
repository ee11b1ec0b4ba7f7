using System.Text.Json;

namespace OvsOffload.LabTests;

/// <summary>
/// A scenario of faults that are provoked together, found one by one by verify, and mended by what it printed.
/// </summary>
public abstract class FaultScenario(LabMachine machine) : ProgramScenario(machine)
{
    /// <summary>
    /// Words for the scripts of faults: representors, the uplink, and an address kept for the way back.
    /// </summary>
    private const string Words =
        """
        r0=$(representor 0 0) r1=$(representor 0 1) r2=$(representor 0 2) r3=$(representor 0 3) || true
        up=$(uplink 0) || true
        pf=/sys/bus/pci/devices/0000:01:00.0

        """;

    /// <summary>One fault.</summary>
    /// <param name="Check">The id of the check that is to find it.</param>
    /// <param name="On">What the finding's object has in it.</param>
    /// <param name="Evidence">What the finding's evidence has in it.</param>
    /// <param name="Provoke">The script that makes it.</param>
    /// <param name="Fix">What the printed fix has in it.</param>
    /// <param name="Mend">
    /// The script that mends it as the fix says; null runs the printed fix itself; empty where the lab cannot.
    /// </param>
    protected sealed record Fault(
        string Check, string On, string Evidence, string Provoke, string Fix, string? Mend = null);

    /// <summary>Provokes all of them, asks verify, mends all of them, and asks again.</summary>
    protected async Task FindAndMendAsync(IReadOnlyList<Fault> faults)
    {
        await RunAsync(Words + string.Join('\n', faults.Select(fault => fault.Provoke)));
        IReadOnlyList<JsonElement> found = await FindingsAsync();
        var mends = new List<string>();
        foreach (Fault fault in faults)
        {
            JsonElement finding = found.FirstOrDefault(
                one => Fits(one, fault) && Text(one, "evidence").Contains(fault.Evidence));
            Assert.True(
                finding.ValueKind == JsonValueKind.Object,
                $"{fault.Check} on {fault.On} with {fault.Evidence} was to be found:\n{string.Join('\n', found)}");
            Assert.Contains(fault.Fix, Text(finding, "fix"));
            mends.Add(fault.Mend ?? Text(finding, "fix"));
        }

        await RunAsync(Words + string.Join('\n', mends), TimeSpan.FromSeconds(180));
        IReadOnlyList<JsonElement> left = await FindingsAsync();
        Assert.All(
            faults.Where(fault => fault.Mend != ""),
            fault => Assert.DoesNotContain(left, finding => Fits(finding, fault)));
    }

    /// <summary>A member of a check, "" where it is null.</summary>
    protected static string Text(JsonElement finding, string name) => finding.GetProperty(name).GetString() ?? "";

    private async Task<IReadOnlyList<JsonElement>> FindingsAsync() =>
    [
        .. (await JsonAsync("verify")).GetProperty("checks").EnumerateArray()
            .Where(check => Text(check, "status") is "error" or "warning"),
    ];

    private static bool Fits(JsonElement finding, Fault fault) =>
        Text(finding, "id") == fault.Check && Text(finding, "object").Contains(fault.On);
}
