namespace OvsOffload.OpenVSwitch;

/// <summary>What ovs-vswitchd answers: asked over its socket, or as it was recorded.</summary>
internal interface IUnixctlAnswers
{
    /// <summary>Runs one command and gives its text.</summary>
    /// <exception cref="OpenVSwitchException">The daemon is not there, refused, or does not answer as it
    /// should.</exception>
    Task<string> CallAsync(string method, IReadOnlyList<string> arguments, CancellationToken cancellationToken);
}
