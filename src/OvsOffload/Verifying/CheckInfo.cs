namespace OvsOffload.Verifying;

/// <summary>How bad it is when a check finds what it looks for, and the host is meant to offload.</summary>
internal enum CheckSeverity
{
    Info,
    Warning,
    Error,
}

/// <summary>What a check is, apart from any host.</summary>
/// <param name="Id">
/// Its id in the catalogue: <c>P</c> platform, <c>N</c> NIC, <c>B</c> bond, <c>O</c> Open vSwitch, and two digits.
/// </param>
/// <param name="Slug">The same in words: <c>hw-tc-offload-off</c>.</param>
/// <param name="Severity">The worst that it finds.</param>
/// <param name="Title">What is wrong when it finds something, in a few words.</param>
/// <param name="Explanation">
/// At length, for <c>verify --explain</c>: what it is, how it is told, what follows, what to do.
/// </param>
internal sealed record CheckInfo(string Id, string Slug, CheckSeverity Severity, string Title, string Explanation);
