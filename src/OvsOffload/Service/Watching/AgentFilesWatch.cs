using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;

namespace OvsOffload.Service;

/// <summary>
/// Says when a file changed by which an agent's security groups stand: somebody, or a deployment tool, may have
/// switched them on again. Nothing is followed as long as the configuration names no backend.
/// </summary>
/// <param name="paths">The host.</param>
/// <param name="intent">What is wanted at this moment.</param>
/// <param name="changes">Where it is said.</param>
/// <param name="time">The clock.</param>
internal sealed class AgentFilesWatch(
    HostPaths paths, Func<SecurityGroupIntent> intent, ChangeSignal changes, TimeProvider time)
{
    /// <summary>An agent may be installed, or a backend named, while the service runs.</summary>
    private static readonly TimeSpan Renew = TimeSpan.FromMinutes(1);

    private readonly SecurityGroupSource _source = new(paths, new ProcessRunner(time));

    /// <summary>Follows until it is cancelled.</summary>
    public Task FollowAsync(CancellationToken cancellation) => FileWatch.RunAsync(
        Files, Renew, known: null, () => changes.Raise("a security group agent's file changed"), time, cancellation);

    private IReadOnlyList<string> Files() => intent().Backends.Count == 0
        ? []
        : [.. _source.Files().Select(file => Path.Combine(paths.Root, file.TrimStart('/')))];
}
