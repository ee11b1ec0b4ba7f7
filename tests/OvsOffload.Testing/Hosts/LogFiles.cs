using System.Globalization;
using System.Text;

namespace OvsOffload.Testing;

/// <summary>Writes the logs of the kernel and of ovs-vswitchd.</summary>
internal static class LogFiles
{
    public static HostTree WriteLogs(this HostTree tree, HostDescription host)
    {
        tree.File("/dev/kmsg", Kernel(host));
        return host.Switch is null ? tree : tree.File("/var/log/openvswitch/ovs-vswitchd.log", Daemon(host));
    }

    private static string Kernel(HostDescription host)
    {
        var text = new StringBuilder();
        int sequence = 0;
        string begin = $"{host.Ports[0].Driver} {host.Ports[0].PciAddress}";
        foreach (string line in host.KernelLog.Concat(Enumerable.Range(0, host.LogLines)
            .Select(i => $"{begin}: line {i} of 52:54:00:aa:bb:cc at {HostDescription.Address}")))
        {
            text.Append(CultureInfo.InvariantCulture, $"6,{sequence},{sequence * 1000},-;{line}\n SUBSYSTEM=pci\n");
            sequence++;
        }

        return text.ToString();
    }

    private static string Daemon(HostDescription host)
    {
        var text = new StringBuilder();
        text.Append("2026-01-02T03:04:00.000Z|00000|netdev|INFO|netdev: Flow API Enabled\n");
        for (int i = 1; i <= host.LogLines; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"2026-01-02T03:04:{i % 60:00}.000Z|{i:00000}|")
                .Append("bridge|INFO|bridge ")
                .Append(CultureInfo.InvariantCulture, $"{host.Bridge}: added interface of web-shop-1\n");
        }

        return text.ToString();
    }
}
