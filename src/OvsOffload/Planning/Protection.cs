using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.System;

namespace OvsOffload.Planning;

/// <summary>Whether a device is one that this host is reached through.</summary>
/// <param name="Kind">What kind of objection follows.</param>
/// <param name="Why">What it carries, as the rest of a sentence after the device's name.</param>
internal sealed record Protection(ObjectionKind Kind, string Why)
{
    /// <summary>The protection of a device; null when it may be disrupted.</summary>
    public static Protection? Of(string device, HostIntent intent, HostState state)
    {
        switch (intent.Safety.Protect)
        {
            case ProtectionKind.None:
                return null;
            case ProtectionKind.List:
                NetDevice? found = state.FindDevice(device);
                return intent.Safety.ProtectedInterfaces.Any(name => name == device || (found?.IsCalled(name) ?? false))
                    ? new Protection(ObjectionKind.Refused, "is protected by the configuration (safety.protect)")
                    : null;
            default:
                Reading<ImmutableArray<ProtectedDevice>> known = state.Protected;
                if (!known.IsKnown)
                {
                    return new Protection(ObjectionKind.Unreadable,
                        $"may carry the way to this host, which could not be found out ({known.Why})");
                }

                return known.Value.FirstOrDefault(candidate => candidate.Device == device) is { } hit
                    ? new Protection(ObjectionKind.Refused, hit.Why)
                    : null;
        }
    }
}
