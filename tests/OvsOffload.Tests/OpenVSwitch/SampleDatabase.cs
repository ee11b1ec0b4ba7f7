using OvsOffload.OpenVSwitch;

namespace OvsOffload.Tests.OpenVSwitch;

/// <summary>Databases without a bridge.</summary>
internal static class SampleDatabase
{
    /// <summary>One with a single key in other_config; with none where the value is null.</summary>
    public static OpenVSwitchDatabase With(string key, string? value) => new()
    {
        RootId = Guid.Empty,
        OtherConfig = new Dictionary<string, string>(value is null ? [] : [KeyValuePair.Create(key, value)]),
        ExternalIds = new Dictionary<string, string>(),
        NextCfg = 0,
        CurCfg = 0,
        Managers = [],
        Bridges = [],
    };
}
