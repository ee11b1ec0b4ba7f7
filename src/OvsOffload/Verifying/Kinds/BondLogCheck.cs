using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>A check for a line that a driver wrote into the kernel's log about a member of a bond.</summary>
/// <param name="words">The words of the line.</param>
/// <param name="cause">What it means.</param>
/// <param name="fix">What mends it.</param>
internal abstract class BondLogCheck(string words, string cause, string fix) : BondCheck
{
    /// <summary>What mlx5 writes of each function when it takes it (main.c, mlx5_function_enable).</summary>
    private const string Loaded = "firmware version:";

    /// <summary>The driver whose cards alone are looked at; null for any.</summary>
    protected virtual string? Driver => null;

    /// <inheritdoc/>
    protected sealed override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        if (Driver is not null && PfsOf(bond, input).All(pf => pf.Driver != Driver))
        {
            return [Skip(bond.Name, $"no member is a port of a card with driver {Driver}")];
        }

        if (!input.State.Kernel.Log.IsKnown)
        {
            return [Skip(bond.Name, $"cannot read the kernel log: {input.State.Kernel.Log.Why}")];
        }

        string[] marks =
        [
            .. bond.Members.SelectMany(member => new[] { member.Pf?.ToString(), member.Device.Name }).OfType<string>(),
        ];

        // What a driver said before it was loaded anew is over.
        string? line = input.State.Kernel.Log.Value.Select(record => record.Text)
            .Where(text => marks.Any(text.Contains))
            .LastOrDefault(text => text.Contains(words, StringComparison.Ordinal)
                || text.Contains(Loaded, StringComparison.Ordinal));
        line = line?.Contains(words, StringComparison.Ordinal) == true ? line : null;
        FindingStatus status =
            Info.Severity == CheckSeverity.Error ? FindingStatus.Error : FindingStatus.Warning;
        return line is null
            ? [Ok(bond.Name, "kernel log: no matching line")]
            : [Found(status, bond.Name, $"{bond.Name}: {Info.Title}", $"kernel log: {line}", cause, fix)];
    }
}
