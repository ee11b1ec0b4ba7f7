using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;

namespace OvsOffload.Service;

/// <summary>
/// The configuration in force. Reading it again takes a new one over whole, or keeps the old one when the new one is
/// wrong.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="read">Reads it; null when there is none.</param>
/// <param name="first">The configuration to begin with; null for none.</param>
/// <param name="changes">Told of a new configuration.</param>
/// <param name="log">Told what is wrong with it.</param>
internal sealed class ConfigurationStore(
    string file, Func<string, HostIntent?> read, HostIntent? first, ChangeSignal changes, ServiceLog log)
{
    private readonly Lock _lock = new();
    private ServiceIntent _current = new(first ?? HostIntent.Observe, first is not null, ReloadSucceeded: true);

    /// <summary>The file.</summary>
    public string File => file;

    /// <summary>The configuration in force.</summary>
    public ServiceIntent Current => Volatile.Read(ref _current);

    /// <summary>Reads the file again.</summary>
    public void Reload()
    {
        lock (_lock)
        {
            ServiceIntent before = Current;
            try
            {
                HostIntent? intent = read(file);
                if (intent is null && before.Configured)
                {
                    KeepPrevious(before, [$"{file} was removed"]);
                    return;
                }

                Volatile.Write(
                    ref _current,
                    new ServiceIntent(intent ?? HostIntent.Observe, intent is not null, ReloadSucceeded: true));
                log(LogPriority.Notice, intent is null ? $"{file} does not exist: observing "
                    + "only" : $"loaded {file}");
                if (intent is not null && intent.Metrics.Listen != before.Intent.Metrics.Listen)
                {
                    log(LogPriority.Warning, "metrics.listen takes effect after a restart of the service");
                }

                if (intent is not null && intent.Metrics.WebConfig != before.Intent.Metrics.WebConfig)
                {
                    log(LogPriority.Warning, "metrics.web-config takes effect after a restart of the service");
                }
            }
            catch (ConfigurationException failure)
            {
                KeepPrevious(before, failure.Errors.Select(error => error.ToString()));
            }
        }

        changes.Raise("configuration reloaded", urgent: true);
    }

    private void KeepPrevious(ServiceIntent before, IEnumerable<string> errors)
    {
        Volatile.Write(ref _current, before with { ReloadSucceeded = false });
        foreach (string error in errors)
        {
            log(LogPriority.Error, error);
        }

        log(LogPriority.Error, $"{file} is invalid; the previous configuration stays active");
    }
}
