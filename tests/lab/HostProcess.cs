using System.Diagnostics;

namespace OvsOffload.LabTests;

/// <summary>Runs the few programs that the lab needs on the machine itself.</summary>
internal static class HostProcess
{
    /// <summary>Runs a program to its end; what it prints is in the exception when it fails.</summary>
    public static async Task<string> RunAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = LabFiles.Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.Start();
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException(
                $"{program} ended with status {process.ExitCode}:\n{await output}\n{await errors}");
    }
}
