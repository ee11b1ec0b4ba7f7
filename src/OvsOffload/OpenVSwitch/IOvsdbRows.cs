using System.Text.Json;

namespace OvsOffload.OpenVSwitch;

/// <summary>The rows of the Open_vSwitch database: read from ovsdb-server, or as they were recorded.</summary>
internal interface IOvsdbRows
{
    /// <summary>Whether there is a database to ask.</summary>
    bool IsPresent { get; }

    /// <summary>
    /// For each table that is read the result of its select, <c>{"rows":[..]}</c> (RFC 7047 section 5.2.2).
    /// </summary>
    /// <exception cref="OpenVSwitchException">ovsdb-server is not there, or does not answer as it should.</exception>
    Task<IReadOnlyDictionary<string, JsonElement>> RowsAsync(CancellationToken cancellationToken);
}
