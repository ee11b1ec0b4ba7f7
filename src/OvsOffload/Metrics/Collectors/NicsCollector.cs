using System.Collections.Immutable;
using System.Globalization;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Metrics;

/// <summary>
/// Collector <c>nics</c>: PFs, their e-switches, and how many VFs and representors there are and should be.
/// </summary>
internal static class NicsCollector
{
    private const string Unsupported = "unsupported";

    private static readonly ImmutableArray<string> Modes =
        [.. Enum.GetValues<EswitchMode>().Select(mode => mode.ToName()), Unsupported];

    private static readonly MetricFamily EswitchModeFamily = MetricFamily.Gauge(
        "eswitch_mode",
        "Mode of the PF's e-switch: 1 for the current mode, 0 for the others; absent for a PF without a driver",
        "pf", "mode");

    private static readonly MetricFamily Vfs = MetricFamily.Gauge("vfs", "VFs of the PF", "pf");

    private static readonly MetricFamily VfsDesired =
        MetricFamily.Gauge("vfs_desired", "VFs set in the configuration, also for a PF that is gone", "pf");

    private static readonly MetricFamily VfsLimit =
        MetricFamily.Gauge("vfs_limit", "Maximum number of VFs of the PF", "pf");

    private static readonly MetricFamily Representors =
        MetricFamily.Gauge("representors", "VFs of the PF whose representor has a network device", "pf");

    private static readonly MetricFamily RepresentorsDesired = MetricFamily.Gauge(
        "representors_desired", "Representors expected with the configuration", "pf");

    private static readonly MetricFamily Info = MetricFamily.Gauge(
        "pf_info", "Properties of the PF: always "
            + "1", "pf", "device", "model", "driver", "firmware", "psid", "numa_node");

    private static readonly MetricFamily HealthErrors = MetricFamily.Counter(
        "devlink_health_errors_total", "Errors of the devlink health reporter since the driver was loaded",
        "pf", "reporter");

    /// <summary>Its name and families.</summary>
    public static CollectorDeclaration Declaration { get; } = CollectorDeclaration.Of(
        "nics",
        [EswitchModeFamily, Vfs, VfsDesired, VfsLimit, Representors, RepresentorsDesired, Info, HealthErrors],
        (sources, cancellation) => sources.Probes.NicsAsync(sources.Host(), cancellation),
        Samples);

    /// <summary>The samples.</summary>
    /// <exception cref="CollectorException">
    /// Something of a PF could not be read: that PF has no sample, those of the others are true all the same.
    /// </exception>
    public static IEnumerable<Sample> Samples(ImmutableArray<NicFacts> nics)
    {
        var samples = new List<Sample>();
        var failures = new List<string>();
        foreach (NicFacts nic in nics)
        {
            try
            {
                samples.AddRange([.. Samples(nic)]);
            }
            catch (CollectorException failure)
            {
                failures.Add(failure.Message);
            }
        }

        return failures.Count == 0
            ? samples
            : throw new CollectorException(string.Join("; ", failures)) { StillTrue = [.. samples] };
    }

    private static IEnumerable<Sample> Samples(NicFacts nic)
    {
        string pf = nic.Address.ToString();
        if (nic.Intent?.Vfs is { } desired)
        {
            yield return VfsDesired.Of(desired, pf);
        }

        if (DesiredRepresentors(nic) is { } desiredRepresentors)
        {
            yield return RepresentorsDesired.Of(desiredRepresentors, pf);
        }

        if (!nic.IsThere)
        {
            yield break;
        }

        // Only a driver knows the mode: without one it is unknown, which is not the same as a NIC without e-switch.
        string? mode = nic.Eswitch.OrNull($"e-switch of {pf}")?.Mode?.ToName()
            ?? (nic.Driver is null ? null : Unsupported);
        foreach (string word in mode is null ? [] : Modes)
        {
            yield return EswitchModeFamily.Of(word == mode, pf, word);
        }

        if (nic.Vfs.OrNone($"VFs of {pf}") is { } vfs)
        {
            yield return Vfs.Of(vfs, pf);
        }

        if (nic.VfLimit.OrNone($"VF limit of {pf}") is { } limit)
        {
            yield return VfsLimit.Of(limit, pf);
        }

        // In legacy mode there are none, which is a true zero.
        IReadOnlyList<FunctionPort> functions = nic.Functions.OrNull($"representors of {pf}") ?? [];
        yield return Representors.Of(
            functions.Count(one => one is { IsLocalVf: true, Device: not null }), pf);

        Firmware? firmware = nic.Firmware.OrNull($"firmware of {pf}");
        yield return Info.Of(
            1, pf, nic.Device ?? "", nic.Model, nic.Driver ?? "", firmware?.Running ?? "", firmware?.Psid ?? "",
            nic.NumaNode?.ToString(CultureInfo.InvariantCulture) ?? "");

        // Each port of a PF has its own reporters tx and rx; the label names the reporter, so they are added up.
        foreach (IGrouping<string, DevlinkHealthReporter> reporter in (nic.Health.OrNull($"health of {pf}") ?? [])
            .GroupBy(reporter => reporter.Name))
        {
            yield return HealthErrors.Of(reporter.Sum(one => (double)one.Errors), pf, reporter.Key);
        }
    }

    private static int? DesiredRepresentors(NicFacts nic)
    {
        EswitchMode? now = nic.Eswitch.ValueOrDefault()?.Mode;
        return (nic.Intent?.Mode, now) switch
        {
            _ when nic.Intent is null or { Mode: null, Vfs: null } => null,
            (NicMode.Legacy, _) or (null, not EswitchMode.Switchdev) => 0,
            _ => nic.Intent.Vfs ?? nic.Vfs.OrNone($"VFs of {nic.Address}"),
        };
    }
}
