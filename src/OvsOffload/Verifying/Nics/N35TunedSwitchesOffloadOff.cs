using OvsOffload.Host;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>tuned is told to switch tc offload of network devices off.</summary>
internal sealed class N35TunedSwitchesOffloadOff : Check
{
    public override CheckInfo Info { get; } = new(
        "N35",
        "tuned-switches-offload-off",
        CheckSeverity.Warning,
        "tuned switches tc offload off",
        """
        The net plugin of tuned sets features of network devices like ethtool -K, whenever tuned starts, a device
        appears or the profile changes. With hw-tc-offload among them every new representor loses it again (see N10),
        and ovs-offload and tuned undo each other's changes.

        The check reads the profiles in /etc/tuned/active_profile and those that they include, below /etc/tuned and
        /usr/lib/tuned, not whether tuned is running. Profiles that pin interrupts or CPUs are covered by N27 and N36.
        """);

    public override IEnumerable<Finding> Examine(Observation input)
    {
        const string active = "/etc/tuned/active_profile";
        if (input.State.KnownFunctions.IsEmpty)
        {
            return [Skip(Objects.Host, input.State.PhysicalFunctions.IsFailed
                ? Objects.UnreadableReason(input.State.PhysicalFunctions)
                : Objects.NoFunctions)];
        }

        if (input.State.Platform.Tuned.IsAbsent)
        {
            return [Ok(Objects.Host, $"{active}: {input.State.Platform.Tuned.Why}")];
        }

        if (!input.State.Platform.Tuned.TryGet(out IReadOnlyList<TunedSetting>? settings))
        {
            return [Skip(Objects.Host, $"{active}: {input.State.Platform.Tuned.Why}")];
        }

        TunedSetting? off = settings.FirstOrDefault(IsOff);
        return off is null
            ? [Ok(Objects.Host, $"{active}: no active profile sets hw-tc-offload")]
            :
            [
                Found(Severity, Objects.Host, Info.Title, $"{off.File}: [{off.Section}] {Objects.OneLine(off.Line)}",
                    "the tuned profile switches hw-tc-offload off on every device that it covers",
                    $"remove hw-tc-offload from {off.File} (a copy below /etc/tuned takes precedence), or exempt the "
                        + "devices with devices=!NAME; then tuned-adm profile NAME"),
            ];
    }

    private static bool IsOff(TunedSetting setting)
    {
        string[] pair = setting.Line.Split('=', 2, StringSplitOptions.TrimEntries);
        string[] words = pair[1].Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        int at = Array.IndexOf(words, "hw-tc-offload");
        return pair[0] == "features" && at >= 0 && at + 1 < words.Length && words[at + 1] == "off";
    }
}
