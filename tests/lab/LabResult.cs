using System.Text.RegularExpressions;

namespace OvsOffload.LabTests;

/// <summary>What one script left behind in the guest.</summary>
/// <param name="Script">The script, for messages.</param>
/// <param name="ExitCode">Its exit status; 124 or 137 when it was killed for its time limit.</param>
/// <param name="TimedOut">Whether it was killed for its time limit.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
/// <param name="KernelLog">What the kernel logged meanwhile, one line per message.</param>
public sealed partial record LabResult(
    string Script, int ExitCode, bool TimedOut, string Output, string Errors, string KernelLog)
{
    /// <summary>Standard output without the white space around it.</summary>
    public string Text => Output.Trim();

    /// <summary>Standard output, line by line, empty lines left out.</summary>
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Lines of the kernel's log that no scenario may cause.</summary>
    public IEnumerable<string> KernelFaults => KernelLog.Split('\n').Where(line => KernelFault().IsMatch(line));

    /// <summary>The whole, as a failed assertion shows it.</summary>
    public override string ToString() =>
        $"""
        --- script
        {Script.Trim()}
        --- exit status {ExitCode}{(TimedOut ? ", killed for its time limit" : "")}
        --- output
        {Output.TrimEnd()}
        --- errors
        {Errors.TrimEnd()}
        --- kernel log
        {KernelLog.TrimEnd()}
        """;

    [GeneratedRegex(@"WARNING:|BUG:|Oops|general protection|Call Trace|unregister_netdevice: waiting"
        + "|rcu.*stall|hung_task|blocked for more than")]
    private static partial Regex KernelFault();
}
