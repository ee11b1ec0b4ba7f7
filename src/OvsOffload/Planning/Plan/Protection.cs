using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;

namespace OvsOffload.Planning;

/// <summary>Whether a device is one that this host is reached through.</summary>
/// <param name="Kind">What kind of objection follows.</param>
/// <param name="Why">What it carries, as the rest of a sentence after the device's name.</param>
internal sealed record Protection(ObjectionKind Kind, string Why)
{
    private const string Configured = "is protected by the configuration (safety.protect)";

    /// <summary>The protection of a device; null when it may be disrupted.</summary>
    public static Protection? Of(string device, HostIntent intent, HostState state)
    {
        switch (intent.Safety.Protect)
        {
            case ProtectionKind.None:
                return null;
            case ProtectionKind.List:
                // By its name a device is protected also where nothing can be read.
                NetDevice? found = state.FindDevice(device);
                return intent.Safety.ProtectedInterfaces.Any(name => name == device || found?.HasName(name) == true)
                    ? new Protection(ObjectionKind.Refused, Configured)
                    : Of(device, Listed(intent.Safety, state));
            default:
                return Of(device, state.Protected);
        }
    }

    /// <summary>The refusal of a change, for people.</summary>
    /// <param name="device">The device.</param>
    /// <param name="change">The change, as a noun: <c>changing the bond</c>.</param>
    public string Refusal(string device, string change) => $"{device} {Why}, and {change} may cut it. Move it to "
        + "another device first, or set safety.protect: none with access to the console";

    private static Protection? Of(string device, Reading<ImmutableArray<ProtectedDevice>> known) =>
        !known.TryGet(out ImmutableArray<ProtectedDevice> all)
            ? new Protection(ObjectionKind.Refused,
                $"may carry a connection that must not be cut, which cannot be determined ({known.Why})")
            : all.FirstOrDefault(candidate => candidate.Device == device) is { } hit
                ? new Protection(ObjectionKind.Refused, hit.Why)
                : null;

    /// <summary>The devices of the list and those below them, which take them along.</summary>
    private static Reading<ImmutableArray<ProtectedDevice>> Listed(SafetyIntent safety, HostState state) =>
        state.Devices.Then(devices => ProtectedDevices.Of(
            devices.Where(device => safety.ProtectedInterfaces.Any(device.HasName))
                .Select(device => new ManagementPath(device.Index,
                    $"carries {device.Name}, which the configuration protects (safety.protect)")),
            devices,
            state.OpenVSwitch.Ports));
}
