namespace OvsOffload.Bundles;

/// <summary>A clock that stands at the moment when a bundle was made.</summary>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => now;
}
