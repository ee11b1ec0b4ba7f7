using System.Text.Json;

namespace OvsOffload.Bundles;

/// <summary>
/// Masks a recording: the names of host and guests, addresses and identities get pseudonyms, the same in files, answers
/// of the kernel and of Open vSwitch. Pure.
/// </summary>
internal static class MaskedRecording
{
    /// <summary>The recording with pseudonyms, or without secrets only.</summary>
    public static Recording Of(Recording recording)
    {
        bool masked = recording.Manifest.Masked;
        var pseudonyms = new Pseudonyms();
        if (masked)
        {
            pseudonyms.Host(recording.Manifest.Host);
        }

        var text = new MaskedText(pseudonyms);
        var rows = new MaskedRows(pseudonyms, text);

        // The rows come first: they tell which words are names of guests.
        SwitchRecord? database = recording.Switch.Where(answer => answer is { Command: SwitchRecord.Rows })
            .Select(answer => Rows(answer, rows, masked)).FirstOrDefault();
        if (!masked)
        {
            return recording with { Switch = [.. recording.Switch.Select(OrDatabase)] };
        }

        var netlink = new MaskedNetlink(pseudonyms, text);
        return recording with
        {
            Manifest = recording.Manifest with { Host = text.Of(recording.Manifest.Host) },
            Files = [.. recording.Files.Select(file => File(file, text))],
            Netlink = [.. recording.Netlink.Select(netlink.Of)],
            Switch = [.. recording.Switch.Select(OrDatabase).Select(answer => answer.Command == SwitchRecord.Rows
                ? answer
                : answer with
                {
                    Answer = answer.Answer is null ? null
                        : RecordedSwitch.IsFlowDump(answer.Command) ? text.OfFlows(answer.Answer)
                        : text.Of(answer.Answer),
                    Refusal = answer.Refusal is null ? null : text.Of(answer.Refusal),
                    Failure = answer.Failure is null ? null : text.Of(answer.Failure),
                })],
        };

        SwitchRecord OrDatabase(SwitchRecord answer) =>
            answer.Command == SwitchRecord.Rows && database is not null ? database : answer;
    }

    private static SwitchRecord Rows(SwitchRecord answer, MaskedRows rows, bool masked)
    {
        try
        {
            return answer.Answer is null ? answer : answer with { Answer = rows.Of(answer.Answer, masked) };
        }
        catch (JsonException malformed)
        {
            return answer with { Answer = null, Failure = $"the rows are not JSON: {malformed.Message}" };
        }
    }

    private static FileRecord File(FileRecord file, MaskedText text)
    {
        FileRecord moved = file with
        {
            Path = text.Of(file.Path),
            Why = text.Of(file.Why),
        };
        return file.Text is not { } content ? moved
            : file.Path is "/proc/net/tcp" or "/proc/net/tcp6" ? moved.With(text.OfConnections(content))
            : moved.With(text.Of(content));
    }
}
