using System.Text;
using System.Text.Json;
using OvsOffload.Host;
using OvsOffload.Intent.Cloudpods;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Platform;

namespace OvsOffload.Applying;

/// <summary>
/// Steps on agents of security groups. Each is run only while what it changes is what it was when it was decided on,
/// writes down first what was there, and returns whether it changed anything.
/// </summary>
/// <param name="paths">The host's trees.</param>
/// <param name="processes">Runs kubectl, restarts and the site's program.</param>
internal sealed class AgentSteps(HostPaths paths, IProcessRunner processes) : IStepClient
{
    private static readonly TimeSpan RestartLimit = TimeSpan.FromMinutes(2);

    private const string Changed = "it was changed after the plan was made; run plan again";

    private readonly AgentFileRecords _records = new(paths);

    /// <inheritdoc/>
    public Task<bool>? TryRunAsync(StepAction action, CancellationToken cancellation) => action switch
    {
        SetAgentFile step => RunAsync(step, cancellation),
        SetConfigMap step => RunAsync(step, cancellation),
        CallProgram step => RunAsync(step, cancellation),
        _ => null,
    };

    /// <summary>Changes a file, and lets the agent take it up. A restart that fails undoes the change.</summary>
    public async Task<bool> RunAsync(SetAgentFile step, CancellationToken cancellation)
    {
        string file = Path.Combine(paths.Root, step.Path.TrimStart('/'));
        if (!Change(step, file))
        {
            return false;
        }

        await RestartAsync(step, () => Task.FromResult(Replace(step, file, step.To, step.From)), cancellation);
        return true;
    }

    /// <summary>Changes the ConfigMap, and lets the agents take it up. A restart that fails undoes the
    /// change.</summary>
    public async Task<bool> RunAsync(SetConfigMap step, CancellationToken cancellation)
    {
        Record(step, step.RecordTo ?? step.RecordFrom);
        if (!await ReplaceAsync(step, step.From, step.To, cancellation))
        {
            Record(step, step.RecordFrom);
            throw Failed(step, Changed, null);
        }

        Record(step, step.RecordTo);
        await RestartAsync(step, () => ReplaceAsync(step, step.To, step.From, CancellationToken.None), cancellation);
        return true;
    }

    /// <summary>
    /// Calls the site's program: <c>OVS_OFFLOAD_OPERATION=set</c>, <c>OVS_OFFLOAD_SECURITY_GROUPS</c> and
    /// <c>OVS_OFFLOAD_REASON</c> in its environment, and all of the decision as JSON on its standard input.
    /// </summary>
    public async Task<bool> RunAsync(CallProgram step, CancellationToken cancellation)
    {
        string word = step.To ? "disabled" : "enabled";

        // Kept also when the program fails: what it did by then is unknown.
        Record(step, step.RecordTo ?? step.RecordFrom);
        await processes.RunAsync(
            new ProcessRequest(step.Command)
            {
                Limit = RestartLimit,
                Grace = ProcessRequest.GraceOfChange,
                Input = InputOf(step, word),
                Environment = new Dictionary<string, string>
                {
                    ["OVS_OFFLOAD_OPERATION"] = "set",
                    ["OVS_OFFLOAD_SECURITY_GROUPS"] = word,
                    ["OVS_OFFLOAD_REASON"] = step.Reason,
                },
            },
            cancellation);
        ProcessResult after = await processes.RunAsync(
            new ProcessRequest(step.Command)
            {
                Environment = new Dictionary<string, string> { ["OVS_OFFLOAD_OPERATION"] = "get" },
            },
            cancellation);
        if (after.Output.Trim() != word)
        {
            throw Failed(
                step, $"it was called with set and {word}, and ended with exit status 0, but get returns "
                    + $"'{after.Output.Trim()}'", null);
        }

        Record(step, step.RecordTo);
        return true;
    }

    /// <summary>Changes the file; whether there was anything to change.</summary>
    private bool Change(SetAgentFile step, string file)
    {
        Reading<byte[]> now = paths.Files.Bytes(file);
        if (now.IsFailed)
        {
            throw Failed(step, now.Why, null);
        }

        if (Same(now.ValueOrDefault(), Bytes(step.To)))
        {
            Record(step, step.RecordTo);
            return false;
        }

        // Before the file, so that at no moment its content is recorded nowhere; of what is put back it stands there.
        if (step.RecordTo is not null)
        {
            Record(step, step.RecordTo);
        }

        bool changed = false;
        try
        {
            changed = Replace(step, file, step.From, step.To);
        }
        finally
        {
            if (!changed && step.RecordTo is not null)
            {
                Record(step, step.RecordFrom);
            }
        }

        if (!changed)
        {
            throw Failed(step, Changed, null);
        }

        Record(step, step.RecordTo);
        return true;
    }

    private bool Replace(SetAgentFile step, string file, string? from, string? to)
    {
        try
        {
            return AtomicFile.TryReplace(file, Bytes(from), Bytes(to), paths.Root);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed(step, $"{ErrnoText.Describe(failure)}; the file is unchanged", failure);
        }
    }

    private async Task<bool> ReplaceAsync(SetConfigMap step, string from, string to, CancellationToken cancellation)
    {
        try
        {
            return await new Kubectl(processes).TryReplaceAsync(
                ConfigMapText.Namespace, ConfigMapText.Name, ConfigMapText.Key, Text(from), Text(to), cancellation);
        }
        catch (FormatException failure)
        {
            throw Failed(step, failure.Message, failure);
        }
    }

    private void Record(AgentAction step, AgentFileRecord? record)
    {
        try
        {
            _records.Write(step.Backend, record);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (record is null)
            {
                // A full disk must not keep anything from being put back; its record then says that it is so already.
                return;
            }

            throw Failed(
                step,
                $"cannot record the previous state: {ErrnoText.Describe(failure)}; nothing was changed",
                failure);
        }
    }

    private async Task RestartAsync(AgentAction step, Func<Task<bool>> takeBack, CancellationToken cancellation)
    {
        if (step.Restart.IsEmpty)
        {
            return;
        }

        var restart = new ProcessRequest(step.Restart)
        {
            Limit = RestartLimit,
            Grace = ProcessRequest.GraceOfChange,
        };
        try
        {
            await processes.RunAsync(restart, cancellation);
        }
        catch (ProcessException failure)
        {
            bool back = await takeBack();
            if (back)
            {
                Record(step, step.RecordFrom);
            }

            string outcome = back
                ? "the change was undone"
                : "the change could not be undone, because it was changed again meanwhile";
            throw Failed(step, $"{failure.Message}; {outcome}", failure);
        }
    }

    private static string InputOf(CallProgram step, string word)
    {
        using var content = new MemoryStream();
        using (var writer = new Utf8JsonWriter(content))
        {
            writer.WriteStartObject();
            writer.WriteNumber("schema", 1);
            writer.WriteString("operation", "set");
            writer.WriteString("security_groups", word);
            writer.WriteString("reason", step.Reason);
            writer.WriteString("why", step.Why);
            writer.WriteStrings("guests", step.Guests);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(content.ToArray());
    }

    private static StepException Failed(AgentAction step, string why, Exception? inner) =>
        new($"{step.Object}: {step.Description}: {why}", 0, null, null, inner);

    private static bool Same(byte[]? one, byte[]? other) =>
        one is null || other is null ? one is null && other is null : one.AsSpan().SequenceEqual(other);

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.Latin1.GetBytes(text);

    /// <summary>What is one character for one byte as the text that it is.</summary>
    private static string Text(string bytes) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes));
}
