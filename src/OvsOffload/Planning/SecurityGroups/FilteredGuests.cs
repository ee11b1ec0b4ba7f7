using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Planning;

/// <summary>The guests of a host that an agent filters, and that lose it when security groups are off.</summary>
internal static class FilteredGuests
{
    /// <summary>
    /// One entry for each guest's port: those of Open vSwitch that an agent has claimed, and VFs with a running guest
    /// that have none. One more where the database could not be read.
    /// </summary>
    /// <param name="state">The host.</param>
    /// <param name="onlyVfs">Whether ports with a tap device keep their filtering.</param>
    public static ImmutableArray<string> Of(HostState state, bool onlyVfs = false)
    {
        ImmutableArray<string>.Builder guests = ImmutableArray.CreateBuilder<string>();
        if (state.OpenVSwitch.Database.IsFailed)
        {
            guests.Add($"unknown guests of Open vSwitch ({state.OpenVSwitch.Database.Why})");
        }

        Dictionary<string, string> vfs = RepresentedVfs(state);
        foreach (OvsInterface port in state.OpenVSwitch.Database.ValueOrDefault()?.Interfaces ?? [])
        {
            bool isVf = vfs.Remove(port.Name, out string? vf);
            if (port.IfaceId is not null && (isVf || !onlyVfs))
            {
                guests.Add(Name(port) + (isVf ? $", {vf}" : ""));
            }
        }

        foreach (PhysicalFunction pf in state.KnownFunctions)
        {
            foreach (VirtualFunction vf in pf.VirtualFunctions)
            {
                if (vf.Holder.ValueOrDefault() is { Kind: HolderKind.Vfio } holder
                    && vfs.ContainsValue($"{pf.Address} vf{vf.Index}"))
                {
                    guests.Add($"{pf.Address} vf{vf.Index} ({holder.Description})");
                }
            }
        }

        return guests.ToImmutable();
    }

    /// <summary>The VFs by the names of their representors' devices.</summary>
    private static Dictionary<string, string> RepresentedVfs(HostState state)
    {
        var vfs = new Dictionary<string, string>();
        foreach (PhysicalFunction pf in state.KnownFunctions)
        {
            foreach (Representor port in pf.VfRepresentors)
            {
                if (port is { VfIndex: { } vf, Device: { } device })
                {
                    vfs[device.Name] = $"{pf.Address} vf{vf}";
                }
            }
        }

        return vfs;
    }

    /// <summary>The port with what agents write of its guest.</summary>
    private static string Name(OvsInterface port)
    {
        string guest = port.GuestId is { Length: > 0 } id ? $", guest {id}" : "";
        return $"{port.Name} (iface-id {port.IfaceId}{guest})";
    }
}
