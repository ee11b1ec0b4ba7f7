using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace OvsOffload.Netlink;

/// <summary>
/// DEVLINK_ATTR_PARAM_TYPE. The kernel uses its internal numbers of attribute types (NLA_*, include/net/netlink.h).
/// </summary>
internal enum DevlinkParameterType : byte
{
    Byte = 1, // NLA_U8
    UInt16 = 2, // NLA_U16
    UInt32 = 3, // NLA_U32
    UInt64 = 4, // NLA_U64
    Text = 5, // NLA_STRING
    Boolean = 6, // NLA_FLAG
}

/// <summary>enum devlink_param_cmode, linux/devlink.h: when a value takes effect.</summary>
internal enum DevlinkParameterMode : byte
{
    /// <summary>At once.</summary>
    Runtime = 0,

    /// <summary>With the next <c>devlink dev reload</c>.</summary>
    DriverInit = 1,

    /// <summary>Kept by the device, with its next reset.</summary>
    Permanent = 2,
}

/// <summary>A parameter's value with its type; written as the <c>devlink</c> command writes it.</summary>
internal readonly record struct DevlinkValue(DevlinkParameterType Type, string Text)
{
    public static DevlinkValue Of(bool value) => new(DevlinkParameterType.Boolean, value ? "true" : "false");

    public static DevlinkValue Of(string value) => new(DevlinkParameterType.Text, value);

    public static DevlinkValue Of(byte value) => Number(DevlinkParameterType.Byte, value);

    public static DevlinkValue Of(ushort value) => Number(DevlinkParameterType.UInt16, value);

    public static DevlinkValue Of(uint value) => Number(DevlinkParameterType.UInt32, value);

    public static DevlinkValue Of(ulong value) => Number(DevlinkParameterType.UInt64, value);

    /// <summary>
    /// Reads DEVLINK_ATTR_PARAM_VALUE_DATA. A boolean is true when the attribute is there, whatever it holds, and false
    /// when it is not (<paramref name="hasData"/>). A type that a newer kernel invented is shown in hexadecimal.
    /// </summary>
    public static DevlinkValue Read(DevlinkParameterType type, bool hasData, ReadOnlySpan<byte> data)
    {
        if (type == DevlinkParameterType.Boolean)
        {
            return Of(hasData);
        }

        return (type, data.Length) switch
        {
            (DevlinkParameterType.Byte, 1) => Of(data[0]),
            (DevlinkParameterType.UInt16, 2) => Of(MemoryMarshal.Read<ushort>(data)),
            (DevlinkParameterType.UInt32, 4) => Of(MemoryMarshal.Read<uint>(data)),
            (DevlinkParameterType.UInt64, 8) => Of(MemoryMarshal.Read<ulong>(data)),
            (DevlinkParameterType.Text, _) => Of(Encoding.UTF8.GetString(data.TrimEnd((byte)0))),
            ( >= DevlinkParameterType.Byte and <= DevlinkParameterType.UInt64, _) =>
                throw new NetlinkMalformedException("devlink parameter", $"a {type} value of {data.Length} bytes"),
            _ => new DevlinkValue(type, $"0x{Convert.ToHexStringLower(data)}"),
        };
    }

    /// <summary>Adds the value to a request to set; a false boolean is the absence of the attribute.</summary>
    public void Write(NetlinkMessageWriter message)
    {
        const ushort data = DevlinkAttribute.ParameterValueData;
        switch (Type)
        {
            case DevlinkParameterType.Byte:
                message.Attribute(data, byte.Parse(Text, CultureInfo.InvariantCulture));
                break;
            case DevlinkParameterType.UInt16:
                message.Attribute(data, ushort.Parse(Text, CultureInfo.InvariantCulture));
                break;
            case DevlinkParameterType.UInt32:
                message.Attribute(data, uint.Parse(Text, CultureInfo.InvariantCulture));
                break;
            case DevlinkParameterType.UInt64:
                message.Attribute(data, ulong.Parse(Text, CultureInfo.InvariantCulture));
                break;
            case DevlinkParameterType.Text:
                message.Attribute(data, Text);
                break;
            case DevlinkParameterType.Boolean when Text == "true":
                message.Attribute(data, []);
                break;
            case DevlinkParameterType.Boolean:
                break;
            default:
                throw new NotSupportedException($"devlink parameter type {(byte)Type} cannot be set");
        }
    }

    public override string ToString() => Text;

    private static DevlinkValue Number<T>(DevlinkParameterType type, T value)
        where T : IFormattable
        => new(type, value.ToString(null, CultureInfo.InvariantCulture));
}

