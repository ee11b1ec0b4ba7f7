using System.Collections.Immutable;
using System.Text.Json;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Status;

/// <summary>
/// The status of a host as JSON:
/// <c>{"pfs":[{"address","device","model","driver","mode","vfs","vfs_desired","vfs_limit","representors"}],
/// "bonds":[{"bond","mode","members","members_active","vf_lag","evidence"}],
/// "openvswitch":{"version","hw_offload_configured","hw_offload_effective","evidence","agents"},
/// "flows":[{"datapath","offloaded","partial","tc_not_in_hw","software","unknown","truncated"}],
/// "steps":N,"objections":[..],"waiting":[..],"unread":[..]}</c>. What could not be read, or is not there, is null, and
/// <c>unread</c> says why it could not be read. Without a configuration <c>steps</c> is null.
/// </summary>
internal static class StatusDocument
{
    /// <summary>Writes the document's members.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="input">What is wanted, and what is.</param>
    /// <param name="plan">What is still to be done; null without a configuration.</param>
    public static void Write(Utf8JsonWriter writer, Observation input, Plan? plan)
    {
        WriteFunctions(writer, input);
        WriteBonds(writer, input.State.Bonds);
        WriteSwitch(writer, input.State.OpenVSwitch);
        WriteFlows(writer, input.Flows);
        WriteNumber(writer, "steps", plan?.Steps.Length);
        PlanDocument.WriteObjections(writer, plan?.Objections ?? []);
        writer.WriteStrings("waiting", plan?.Pending ?? []);
        writer.WriteStrings("unread", UnreadFacts.Of(input).Select(fact => $"{fact}"));
    }

    private static void WriteFunctions(Utf8JsonWriter writer, Observation input)
    {
        if (input.State.PhysicalFunctions.IsFailed)
        {
            writer.WriteNull("pfs");
            return;
        }

        writer.WriteStartArray("pfs");
        foreach (PhysicalFunction pf in input.State.KnownFunctions)
        {
            writer.WriteStartObject();
            writer.WriteString("address", pf.Address.ToString());
            writer.WriteString("device", pf.Uplink?.Name);
            writer.WriteString("model", pf.Model.Name);
            writer.WriteString("driver", pf.Driver);
            writer.WriteString("mode", InventoryDocument.ModeWord(pf));
            WriteNumber(writer, "vfs", pf.VfCount.Map<int?>(count => count).ValueOrDefault());
            WriteNumber(writer, "vfs_desired", input.IntentOf(pf)?.Vfs);
            WriteNumber(writer, "vfs_limit", pf.VfLimit.Map<int?>(limit => limit).ValueOrDefault());
            WriteNumber(writer, "representors", Representors(pf));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>The VF representors of this host that have a device; null where they could not be read.</summary>
    public static int? Representors(PhysicalFunction pf) => pf.Representors.IsFailed
        ? null
        : pf.VfRepresentors.Count(port => port.Device is not null);

    private static void WriteBonds(Utf8JsonWriter writer, Reading<ImmutableArray<BondState>> bonds)
    {
        if (!bonds.TryGet(out ImmutableArray<BondState> known))
        {
            writer.WriteNull("bonds");
            return;
        }

        writer.WriteStartArray("bonds");
        foreach (BondState bond in known)
        {
            writer.WriteStartObject();
            writer.WriteString("bond", bond.Name);
            writer.WriteString("mode", bond.Mode?.ToName());
            writer.WriteNumber("members", bond.Members.Length);
            writer.WriteNumber("members_active", bond.Active.Count());
            writer.WriteString("vf_lag", bond.VfLag.State.ToString().ToLowerInvariant());
            writer.WriteString("evidence", bond.VfLag.Evidence);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteSwitch(Utf8JsonWriter writer, OpenVSwitchState state)
    {
        if (state is { Database.IsAbsent: true, Installation.IsKnown: false })
        {
            writer.WriteNull("openvswitch");
            return;
        }

        HwOffloadEffect? effect = state.HwOffload.ValueOrDefault();
        writer.WriteStartObject("openvswitch");
        writer.WriteString("version", state.Daemon.ValueOrDefault());
        WriteBoolean(writer, "hw_offload_configured",
            state.Database.Map<bool?>(database => database.OffloadConfigured).ValueOrDefault());
        WriteBoolean(writer, "hw_offload_effective", effect?.IsActive);
        writer.WriteString("evidence", effect?.Evidence);
        writer.WriteStrings("agents", state.Agents);
        writer.WriteEndObject();
    }

    private static void WriteFlows(Utf8JsonWriter writer, Reading<ImmutableArray<DatapathFlows>> flows)
    {
        if (!flows.TryGet(out ImmutableArray<DatapathFlows> datapaths))
        {
            writer.WriteNull("flows");
            return;
        }

        writer.WriteStartArray("flows");
        foreach (DatapathFlows facts in datapaths)
        {
            writer.WriteStartObject();
            writer.WriteString("datapath", facts.Datapath);
            writer.WriteNumber("offloaded", facts.Flows.Offloaded);
            writer.WriteNumber("partial", facts.Flows.Partial);
            writer.WriteNumber("tc_not_in_hw", facts.Flows.TcNotInHardware);
            writer.WriteNumber("software", facts.Flows.Software);
            writer.WriteNumber("unknown", facts.Flows.Unknown);
            writer.WriteBoolean("truncated", facts.Truncated);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteBoolean(Utf8JsonWriter writer, string name, bool? value)
    {
        if (value is { } known)
        {
            writer.WriteBoolean(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
