using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>
/// A setting that a step changes and puts on the record, and which the step's own file knows how to put back. The build
/// lists the files of steps that have one, so that nothing else names them.
/// </summary>
/// <typeparam name="TThing">
/// What it is a setting of: <see cref="RevertedPf"/> or <see cref="RevertedDevice"/>.
/// </typeparam>
internal interface ISettingOf<TThing>
{
    /// <summary>The kind of its entries in the record.</summary>
    static abstract string Recorded { get; }

    /// <summary>The step that puts it back; null where the thing no longer has what this program set, or cannot take
    /// the value from before.</summary>
    /// <param name="thing">The thing as found.</param>
    /// <param name="entry">What is recorded of it.</param>
    static abstract StepAction? PutBack(TThing thing, RecordedChange entry);
}

/// <summary>A PF whose settings are put back.</summary>
/// <param name="Pf">As found.</param>
/// <param name="Mode">The mode of the e-switch that it ends in; null where it stays as it is.</param>
/// <param name="ChangesMode">Whether that takes a change, after which the driver chooses anew.</param>
internal sealed record RevertedPf(PhysicalFunction Pf, EswitchMode? Mode, bool ChangesMode);

/// <summary>A device whose settings are put back.</summary>
/// <param name="Reference">As the record names it.</param>
/// <param name="Device">As found.</param>
internal sealed record RevertedDevice(DeviceReference Reference, NetDevice Device);
