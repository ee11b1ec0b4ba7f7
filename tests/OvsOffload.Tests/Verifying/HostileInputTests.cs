using System.Collections.Immutable;
using System.Text;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

/// <summary>What is read is not always sane: no check may fall over it, fill the memory or pass it on raw.</summary>
public sealed class HostileInputTests : IDisposable
{
    private const string Garbage = "\u0000\u001b[2J\r\n\t\uFFFD{0}%s\\x41";

    private readonly HostTree _host = new();

    public static TheoryData<string> Contradictions => [.. Contradictory.Keys];

    private static Dictionary<string, HostState> Contradictory { get; } = new()
    {
        ["VFs are counted and none is there"] = SampleHost.ConnectX6Dx().WithPf(pf => pf with
        {
            VfCount = Reading.Known(64),
            VirtualFunctions = [],
            Representors = Reading.Known(ImmutableArray<Representor>.Empty),
        }),
        ["numbers below zero"] = SampleHost.ConnectX6Dx().WithPf(pf => pf with
        {
            VfCount = Reading.Known(-1),
            VfLimit = Reading.Known(int.MinValue),
            NumaNode = -7,
        }).WithUptime(TimeSpan.FromSeconds(-5)).WithSwitch(state => state with
        {
            Upcalls = state.Upcalls.Map<IReadOnlyList<UpcallShow>>(all =>
                [.. all.Select(one => one with { Flows = -1, FlowLimit = -1, DumpDurationMilliseconds = -1 })]),
        }),
        ["a model that nobody knows, without driver and device"] = SampleHost.ConnectX6Dx().WithPf(pf => pf with
        {
            Model = NicModel.Unknown(PciId.Parse("1234:5678")),
            Driver = null,
            Uplink = null,
            SwitchId = null,
        }),
        ["switchdev mode without any device"] = SampleHost.ConnectX6Dx().WithDevices(_ => [])
            .WithPf(pf => pf with { Uplink = null }),
        ["a bridge without ports and one whose names are empty"] = SampleHost.ConnectX6Dx()
            .WithBridges(SampleHost.BridgeOf(""), SampleHost.BridgeOf("br1") with { Ports = [] }),
        ["nothing could be read"] = SampleHost.ConnectX6Dx().WithPf(pf => pf with
        {
            VfCount = default,
            VfLimit = default,
            DriversAutoprobe = default,
            Eswitch = default,
            SteeringMode = default,
            Firmware = default,
            Health = default,
            Representors = default,
        }) with
        { Platform = new PlatformState(), Filters = default, Devices = default },
        ["words and versions of nonsense"] = SampleHost.ConnectX6Dx().WithOption("tc-policy", Garbage)
            .WithOption("max-revalidator", "99999999999999999999").WithOption("flow-limit", Garbage)
            .WithSwitch(state => state with { Daemon = Reading.Known("3..5") })
            .WithKernelFacts(facts => facts with { Release = KernelRelease.Parse("6.1" + Garbage) })
            .WithAround(around => around with { Link = Reading.Known(new PcieLink("", -1, "Unknown", 0)) }),
    };

    public void Dispose() => _host.Dispose();

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void A_host_that_contradicts_itself_is_examined_to_the_end(string what)
    {
        foreach (HostIntent intent in new[] { HostIntent.Observe, SampleIntent.Switchdev(4, RepresentorPorts.All) })
        {
            VerifyReport report =
                Examined.Of(Contradictory[what], intent, new FlowCounts(-1, 0, long.MaxValue / 2, 0, 0));

            Assert.Equal(
                Checks.All.Select(check => check.Info.Id),
                report.Findings.Select(finding => finding.Check.Id).Distinct());
        }
    }

    [Fact]
    public void Lines_of_logs_reach_the_evidence_as_one_short_line()
    {
        string[] kernel =
        [
            .. FaultyHosts.ByCheck.Values.SelectMany(faulty => faulty.Host.Kernel.Log.ValueOr([]))
                .Select(record => Garbage + record.Text + Garbage + new string('x', 100_000)),
        ];
        DaemonLogLine[] daemon =
        [
            .. FaultyHosts.ByCheck.Values
                .SelectMany(faulty => faulty.Host.OpenVSwitch.Log.ValueOrDefault()?.Lines ?? [])
                .Select(line => line with { Message = Garbage + line.Message + Garbage + new string('x', 100_000) }),
        ];
        HostState host = SampleHost.ConnectX6Dx().WithKernelLog(kernel)
            .WithSwitch(state => state with { Log = Reading.Known(new DaemonLogTail(daemon, false)) });
        string[] fromLogs = ["N14", "N16", "N17", "N21", "N29", "O06", "O08", "O10", "O13", "O25", "O30", "P19"];

        Finding[] found = [.. fromLogs.SelectMany(id => Examined.One(id, host)).Where(finding => finding.IsFound)];

        Assert.Equal(fromLogs.Length, found.Select(finding => finding.Check.Id).Distinct().Count());
        Assert.All(found, finding =>
        {
            Assert.DoesNotContain(finding.Evidence, char.IsControl);
            Assert.True(finding.Evidence.Length < 500, $"{finding.Check.Id}: {finding.Evidence.Length} letters");
        });
    }

    [Fact]
    public void Of_a_kernel_log_of_100_MB_a_bounded_part_is_kept()
    {
        byte[] line =
        [
            .. Encoding.ASCII.GetBytes("4,1,1000000,-;mlx5_core 0000:3b:00.0: "), 0xff, 0xfe, .. new byte[9000], 10,
        ];
        Write(line, 100_000_000);

        IReadOnlyList<KernelLogRecord> records = new KernelLog(_host.Paths).Read().Value;

        Assert.InRange(records.Sum(record => (long)record.Text.Length), 1, 8 << 20);
        Assert.True(records.Count <= KernelLog.DefaultBound);
    }

    [Fact]
    public void A_kernel_log_that_is_one_endless_line_is_no_record()
    {
        Write(new byte[1 << 20], 100_000_000);

        Assert.Empty(new KernelLog(_host.Paths).Read().Value);
    }

    private void Write(byte[] block, long length)
    {
        _host.File("/dev/kmsg", "");
        using var stream = new FileStream(Path.Combine(_host.Paths.Dev, "kmsg"), FileMode.Open, FileAccess.Write);
        for (long written = 0; written < length; written += block.Length)
        {
            stream.Write(block);
        }
    }
}
