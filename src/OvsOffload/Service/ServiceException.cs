namespace OvsOffload.Service;

/// <summary>The service cannot start, or cannot go on.</summary>
internal sealed class ServiceException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether it cannot listen where it should, which another time may be possible.</summary>
    public bool CannotListen { get; init; }

    /// <summary>Whether another program listens where it should.</summary>
    public bool IsAddressInUse { get; init; }
}
