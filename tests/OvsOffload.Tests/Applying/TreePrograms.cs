using OvsOffload.Os;

namespace OvsOffload.Tests.Applying;

/// <summary>Really runs programs; kubectl is the one of the tree.</summary>
internal sealed class TreePrograms(HostTree host) : IProcessRunner
{
    private readonly ProcessRunner _real = new(TimeProvider.System);

    public Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken) =>
        _real.RunAsync(
            request.Arguments[0] == "kubectl"
                ? request with { Arguments = [host.At("/kubectl"), .. request.Arguments.Skip(1)] }
                : request,
            cancellationToken);
}
