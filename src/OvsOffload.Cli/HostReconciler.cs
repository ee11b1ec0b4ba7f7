using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Service;
using OvsOffload.Sysfs;

namespace OvsOffload.Cli;

/// <summary>Reads and applies for the service, as the commands do.</summary>
/// <param name="reader">Reads the host.</param>
internal sealed class HostReconciler(HostReader reader) : IReconciler
{
    private readonly SysfsWriter _sysfs = new(SysfsWriter.DefaultLimit, TimeProvider.System);
    private RunLock? _service;

    /// <summary>
    /// Says to other runs that a service keeps this host as it is wanted; held until the process ends. Null when that
    /// is so, else who holds the lock: another service, or a <c>revert</c>.
    /// </summary>
    /// <exception cref="IOException">The lock cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise, for want of permission.</exception>
    public string? Claim()
    {
        if (_service is not null)
        {
            return null;
        }

        _service = RunLock.TryTake(HostPaths.Real, out string? holder, RunLock.Service);
        return holder;
    }

    /// <inheritdoc/>
    public InterruptedRun? FindInterruptedRun()
    {
        string journal = FileJournal.PathOf(HostPaths.Real);
        if (!Session.IsRoot || HostPaths.Real.Files.Bytes(journal).IsAbsent)
        {
            return null;
        }

        try
        {
            // While another run has the lock the journal is that one's, and goes on.
            using var held = RunLock.TryTake(HostPaths.Real, out _);
            return held is null ? null : InterruptedRun.Read(journal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Nobody can have the lock where it cannot be made.
            return InterruptedRun.Read(journal);
        }
    }

    /// <inheritdoc/>
    public void AcknowledgeInterruptedRun()
    {
        using var held = RunLock.TryTake(HostPaths.Real, out _);
        string journal = FileJournal.PathOf(HostPaths.Real);
        if (held is not null && InterruptedRun.Read(journal) is not null)
        {
            new FileJournal(journal, TimeProvider.System).End();
        }
    }

    /// <inheritdoc/>
    public Task<HostState> ReadAsync(CancellationToken cancellation) => reader.ReadAsync(cancellation);

    /// <inheritdoc/>
    public async Task<ApplyReport> ApplyAsync(
        ServiceIntent intent, IProgress<StepReport> progress, CancellationToken cancellation)
    {
        using RunLock held = Take();
        string journal = FileJournal.PathOf(HostPaths.Real);
        using var steps = new HostSteps(intent.Intent.OpenVSwitch, reader, _sysfs);
        var applier = new Applier(
            reader.ReadAsync, steps.Runner, new FileJournal(journal, TimeProvider.System), progress)
        {
            Holders = new HolderCheck(reader.ReadFunctionsAsync, TimeProvider.System),
        };
        return await applier.ApplyAsync(intent.Intent, Stage.All, cancellation);
    }

    private RunLock Take()
    {
        try
        {
            return Claim() is { } other
                ? throw new ApplyDeferredException($"another ovs-offload service or revert is running: {other}")
                : RunLock.TryTake(HostPaths.Real, out string? holder)
                    ?? throw new ApplyDeferredException($"another ovs-offload process is running: {holder}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ApplyDeferredException($"cannot lock this host: {ErrnoText.Describe(failure)}");
        }
    }
}
