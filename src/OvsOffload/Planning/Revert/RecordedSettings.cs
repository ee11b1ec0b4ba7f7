using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>A setting that a step's file knows how to put back.</summary>
/// <param name="Recorded">The kind of its entries in the record.</param>
/// <param name="PutBack">See <see cref="ISettingOf{TThing}.PutBack"/>.</param>
internal sealed record RecordedSetting<TThing>(string Recorded, Func<TThing, RecordedChange, StepAction?> PutBack);

/// <summary>All of them; the build lists them.</summary>
internal static partial class RecordedSettings
{
    /// <summary>The settings of a PF.</summary>
    public static ImmutableArray<RecordedSetting<RevertedPf>> OfPf { get; } = [.. OfPfFiles()];

    /// <summary>The settings of a device that neither an address nor a route depends on.</summary>
    public static ImmutableArray<RecordedSetting<RevertedDevice>> OfDevice { get; } = [.. OfDeviceFiles()];

    private static partial IEnumerable<RecordedSetting<RevertedPf>> OfPfFiles();

    private static partial IEnumerable<RecordedSetting<RevertedDevice>> OfDeviceFiles();

    private static RecordedSetting<TThing> Of<TStep, TThing>()
        where TStep : StepAction, ISettingOf<TThing> => new(TStep.Recorded, TStep.PutBack);
}
