using OvsOffload.Host;
using OvsOffload.OpenVSwitch;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>A check that goes by lines in ovs-vswitchd's log since the boot, where offload is wanted.</summary>
internal abstract class SwitchLogCheck : SwitchCheck
{
    /// <summary>Words of ovs-vswitchd, one of which stands in the line.</summary>
    protected abstract IReadOnlyList<string> Phrases { get; }

    /// <summary>Why it is so, in one sentence.</summary>
    protected abstract string Cause { get; }

    /// <summary>What mends it.</summary>
    protected abstract string Fix(Observation input);

    /// <summary>How bad the newest line is; a line that is older than an hour is history.</summary>
    protected virtual FindingStatus StatusOf(DaemonLogLine line, Observation input) =>
        SwitchLog.IsRecent(line, input.State) ? Severity : FindingStatus.Info;

    /// <inheritdoc/>
    protected sealed override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        if (!input.OffloadExpected)
        {
            return [Skip(Objects.Switch, $"offload is not expected: {input.OffloadReason}")];
        }

        if (!input.State.OpenVSwitch.Log.TryGet(out DaemonLogTail? log))
        {
            return [Skip(Objects.Switch, $"ovs-vswitchd.log: {input.State.OpenVSwitch.Log.Why}")];
        }

        DaemonLogLine[] lines =
        [
            .. input.SwitchLines.Where(line =>
                Phrases.Any(word => line.Message.Contains(word, StringComparison.Ordinal))),
        ];
        return lines.Length > 0
            ?
            [
                Found(StatusOf(lines[^1], input), Objects.Switch, Info.Title,
                    $"ovs-vswitchd.log: {Objects.OneLine(lines[^1].Message)}"
                        + (lines.Length > 1 ? $" ({lines.Length} matching lines)" : ""),
                    Cause, Fix(input)),
            ]
            :
            [
                Ok(Objects.Switch, $"ovs-vswitchd.log: no line with \"{Phrases[0]}\" "
                    + (log.IsWhole ? "in the file" : "in the last part of the file")),
            ];
    }
}
