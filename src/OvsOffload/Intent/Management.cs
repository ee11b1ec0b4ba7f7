namespace OvsOffload.Intent;

/// <summary>Who changes a NIC, a bond or a bridge (key <c>managed</c>).</summary>
internal enum Management
{
    /// <summary>The program brings it to what the configuration says, and keeps it there. The default.</summary>
    Full,

    /// <summary>Somebody else provisions it: the program reads, measures and checks it, and changes nothing.</summary>
    Observe,
}
