using System.Collections.Immutable;
using OvsOffload.Applying;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Cli;

/// <summary>
/// The waits of <c>apply --stage</c> at boot. The rest of the boot waits for them, so each is bounded; what is still
/// missing then is an objection of the plan, as at any other time.
/// </summary>
internal static class BootStage
{
    private static readonly RetryOptions Wait =
        new() { Delay = TimeSpan.FromSeconds(0.5), Limit = TimeSpan.FromSeconds(30) };

    /// <summary>Waits until the stage can begin, or for 30 s.</summary>
    public static async Task AwaitAsync(Session session, Stage stage, CancellationToken cancellation)
    {
        ImmutableArray<string> before = [];
        ImmutableArray<string> missing = await Wait.UntilAsync(
            async token =>
            {
                ImmutableArray<string> now = BootReadiness.Missing(
                    session.Intent, await session.Reader.ReadAsync(token), stage, HostPaths.Real);
                if (before.IsEmpty && !now.IsEmpty)
                {
                    Output.Note($"waiting for {string.Join(", ", now)} ...");
                }

                return before = now;
            },
            now => now.IsEmpty,
            TimeProvider.System,
            cancellation);
        if (!missing.IsEmpty)
        {
            Output.Note($"still missing after {Wait.Limit!.Value.TotalSeconds:0} s: {string.Join(", ", missing)}; "
                + "continuing without");
        }
    }
}
