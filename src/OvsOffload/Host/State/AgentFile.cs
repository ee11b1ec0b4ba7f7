namespace OvsOffload.Host;

/// <summary>A file of another program's configuration that a step may change.</summary>
/// <param name="Path">The file, as the host names it.</param>
/// <param name="Text">Its content, one character for one byte, so that nothing is lost; null where it is not
/// there.</param>
/// <param name="Record">What this program has changed in it; null where it has not.</param>
internal sealed record AgentFile(string Path, string? Text, AgentFileRecord? Record);

/// <summary>What this program has changed, so that it can be taken back also by a later run.</summary>
/// <param name="Object">The file, or what else was changed.</param>
/// <param name="Before">The content before the first change, one character for one byte; null for no file.</param>
/// <param name="After">The content after the last change.</param>
internal sealed record AgentFileRecord(string Object, string? Before, string? After);
