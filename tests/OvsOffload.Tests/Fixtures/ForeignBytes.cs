using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using OvsOffload.Bundles;
using OvsOffload.Flows;
using OvsOffload.Intent.Cloudpods;
using OvsOffload.Intent.Configuration;
using OvsOffload.Intent.Neutron;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Planning;
using OvsOffload.Platform;
using OvsOffload.Tests.Flows;
using OvsOffload.Tests.Netlink;

namespace OvsOffload.Tests.Fixtures;

/// <summary>A parser of what others write, with a text that it reads.</summary>
/// <param name="Name">What it reads.</param>
/// <param name="Sample">The text.</param>
/// <param name="Marks">Letters that mean something in it.</param>
/// <param name="Read">Reads one.</param>
internal sealed record ForeignBytes(string Name, Func<byte[]> Sample, string Marks, Action<byte[]> Read)
{
    /// <summary>All of them.</summary>
    public static readonly ForeignBytes[] All =
    [
        new("config.yaml", () => Text("""
            version: 1
            nics:
              - { pf: "0000:3b:00.0", mode: switchdev, vfs: 16, vf-macs: stable, vf-driver: auto }
              - { pf: "0000:3b:00.1", mode: switchdev, vfs: 16 }
            bonds: [{ name: bond0, profile: lacp, members: ["0000:3b:00.0", "0000:3b:00.1"], mtu: 9000 }]
            bridges: [{ name: br1, uplink: bond0, addresses: ["192.0.2.7/24"] }]
            openvswitch: { hw-offload: true, max-idle: 10s, restart: auto, restart-command: [/bin/a, "b"] }
            metrics: { listen: "127.0.0.1:9975", flow-dump: { interval: 30s, duty: 1% } }
            """), "[]{}:,&*!|>'\"%@`#- \n\t", bytes => ConfigurationReader.Parse("x", bytes)),
        new("web-config", () => Text("""
            basic_auth_users:
              prometheus: $2b$10$abcdefghijklmnopqrstuu3KWNuWLhBnmgYfnzONPueahDuedC/lu
            tls_server_config: { cert_file: a.pem, key_file: b.pem, min_version: TLS12 }
            http_server_config: { headers: { X-Frame-Options: deny } }
            """), "[]{}:,&*!|>'\"$\n", bytes => WebConfigReader.Parse("/etc/x", bytes)),
        new("bond profile", () => Text("""
            mode: 802.3ad
            lacp_rate: fast
            miimon: 100ms
            xmit_hash_policy: "layer3+4"
            """), "[]{}:,&*!'\"\n", bytes => BondProfileReader.Parse("x", "x", bytes)),
        new("host.conf", () => Text("""
            networks:  # uplinks
            - 'enp59s0f0np0/br0/192.0.2.7'
            - "bond0/br1/dhcp"
            offload_nics: [enp59s0f0np0]
            """), "[]'\"=:#/,\\\n", bytes => HostConfReader.Read("x", bytes)),
        new("Neutron's INI", () => Text("""
            [DEFAULT]
            # firewall
            firewall_driver = openvswitch
            [securitygroup]
            firewall_driver=noop
            """), "[]=:#;\n ", bytes =>
            {
                string text = Encoding.Latin1.GetString(bytes);
                IniText.Value(IniText.With(text, "securitygroup", "firewall_driver", "x"), "securitygroup", "y");
            }),
        new("OVSDB", () => Text("""
            {"Open_vSwitch":{"6c8a8f0e-6f0a-4f0e-8f0a-6c8a8f0e6f0a":{"new":{"other_config":["map",[["hw-offload",
            "true"]]],"bridges":["set",[["uuid","6c8a8f0e-6f0a-4f0e-8f0a-6c8a8f0e6f0b"]]],"cur_cfg":7}}}}
            """), "[]{}:,\"\\0", bytes =>
            {
                foreach (OvsdbRowUpdate update in OvsdbRowUpdate.ParseAll(JsonRpcText.Parse(bytes)))
                {
                    _ = update.ToString();
                }
            }),
        new("frames of JSON", () => Text("""
            {"id":1,"result":"a \"b\" \\ {c}","error":null}{"id":2,"result":[{"x":["y"]}],"error":null}
            """), "[]{}:,\"\\", bytes =>
            {
                var framer = new JsonObjectFramer();
                framer.Advance(bytes);
            }),
        new("dpctl/show", () => Text("""
            system@ovs-system:
              lookups: hit:1234 missed:56 lost:0
              flows: 7
              masks: hit:9 total:3 hit/pkt:0.10
              port 0: ovs-system (internal)
              port 1: enp59s0f0np0
            """), ":()\n 9-", bytes => DatapathShow.Parse(Encoding.UTF8.GetString(bytes))),
        new("upcall/show", () => Text("""
            system@ovs-system:
              flows         : (current 7) (avg 6) (max 12) (limit 200000)
              offloaded flows : 5
              dump duration : 1ms
              ufid enabled : true

              10: (keys 7)
            """), ":()\n 9-", bytes => UpcallShow.Parse(Encoding.UTF8.GetString(bytes))),
        new("logs", () => Text("""
            2026-11-30T20:00:00.000Z|00001|dpif_netlink(handler1)|WARN|failed to offload flow: Operation not supported
            6,1234,5678901,-;mlx5_core 0000:3b:00.0: E-Switch: Enable: mode(OFFLOADS), nvfs(4)
            """), "|,;:\\\n", bytes =>
            {
                foreach (string line in Encoding.UTF8.GetString(bytes).Split('\n'))
                {
                    DaemonLogLine.Parse(line);
                    KernelLogRecord.TryParse(line, out _);
                }
            }),
        new("files of other programs", () => Text("""
            options mlx5_core num_vfs=4  # a comment
            auto enp59s0f0np0
            iface enp59s0f0np0 inet static
            IRQBALANCE_BANNED_CPUS="ff,00000000"
            [sysctl]
            net.core.rmem_max = 16777216
            CONFIG_NET_TC_SKB_EXT=y
            """), "=\"'\\#,:[]\n ", bytes =>
            {
                string text = Encoding.UTF8.GetString(bytes);
                _ = ModuleOption.Parse("x", text).Count() + InterfacesFile.Parse("x", text).Count()
                    + AffinitySettings.Parse("x", text).Count() + TunedProfile.Parse("x", text).Count
                    + Neighbours.Parse(text).Count;
                KernelCommandLine.Parse(text);
                KernelConfiguration.Parse("x", bytes);
                OsRelease.Parse(text);
                KernelRelease.Parse(text);
                CpuList.Parse(text, "x");
                UnitCommand.Parse([text]);
            }),
        new("a saved plan", () => Text("""
            {"schema":1,"host":"h","steps":[{"id":"switch-option:x","summary":"s","disrupts":["d"],"undo":"u"}]}
            """), "[]{}:,\"\\0", bytes => SavedPlan.Parse("x", bytes)),
        new("dpif/offload/show", () => Text("""
            Globally enabled: true
            Datapaths:
            system@ovs-system:
              providers: tc
            """), ":\n -", bytes => OffloadShow.Parse(Encoding.UTF8.GetString(bytes))),
        new("a reply of unixctl", () => Text("""
            {"id":1,"result":"first \"line\"\\n\\u00e9 \\ud83d\\ude00\\nthird\\n","error":null}
            """), "{}\"\\:,nu", bytes => Scan(bytes)),
        new("flows", FlowCorpus.Dump, "(),:{}/=\n\"\\ 0", bytes =>
            {
                foreach (Range range in bytes.AsSpan().Split((byte)'\n'))
                {
                    FlowLine.Read(bytes.AsSpan(range), out _);
                }
            }),
        new("a bundle's archive", () => Archive(), "\0 7{}\"", bytes => BundleFile.Read(Packed(bytes))),
        new("links of netlink", () => Longest("ip-link-show-vf-mac", RtnetlinkType.NewLink), "\0\u0001\u0004\u007f",
            bytes => Ask(bytes, channel => new Links(channel).AllAsync(CancellationToken.None))),
        new("filters of netlink", () => Longest("tc-filter-show", RtnetlinkType.NewFilter), "\0\u0001\u0004\u007f",
            bytes => Ask(bytes, channel => new TrafficControl(channel).CountFlowerAsync(
                FilterTarget.Ingress(9), CancellationToken.None))),
        new("a libvirt pool", () => Text("""
            <network><name>vfs</name><forward mode='hostdev' managed='yes'><pf dev='enp59s0f0np0'/></forward></network>
            """), "<>/='\" &", bytes => _ = LibvirtPools.Parse("x", Encoding.UTF8.GetString(bytes)).Count()),
    ];

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static void Scan(ReadOnlySpan<byte> text)
    {
        var scanner = new UnixctlReplyScanner((_, _) => { }, 8192, 4096);
        while (!text.IsEmpty && !scanner.Done)
        {
            int count = Math.Min(text.Length, scanner.Room.Length);
            text[..count].CopyTo(scanner.Room.Span);
            scanner.Received(count);
            text = text[count..];
        }
    }

    private static byte[] Longest(string capture, ushort type) =>
        Capture.Load("6.12", capture).Answers(type).MaxBy(answer => answer.Length)!;

    /// <summary>The fake kernel answers at once.</summary>
    private static void Ask(byte[] answer, Func<INetlinkChannel, Task> read) => read(
        new FakeKernel(_ => [answer, Bytes.Acknowledgement()])).GetAwaiter().GetResult();

    private static byte[] Archive()
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach ((string name, string text) in ((string, string)[])
                [
                    ("manifest.json", """
                        {"schema":1,"version":"1","host":"h","kernel":"6.8","time":"2026-01-02T03:04:05Z","masked":true,
                        "configuration":"/etc/c","process":1}
                        """.ReplaceLineEndings("")),
                    ("files.jsonl", """{"read":"bytes","path":"/y","text":"\u00e9"}""" + "\n"),
                    ("netlink.jsonl", ""),
                    ("switch.jsonl", ""),
                ])
            {
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
                {
                    DataStream = new MemoryStream(Text(text)),
                });
            }
        }

        return stream.ToArray();
    }

    private static byte[] Packed(byte[] archive)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(archive);
        }

        return stream.ToArray();
    }
}
