using System.Collections.Immutable;
using System.Net;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>
/// The addresses of an entry of <c>networks</c>. Cloudpods wants each on the NIC or already on the bridge, moves it to
/// the bridge, and takes the length of its prefix from where it is; so does an import.
/// </summary>
/// <param name="Found">With the prefix length that it has on this host, and the device that has it.</param>
/// <param name="Missing">Those that neither the NIC nor the bridge has.</param>
internal sealed record ImportAddresses(
    ImmutableArray<(InterfaceAddress Address, string Device)> Found, ImmutableArray<IPAddress> Missing)
{
    /// <summary>Looks for them.</summary>
    public static ImportAddresses Of(NetworksEntry entry, ImportFacts facts)
    {
        ImmutableArray<(InterfaceAddress, string)>.Builder found =
            ImmutableArray.CreateBuilder<(InterfaceAddress, string)>();
        ImmutableArray<IPAddress>.Builder missing = ImmutableArray.CreateBuilder<IPAddress>();
        (InterfaceAddress Address, string Device)[] present =
        [
            .. new[] { facts.Find(entry.Bridge), facts.Find(entry.Nic) }.OfType<ImportDevice>()
                .SelectMany(device => device.Addresses.Select(address => (address, device.Name))),
        ];
        foreach (IPAddress address in new[] { entry.Ip, entry.Ip6 }.OfType<IPAddress>())
        {
            int at = Array.FindIndex(present, one => one.Address.Address.Equals(address));
            if (at < 0)
            {
                missing.Add(address);
            }
            else
            {
                found.Add(present[at]);
            }
        }

        return new ImportAddresses(found.ToImmutable(), missing.ToImmutable());
    }
}
