namespace OvsOffload.Bundles;

/// <summary>A support bundle cannot be used. The message names the file, the place in it, and what is wrong.</summary>
internal sealed class BundleException(string message, Exception? inner = null) : Exception(message, inner);
