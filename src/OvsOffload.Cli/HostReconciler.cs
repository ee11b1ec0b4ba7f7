using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Planning;
using OvsOffload.Service;
using OvsOffload.System;

namespace OvsOffload.Cli;

/// <summary>Reads and applies for the service, as the commands do.</summary>
/// <param name="reader">Reads the host.</param>
internal sealed class HostReconciler(HostReader reader) : IReconciler
{
    private RunLock? _service;

    /// <summary>
    /// Says to other runs that a service keeps this host as it is wanted; held until the process ends.
    /// </summary>
    public void Claim() => _service ??= RunLock.TryTake(HostPaths.Real, out _, RunLock.Service);

    /// <inheritdoc/>
    public Task<HostState> ReadAsync(CancellationToken cancellation) => reader.ReadAsync(cancellation);

    /// <inheritdoc/>
    public async Task<ApplyReport> ApplyAsync(
        ServiceIntent intent, IProgress<StepReport> progress, CancellationToken cancellation)
    {
        Claim();
        using RunLock? held = RunLock.TryTake(HostPaths.Real, out string? holder);
        if (held is null)
        {
            throw new ApplyPutOffException($"another run holds the lock: {holder}");
        }

        string journal = FileJournal.PathOf(HostPaths.Real);
        using var steps = new HostSteps(intent.Intent.OpenVSwitch, reader);
        var applier = new Applier(
            reader.ReadAsync, steps.Runner, new FileJournal(journal, TimeProvider.System), progress);
        return await applier.ApplyAsync(intent.Intent, Stage.All, cancellation);
    }
}
