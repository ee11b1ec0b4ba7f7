using System.Collections.Immutable;
using System.Text.Json;
using OvsOffload.Netlink;

namespace OvsOffload.Intent.Configuration;

/// <summary>When the kernel takes another value of an option (BOND_OPTFLAG_*, include/net/bond_options.h).</summary>
internal enum BondOptionChange
{
    /// <summary>At any time.</summary>
    Live,

    /// <summary>BOND_OPTFLAG_IFDOWN: only while the bond is down.</summary>
    BondDown,

    /// <summary>BOND_OPTFLAG_NOSLAVES: only while it has no members, and where it is the mode, is down.</summary>
    NoMembers,
}

/// <summary>
/// An option of a bond, declared once: how it is written, in which modes it is, and when it may change.
/// </summary>
/// <param name="Key">The key of a profile, with its range and default.</param>
/// <param name="Modes">The modes that have it.</param>
/// <param name="Change">When the kernel takes another value.</param>
internal abstract record BondOption(Declaration Key, ImmutableArray<BondMode> Modes, BondOptionChange Change)
{
    /// <summary>The kernel's name of it (Documentation/networking/bonding.rst).</summary>
    public string Name => Key.Name;

    /// <summary>Reads the profile's value, or the default.</summary>
    public abstract BondOptions Read(SectionReader reader, BondOptions options);

    /// <summary>Writes the value as a profile has it.</summary>
    public abstract void Write(SectionWriter writer, BondOptions options);

    /// <summary>
    /// Writes the value as a member of a JSON object: numbers and flags as such, durations with their unit.
    /// </summary>
    public abstract void Write(Utf8JsonWriter writer, BondOptions options);

    /// <summary>The value as text, with its unit; null where the kernel or the profile does not state it.</summary>
    public abstract string? Text(BondOptions options);

    /// <summary>Takes this one value over.</summary>
    public abstract BondOptions Copy(BondOptions from, BondOptions to);
}

/// <summary>An option with its type.</summary>
internal sealed record BondOption<T>(
    Key<T> Typed,
    ImmutableArray<BondMode> Modes,
    BondOptionChange Change,
    Func<BondOptions, T?> Get,
    Func<BondOptions, T, BondOptions> Set)
    : BondOption(Typed, Modes, Change)
    where T : struct
{
    /// <inheritdoc/>
    public override BondOptions Read(SectionReader reader, BondOptions options) => Set(options, reader.Read(Typed));

    /// <inheritdoc/>
    public override void Write(SectionWriter writer, BondOptions options)
    {
        if (Get(options) is { } value)
        {
            writer.Write(Typed, value);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, BondOptions options)
    {
        switch (Get(options))
        {
            case null:
                break;
            case int number:
                writer.WriteNumber(Name, number);
                break;
            case bool flag:
                writer.WriteBoolean(Name, flag);
                break;
            default:
                writer.WriteString(Name, Text(options));
                break;
        }
    }

    /// <inheritdoc/>
    public override string? Text(BondOptions options) => Get(options) is { } value ? Typed.Kind.Format(value) : null;

    /// <inheritdoc/>
    public override BondOptions Copy(BondOptions from, BondOptions to) => Get(from) is { } value ? Set(to, value) : to;
}
