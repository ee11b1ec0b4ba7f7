namespace OvsOffload.Testing;

/// <summary>
/// Writes how the host is reached, its bond, and what is nobody's business: secrets, other programs' files and
/// connections.
/// </summary>
internal static class NetworkFiles
{
    /// <summary>The process that looks, called over SSH.</summary>
    public const int Looker = 900;

    private const string Connections =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        + "   0: 0302010A:0016 6302010A:9C40 01 00000000:00000000 00:00000000 00000000     0        0 777 1 0\n"
        + "   1: 0302010A:1F90 0707070A:9C40 01 00000000:00000000 00:00000000 00000000     0        0 888 1 0\n";

    public static HostTree WriteNetwork(this HostTree tree, HostDescription host)
    {
        tree.File("/proc/net/tcp", Connections)
            .File("/proc/net/netlink", "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops"
                + "    Inode\n0000000000000000 6   0          00000000 0        0        0     2        0        21\n")
            .File("/proc/net/arp", "IP address HW type Flags HW address Mask Device\n"
                + $"10.1.2.1 0x1 0x2 52:54:00:aa:bb:cc * {host.Bridge}\n")
            .File($"/proc/{Looker}/environ", "PATH=/bin\0AWS_SECRET=abc\0SSH_CONNECTION=10.1.2.99 40000 10.1.2.3 22\0")
            .File($"/proc/{Looker}/stat", $"{Looker} (ovs-offload) S 1 1 1\n")
            .File($"/proc/{Looker}/comm", "sshd\n")
            .Link($"/proc/{Looker}/fd/3", "socket:[777]")
            .Link($"/proc/{Looker}/ns/net", "net:[4026531840]")
            .File("/etc/network/interfaces",
                $"iface {host.Bridge} inet static\n  address {HostDescription.Address}/24\n  wpa-psk topsecret\n");
        if (host.Bond is { } bond)
        {
            tree.File($"/proc/net/bonding/{bond.Name}", "Bonding Mode: IEEE 802.3ad Dynamic link aggregation\n\n"
                + string.Concat(host.Ports.Select(port => $"Slave Interface: {port.Device}\nMII Status: up\n"
                    + "Actor Churn State: none\nPartner Churn State: none\n\n")));
        }

        return tree;
    }
}
