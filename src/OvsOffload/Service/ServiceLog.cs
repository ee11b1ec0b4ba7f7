namespace OvsOffload.Service;

/// <summary>Takes a line about the service's work.</summary>
/// <param name="priority">How much it matters.</param>
/// <param name="line">One line.</param>
internal delegate void ServiceLog(LogPriority priority, string line);

/// <summary>Priorities of syslog(3), which systemd reads as <c>&lt;N&gt;</c> in front of a line.</summary>
internal enum LogPriority
{
    Error = 3,
    Warning = 4,
    Notice = 5,
    Info = 6,
}
