using OvsOffload.Netlink;
using OvsOffload.Planning;

namespace OvsOffload.Applying;

/// <summary>Steps on IP addresses and the routes that stand on them. Each returns whether it wrote anything.</summary>
/// <param name="devices">Finds devices.</param>
/// <param name="addresses">Reads and writes addresses and routes.</param>
internal sealed class AddressSteps(LinkSteps devices, LinkIPStates addresses)
{
    /// <summary>Moves addresses and their routes: first to the new device, so that none is ever on neither.</summary>
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

        // The routes come after the old addresses are gone: one destination has one route of a metric.
        await addresses.PutAsync(to, moved with { Routes = [] }, cancellation);
        await addresses.RemoveAsync(from, moved, cancellation);
        await addresses.PutAsync(to, moved with { Addresses = [] }, cancellation);
        return true;
    }

    /// <summary>Puts an address on a device.</summary>
    public async Task<bool> RunAsync(AddAddress step, CancellationToken cancellation)
    {
        Link link = await devices.FindAsync(step.Device, cancellation);
        LinkIPState now = (await addresses.ReadAsync(link, cancellation)).Only([step.Address.Address]);
        if (!now.Addresses.IsEmpty)
        {
            return false;
        }

        await addresses.PutAsync(
            link, LinkIPState.Of(step.Address.Address, step.Address.PrefixLength), cancellation);
        return true;
    }

    /// <summary>Takes an address off a device.</summary>
    public async Task<bool> RunAsync(RemoveAddress step, CancellationToken cancellation)
    {
        Link link = await devices.FindAsync(step.Device, cancellation);
        LinkIPState now = (await addresses.ReadAsync(link, cancellation)).Only([step.Address.Address]);
        await addresses.RemoveAsync(link, now, cancellation);
        return !now.Addresses.IsEmpty;
    }
}