/// <summary>A parameter's value in one mode.</summary>
internal sealed record DevlinkParameterValue(DevlinkParameterMode Mode, DevlinkValue Value);

/// <summary>A driver's parameter, such as mlx5's <c>flow_steering_mode</c>.</summary>
/// <param name="Handle">The device.</param>
/// <param name="Name">The parameter.</param>
/// <param name="IsGeneric">Known to devlink itself; else the driver's own.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Values">One for each mode that the driver offers.</param>
internal sealed record DevlinkParameter(
    DevlinkHandle Handle,
    string Name,
    bool IsGeneric,
    DevlinkParameterType Type,
    IReadOnlyList<DevlinkParameterValue> Values)
{
    /// <summary>The value in one mode; null where the driver does not offer the mode.</summary>
    public DevlinkValue? ValueIn(DevlinkParameterMode mode) =>
        Values.FirstOrDefault(value => value.Mode == mode)?.Value;

    public static DevlinkParameter Read(NetlinkMessage message)
    {
        DevlinkHandle handle = DevlinkMessage.ReadHandle(message.Payload);
        var reader = new AttributeReader(message.Payload, GenericNetlink.HeaderLength, "devlink parameter");
        while (reader.Read())
        {
            if (reader.Type == DevlinkAttribute.Parameter)
            {
                return ReadNest(handle, reader.Nested());
            }
        }

        throw new NetlinkMalformedException("devlink parameter", "empty");
    }

    private static DevlinkParameter ReadNest(DevlinkHandle handle, AttributeReader reader)
    {
        string? name = null;
        bool isGeneric = false;
        DevlinkParameterType? type = null;
        var values = default(AttributeReader);
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case DevlinkAttribute.ParameterName:
                    name = reader.String();
                    break;
                case DevlinkAttribute.ParameterGeneric:
                    isGeneric = true;
                    break;
                case DevlinkAttribute.ParameterType:
                    type = (DevlinkParameterType)reader.Byte();
                    break;
                case DevlinkAttribute.ParameterValues:
                    values = reader.Nested();
                    break;
            }
        }

        return name is not null && type is { } known
            ? new DevlinkParameter(handle, name, isGeneric, known, ReadValues(known, values))
            : throw new NetlinkMalformedException("devlink parameter", "it has no name or no type");
    }

    private static List<DevlinkParameterValue> ReadValues(DevlinkParameterType type, AttributeReader list)
    {
        var values = new List<DevlinkParameterValue>();
        while (list.Read())
        {
            if (list.Type == DevlinkAttribute.ParameterValue)
            {
                values.Add(ReadValue(type, list.Nested()));
            }
        }

        return values;
    }

    private static DevlinkParameterValue ReadValue(DevlinkParameterType type, AttributeReader reader)
    {
        DevlinkParameterMode? mode = null;
        bool hasData = false;
        ReadOnlySpan<byte> data = [];
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case DevlinkAttribute.ParameterValueMode:
                    mode = (DevlinkParameterMode)reader.Byte();
                    break;
                case DevlinkAttribute.ParameterValueData:
                    hasData = true;
                    data = reader.Value;
                    break;
            }
        }

        return mode is { } known
            ? new DevlinkParameterValue(known, DevlinkValue.Read(type, hasData, data))
            : throw new NetlinkMalformedException("devlink parameter", "a value has no mode");
    }
}
