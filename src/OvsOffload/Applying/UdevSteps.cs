using System.Text;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Planning;

#pragma warning disable RS0030 // Rules that are no longer needed are deleted.

namespace OvsOffload.Applying;

/// <summary>Steps on udev's rules. Each returns whether it wrote anything.</summary>
/// <param name="paths">The host's trees.</param>
/// <param name="processes">Runs udevadm.</param>
internal sealed class UdevSteps(HostPaths paths, IProcessRunner processes) : IStepClient
{
    private static readonly TimeSpan ReloadLimit = TimeSpan.FromSeconds(10);

    private const UnixFileMode EveryoneReads = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <inheritdoc/>
    public Task<bool>? TryRunAsync(StepAction action, CancellationToken cancellation) => action switch
    {
        SetNameRules step => RunAsync(step, cancellation),
        _ => null,
    };

    /// <summary>Writes or removes a file of rules, and has udev read it.</summary>
    public async Task<bool> RunAsync(SetNameRules step, CancellationToken cancellation)
    {
        string file = NameRulesFile.PathOf(paths, step.Pf);
        Reading<string> now = paths.Files.Bytes(file, NameRulesFile.Bound).Map(Encoding.UTF8.GetString);
        if (now.IsAbsent ? step.To.Length == 0 : now.TryGet(out string? rules) && rules == step.To)
        {
            return false;
        }

        try
        {
            if (step.To.Length == 0)
            {
                File.Delete(file);
            }
            else
            {
                string folder = Path.GetDirectoryName(file)!;
                if (!Directory.Exists(folder))
                {
                    Directory.CreateDirectory(folder);
                    File.SetUnixFileMode(folder, EveryoneReads);
                }

                AtomicFile.Write(file, Encoding.UTF8.GetBytes(step.To), root: paths.Root);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StepException($"{step.Summary}: {ErrnoText.Describe(failure)}", 0, null, null, failure);
        }

        try
        {
            await processes.RunAsync(
                new ProcessRequest(["udevadm", "control", "--reload"]) { Limit = ReloadLimit }, cancellation);
        }
        catch (ProcessException)
        {
            // udevd itself looks for changed rules, at most every 3 s: names may come late, which stops nothing.
        }

        return true;
    }
}
