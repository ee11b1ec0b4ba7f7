using System.Text.Json;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Status;

/// <summary>
/// PFs, their functions and who holds each, as JSON:
/// <c>{"pfs":[{"address","device","model","driver","firmware","mode","vfs_limit","functions":[..],"unread":[..]}],
/// "unread":[..]}</c>. What could not be read is null (<c>pfs</c> too), and <c>unread</c> beside it says why.
/// </summary>
internal static class InventoryDocument
{
    /// <summary>What people read in place of the mode of a PF without a driver.</summary>
    public const string NoDriver = "no driver";

    /// <summary>
    /// The mode's word; <c>unsupported</c> without an e-switch; null when it could not be read, and for a PF without a
    /// driver, which alone knows it.
    /// </summary>
    public static string? ModeWord(PhysicalFunction pf) => pf.Eswitch.Match<string?>(
        eswitch => eswitch.Mode?.ToName() ?? "unsupported", _ => pf.Driver is null ? null : "unsupported", _ => null);

    /// <summary>The same for people; null when it could not be read.</summary>
    public static string? ModeForPeople(PhysicalFunction pf) =>
        ModeWord(pf) ?? (pf is { Driver: null, Eswitch.IsAbsent: true } ? NoDriver : null);

    /// <summary>Writes the document's members.</summary>
    public static void Write(Utf8JsonWriter writer, HostState state)
    {
        if (state.PhysicalFunctions.IsFailed)
        {
            writer.WriteNull("pfs");
        }
        else
        {
            writer.WriteStartArray("pfs");
            foreach (PhysicalFunction pf in state.KnownFunctions)
            {
                Write(writer, pf);
            }

            writer.WriteEndArray();
        }

        writer.WriteStrings("unread", Unreadable(state));
    }

    /// <summary>Why the PFs of the host could not be listed; empty when they could.</summary>
    public static IEnumerable<string> Unreadable(HostState state) => state.PhysicalFunctions.IsFailed
        ? [$"physical functions: {state.PhysicalFunctions.Why}"]
        : [];

    private static void Write(Utf8JsonWriter writer, PhysicalFunction pf)
    {
        var unread = new List<string>();
        writer.WriteStartObject();
        writer.WriteString("address", pf.Address.ToString());
        writer.WriteString("device", pf.Uplink?.Name);
        writer.WriteString("model", pf.Model.Name);
        writer.WriteString("driver", pf.Driver);
        writer.WriteString("firmware", pf.Firmware.ValueOrDefault()?.Running);
        writer.WriteString("mode", ModeWord(pf));
        NoteUnreadable(unread, "mode", pf.Eswitch);
        WriteNumber(writer, "vfs_limit", pf.VfLimit);
        NoteUnreadable(unread, "vfs_limit", pf.VfLimit);
        writer.WriteStartArray("functions");
        foreach (VirtualFunction vf in pf.VirtualFunctions)
        {
            writer.WriteStartObject();
            writer.WriteString("function", $"vf{vf.Index}");
            writer.WriteString("address", vf.Address.ToString());
            writer.WriteString("mac", vf.Mac?.ToString());
            writer.WriteString("driver", vf.Driver);
            writer.WriteString("representor", pf.RepresentorOf(vf.Index)?.Device?.Name);
            writer.WriteString("holder", vf.Holder.ValueOrDefault()?.Description);
            writer.WriteEndObject();
            NoteUnreadable(unread, $"vf{vf.Index} holder", vf.Holder);
            NoteUnreadable(unread, $"vf{vf.Index} mac", vf.Settings);
        }

        foreach (Representor other in pf.Representors.ValueOr([])
            .Where(other => other.VfIndex is null || other.External))
        {
            writer.WriteStartObject();
            writer.WriteString("function", other.Function);
            writer.WriteNull("address");
            writer.WriteNull("mac");
            writer.WriteNull("driver");
            writer.WriteString("representor", other.Device?.Name);
            writer.WriteNull("holder");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStrings("unread", unread);
        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, Reading<int> value)
    {
        if (value.TryGet(out int number))
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void NoteUnreadable<T>(List<string> unread, string what, Reading<T> reading)
    {
        if (reading.IsFailed)
        {
            unread.Add($"{what}: {reading.Why}");
        }
    }
}
