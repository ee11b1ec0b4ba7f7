using System.Text;
using System.Text.Json;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Bundles;

/// <summary>Asks Open vSwitch, and takes down what it answers.</summary>
internal sealed class RecordingSwitch(IOvsdbRows rows, IUnixctlAnswers daemon, Recorder recorder)
    : IOvsdbRows, IUnixctlAnswers
{
    /// <inheritdoc/>
    public bool IsPresent => rows.IsPresent;

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, JsonElement>> RowsAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, JsonElement>? read = null;
        await NoteAsync(SwitchRecord.Rows, async () =>
        {
            read = await rows.RowsAsync(cancellationToken);
            return Text(read);
        });
        return read!;
    }

    /// <inheritdoc/>
    public Task<string> CallAsync(
        string method, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        NoteAsync(
            RecordedSwitch.Command(method, arguments), () => daemon.CallAsync(method, arguments, cancellationToken));

    private async Task<string> NoteAsync(string command, Func<Task<string>> ask)
    {
        try
        {
            string answer = await ask();
            recorder.Add(new SwitchRecord(command) { Answer = answer });
            return answer;
        }
        catch (ErrorReplyException refusal)
        {
            recorder.Add(new SwitchRecord(command) { Refusal = refusal.Words, Failure = refusal.Message });
            throw;
        }
        catch (OpenVSwitchException failure)
        {
            recorder.Add(new SwitchRecord(command) { Failure = failure.Message });
            throw;
        }
    }

    private static string Text(IReadOnlyDictionary<string, JsonElement> tables)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            foreach ((string table, JsonElement result) in tables)
            {
                writer.WritePropertyName(table);
                result.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
