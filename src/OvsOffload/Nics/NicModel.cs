using OvsOffload.Sysfs;

namespace OvsOffload.Nics;

/// <summary>A NIC by its PCI id.</summary>
internal sealed record NicModel
{
    public required PciId Id { get; init; }

    /// <summary><c>ConnectX-6 Dx</c>; for an unknown one <c>unknown NIC 1234:5678</c>.</summary>
    public required string Name { get; init; }

    public required NicGeneration Generation { get; init; }

    /// <summary>The ids that its VFs have; other models' VFs may have the same.</summary>
    public IReadOnlyList<PciId> VfIds { get; init; } = [];

    /// <summary>The card came up with broken firmware; it does nothing until it is flashed again.</summary>
    public bool IsFlashRecovery { get; init; }

    /// <summary>Whether the file of models has it. What is not known is taken to do nothing.</summary>
    public bool IsKnown { get; init; } = true;

    /// <summary>Whether devlink can put its e-switch into switchdev mode.</summary>
    public bool CanSwitchdev => !IsFlashRecovery && ModeChange.Setter == ModeSetter.Devlink;

    public ModeChangeRule ModeChange => Generation.ModeChange;

    /// <inheritdoc cref="NicGeneration.NeedsInlineTransport"/>
    public bool NeedsInlineTransport => Generation.NeedsInlineTransport;

    /// <inheritdoc cref="NicDriver.ResetsOnVfChange"/>
    public bool ResetsOnVfChange => Generation.Driver.ResetsOnVfChange;

    /// <inheritdoc cref="NicDriver.NeedsPfUpForVfs"/>
    public bool NeedsPfUpForVfs => Generation.Driver.NeedsPfUpForVfs;

    /// <inheritdoc cref="NicDriver.VfDriver"/>
    public string? VfDriver => Generation.Driver.VfDriver;

    /// <inheritdoc cref="NicGeneration.this"/>
    public SupportLevel this[NicFeature feature] => Generation[feature];

    /// <summary>A NIC that the file does not know: able to do nothing as far as anybody knows, and handled with every
    /// care.</summary>
    public static NicModel Unknown(PciId id)
    {
        var rule = new ModeChangeRule(ModeSetter.Undocumented, VfsAtModeChange.None);
        return new NicModel
        {
            Id = id,
            Name = $"unknown NIC {id}",
            IsKnown = false,
            Generation = new NicGeneration
            {
                Name = "unknown",
                Driver = new NicDriver
                {
                    Name = "unknown",
                    ModeChange = rule,
                    ResetsOnVfChange = true,
                    NeedsPfUpForVfs = true,
                },
                ModeChange = rule,
                SecurityGroups = SecurityGroupClass.Warn,
            },
        };
    }

    public override string ToString() => Name;
}
