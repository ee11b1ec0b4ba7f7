using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Applying;

/// <summary>Steps on IP addresses and routes. Each returns whether it wrote anything.</summary>
/// <param name="links">The kernel's links.</param>
/// <param name="devices">Finds devices.</param>
/// <param name="addresses">Reads and writes addresses and routes.</param>
/// <param name="paths">Where the settings of the kernel's IPv6 lie.</param>
/// <param name="time">The clock.</param>
internal sealed class AddressSteps(
    Links links, LinkSteps devices, LinkIPStates addresses, HostPaths paths, TimeProvider time)
    : IStepClient
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The longest wait for what the kernel does not take at once, 30 s: nexthop objects need carrier, which a NIC has
    /// some seconds after it is up (and LACP later), and the source of an IPv6 route has to be through with duplicate
    /// address detection, which takes 1 to 2 s.
    /// </summary>
    private static readonly RetryOptions PollOptions = new() { Delay = Pause, Limit = TimeSpan.FromSeconds(30) };

    /// <summary>
    /// The longest wait for a router, 60 s: a switch port may be blocked for 30 s by the spanning tree (IEEE 802.1D),
    /// and a router answers a solicitation within 0.5 s, but sends to all at most every 3 s (RFC 4861, 6.2.6).
    /// </summary>
    private static readonly RetryOptions RouterTimeout = new() { Delay = Pause, Limit = TimeSpan.FromSeconds(60) };

    /// <summary>Between solicitations, RTR_SOLICITATION_INTERVAL of RFC 4861.</summary>
    private static readonly TimeSpan Solicitations = TimeSpan.FromSeconds(4);

    /// <inheritdoc/>
    public Task<bool>? TryRunAsync(StepAction action, CancellationToken cancellation) => action switch
    {
        MoveAddresses step => RunAsync(step, cancellation),
        SaveRoutes step => RunAsync(step, cancellation),
        MoveRoutes step => RunAsync(step, cancellation),
        WaitForRouter step => RunAsync(step, cancellation),
        AddAddress step => RunAsync(step, cancellation),
        RemoveAddress step => RunAsync(step, cancellation),
        _ => null,
    };

    /// <summary>Moves addresses: first to the new device, so that none is ever on neither.</summary>
    public async Task<bool> RunAsync(MoveAddresses step, CancellationToken cancellation)
    {
        Link from = await devices.FindAsync(step.From, cancellation);
        Link to = await devices.FindAsync(step.To, cancellation);
        LinkIPState moved = (await addresses.ReadAsync(from, cancellation)).Only(
            [.. step.Addresses.Select(address => address.Address)]);
        if (moved.Addresses.IsEmpty)
        {
            return false;
        }

        ThrowFirst(await addresses.PutAsync(to, moved.Addresses, cancellation));
        await addresses.RemoveAsync(from, moved.Addresses, cancellation);
        ImmutableArray<IPEntry> missing =
            (await addresses.ReadAsync(to, cancellation)).Missing(moved.Addresses);
        return missing.IsEmpty
            ? true
            : throw Failed($"{step.Summary}: the kernel accepted it, but {to.Name} lacks {string.Join(", ", missing)}");
    }

    /// <summary>Nothing to do: what counts is that the record has them from now on.</summary>
    public async Task<bool> RunAsync(SaveRoutes step, CancellationToken cancellation)
    {
        await devices.FindAsync(step.From, cancellation);
        return true;
    }

    /// <summary>Puts routes on a device, and takes off the old one what is left of them there.</summary>
    public async Task<bool> RunAsync(MoveRoutes step, CancellationToken cancellation)
    {
        Link to = await devices.FindAsync(step.To, cancellation);
        bool wrote = await RestoreAsync(to, step.Entries, cancellation);
        if (step.From == step.To || await TryFindAsync(step.From, cancellation) is not { } from)
        {
            return wrote;
        }

        ImmutableArray<IPEntry> left =
            (await addresses.ReadAsync(from, cancellation)).Among(step.Entries);
        await addresses.RemoveAsync(from, left, cancellation);
        return wrote || !left.IsEmpty;
    }

    /// <summary>Waits until a router was heard on a device, and asks for one meanwhile.</summary>
    public async Task<bool> RunAsync(WaitForRouter step, CancellationToken cancellation)
    {
        if (await TryFindAsync(step.From, cancellation) is { Master: not null } from)
        {
            await addresses.RemoveRouterStateAsync(from, cancellation);
        }

        long? asked = null;
        string device = "";
        bool heard = await RouterTimeout.UntilAsync(HearAsync, heard => heard, time, cancellation);
        return heard
            ? asked is not null
            : throw Failed($"{step.Summary}: none within {RouterTimeout.Limit!.Value.TotalSeconds} s, but the old "
                + $"device had addresses or routes from one; see tcpdump -i {device} icmp6");

        async Task<bool> HearAsync(CancellationToken token)
        {
            Link link = await devices.FindAsync(step.Device, token);
            device = link.Name;
            if ((await addresses.ReadAsync(link, token)).HasRouter)
            {
                return true;
            }

            if (WhyNoRouter(device) is { } deaf)
            {
                throw Failed($"{step.Summary}: {deaf}; set it, so that {device} gets the addresses and routes that the "
                    + "old device had from the router");
            }

            if (asked is not { } last || time.GetElapsedTime(last) >= Solicitations)
            {
                RouterSolicitation.TrySend(link.Index);
                asked = time.GetTimestamp();
            }

            return false;
        }
    }

    /// <summary>
    /// Puts entries on a device and reads them back; waits for what the kernel does not take at once.
    /// </summary>
    /// <returns>Whether anything was missing.</returns>
    public async Task<bool> RestoreAsync(
        Link link, ImmutableArray<IPEntry> entries, CancellationToken cancellation)
    {
        IReadOnlyList<Link> all = await links.AllAsync(cancellation);
        HashSet<int> ports = [.. all.Where(other => other.Master == link.Index).Select(other => other.Index)];
        IPEntry[] wanted = [.. entries.Select(entry => entry.ForMaster(ports)).DistinctBy(entry => entry.Identity)];
        bool wrote = false;
        string[] refusals = await PollOptions.UntilAsync(
            PutMissingAsync, refusals => refusals.Length == 0, time, cancellation);
        return refusals.Length == 0
            ? wrote
            : throw Failed($"{string.Join("; ", refusals)} (tried for {PollOptions.Limit!.Value.TotalSeconds} s)");

        async Task<string[]> PutMissingAsync(CancellationToken token)
        {
            long now = LinkIPStates.SecondsOf(time);
            ImmutableArray<IPEntry> missing = (await addresses.ReadAsync(link, token))
                .Missing(wanted.Where(entry => entry.Until is not { } until || until > now));
            if (missing.IsEmpty)
            {
                return [];
            }

            ImmutableArray<RefusedEntry> refused = await addresses.PutAsync(link, missing, token);
            wrote = true;
            LinkIPState after = await addresses.ReadAsync(link, token);
            ImmutableArray<IPEntry> lost =
            [
                .. after.Missing(missing).Where(entry => refused.All(one => one.Entry != entry)

                    // A group whose other members are away has fewer of them than it had.
                    && !(entry.IsGroup && after.Entries.Any(other => other.Id == entry.Id))),
            ];
            return
            [
                .. refused.Select(one => one.Refusal.Message),
                .. lost.Select(entry => $"the kernel accepted the {entry}, but {link.Name} does not have it"),
            ];
        }
    }

    /// <summary>Puts on a device what the kernel takes of some entries now; fails only for an address.</summary>
    public async Task PutAsync(Link link, ImmutableArray<IPEntry> entries, CancellationToken cancellation) =>
        ThrowFirst((await addresses.PutAsync(link, entries, cancellation))
            .Where(one => one.Entry.Kind == IPEntryKind.Address));

    /// <summary>Reads what is on a device.</summary>
    public Task<LinkIPState> ReadAsync(Link link, CancellationToken cancellation) =>
        addresses.ReadAsync(link, cancellation);

    /// <summary>Puts an address on a device.</summary>
    public async Task<bool> RunAsync(AddAddress step, CancellationToken cancellation)
    {
        Link link = await devices.FindAsync(step.Device, cancellation);
        LinkIPState now = (await addresses.ReadAsync(link, cancellation)).Only([step.Address.Address]);
        if (!now.Addresses.IsEmpty)
        {
            return false;
        }

        ThrowFirst(await addresses.PutAsync(
            link, LinkIPState.Of(step.Address.Address, step.Address.PrefixLength).Entries, cancellation));
        return true;
    }

    /// <summary>Removes an address from a device.</summary>
    public async Task<bool> RunAsync(RemoveAddress step, CancellationToken cancellation)
    {
        Link link = await devices.FindAsync(step.Device, cancellation);
        LinkIPState now = (await addresses.ReadAsync(link, cancellation)).Only([step.Address.Address]);
        await addresses.RemoveAsync(link, now.Addresses, cancellation);
        return !now.Addresses.IsEmpty;
    }

    private async Task<Link?> TryFindAsync(DeviceReference reference, CancellationToken cancellation)
    {
        try
        {
            return await devices.FindAsync(reference, cancellation);
        }
        catch (StepException)
        {
            // A device that is gone took its routes with it.
            return null;
        }
    }

    /// <summary>Why a device listens to no router; null where it does, or where that is unknown.</summary>
    private string? WhyNoRouter(string device)
    {
        // Documentation/networking/ip-sysctl.rst: a host that forwards listens only with accept_ra 2.
        string accepts = Setting(device, "accept_ra");
        bool forwards = Setting(device, "forwarding") is not ("" or "0");
        string wanted = forwards ? "2" : "1";
        return accepts == "0" || (forwards && accepts == "1")
            ? $"net.ipv6.conf.{device}.accept_ra is {accepts}{(forwards ? " and forwarding is on" : "")}, so it "
                + "ignores router advertisements (sysctl "
                + $"net.ipv6.conf.default.accept_ra={wanted} before it is created)"
            : Setting(device, "disable_ipv6") == "1" ? $"net.ipv6.conf.{device}.disable_ipv6 is 1" : null;
    }

    private string Setting(string device, string name) =>
        paths.Files.Text(Path.Combine(paths.Proc, "sys/net/ipv6/conf", device, name)).ValueOr("").Trim();

    private static void ThrowFirst(IEnumerable<RefusedEntry> refused)
    {
        if (refused.FirstOrDefault() is { } first)
        {
            throw first.Refusal;
        }
    }

    private static StepException Failed(string message) => new(message, 0, null, null, null);
}
