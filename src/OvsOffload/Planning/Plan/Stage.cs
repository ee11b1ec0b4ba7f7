namespace OvsOffload.Planning;

/// <summary>Which part of the configuration is planned.</summary>
internal enum Stage
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>Before the network is up: NICs only.</summary>
    Pre,

    /// <summary>After Open vSwitch is up: the rest.</summary>
    Post,
}
