namespace OvsOffload.Service;

/// <summary>The service cannot start, or cannot go on.</summary>
internal sealed class ServiceException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether another program listens where it should.</summary>
    public bool IsAddressInUse { get; init; }
}
