using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>
/// A check of one reason for which driver or tc refuse flows. Their words reach the kernel's log, or, as the kernel's
/// extended acknowledgement, ovs-vswitchd's.
/// </summary>
internal abstract class RefusedFlowCheck : Check
{
    /// <summary>Words of the driver or of tc, one of which stands in the line.</summary>
    protected abstract IReadOnlyList<string> Phrases { get; }

    /// <summary>Why it is so, in one sentence.</summary>
    protected abstract string Cause { get; }

    /// <summary>What mends it.</summary>
    protected abstract string Fix { get; }

    /// <summary>How bad it is at most while other flows are in hardware.</summary>
    protected virtual FindingStatus StatusWithOffloadedFlows => FindingStatus.Warning;

    /// <inheritdoc/>
    public sealed override IEnumerable<Finding> Examine(Observation input)
    {
        HostState state = input.State;
        if (state.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Kernel, Objects.UnreadableReason(state.PhysicalFunctions))];
        }

        if (Objects.UnreadableEswitch(state) is { } unread)
        {
            return [Skip(Objects.Kernel, unread)];
        }

        if (state.KnownFunctions.All(function => function.Mode != EswitchMode.Switchdev))
        {
            return [Skip(Objects.Kernel, "this host has no PF in switchdev mode")];
        }

        if (Line(input) is { } line)
        {
            return [Found(StatusOf(input), Objects.Switch, Info.Title, line, Cause, Fix)];
        }

        return (state.Kernel.Log.IsKnown, state.OpenVSwitch.Log.IsFailed) switch
        {
            (false, _) => [Skip(Objects.Kernel, $"kernel log: {state.Kernel.Log.Why}")],
            (_, true) => [Skip(Objects.Switch, $"ovs-vswitchd.log: {state.OpenVSwitch.Log.Why}")],
            _ => [Ok(Objects.Switch, $"kernel log{(state.OpenVSwitch.Log.IsKnown ? " and ovs-vswitchd.log" : "")}: "
                + $"no line with \"{Phrases[0]}\"")],
        };
    }

    private FindingStatus StatusOf(Observation input) => !input.OffloadExpected
        ? FindingStatus.Info
        : input.State.Filters.ValueOrDefault() is { InHardware: > 0 } && StatusWithOffloadedFlows < Severity
            ? StatusWithOffloadedFlows
            : Severity;

    private string? Line(Observation input) =>
        input.NicLog.LastOrDefault(record => Matches(record.Text)) is { } record
            ? $"kernel log: {Objects.OneLine(record.Text)}"
            : input.SwitchLines.LastOrDefault(line => Matches(line.Message)) is { } line
                ? $"ovs-vswitchd.log: {Objects.OneLine(line.Message)}"
                : null;

    private bool Matches(string text) =>
        Phrases.AnyIn(text, StringComparison.Ordinal);
}
