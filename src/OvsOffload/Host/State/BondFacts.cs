namespace OvsOffload.Host;

/// <summary>A bond at the moment of a scrape.</summary>
/// <param name="Bond">The bond.</param>
/// <param name="Profile">Its profile; null when the configuration does not name it.</param>
internal sealed record BondFacts(BondState Bond, string? Profile);
