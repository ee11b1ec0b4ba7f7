using System.Globalization;

namespace OvsOffload.LabTests;

/// <summary>A scenario on a whole Debian, with the program as its package installs it.</summary>
public abstract class RealHostScenario(RealHost host) : ProgramScenario(host)
{
    /// <summary>The version that is installed.</summary>
    private const string Version = "1.0~lab1";

    /// <summary>Installing starts many processes, each of which an emulator makes slow.</summary>
    private static readonly TimeSpan PackageTime = TimeSpan.FromSeconds(120);

    /// <inheritdoc/>
    protected override string ResetCommand => "lab-host-reset";

    /// <summary>Installs the package as a user does, from its file.</summary>
    protected async Task<LabResult> InstallAsync()
    {
        string package = await host.PutPackageAsync(Version, Cancellation);
        return await RunAsync(
            $"export DEBIAN_FRONTEND=noninteractive; apt-get -q -y install /lab/{package} 2>&1", PackageTime);
    }

    /// <summary>Reboots, and tells the seconds from the kernel's start to the boot's end.</summary>
    protected async Task RebootAsync()
    {
        await Machine.RebootAsync(Cancellation);
        await TellBootAsync();
    }

    /// <summary>Cuts the power, and boots.</summary>
    protected async Task CutPowerAsync()
    {
        await Machine.CutPowerAsync();
        await TellBootAsync();
    }

    /// <summary>When something became so, in seconds since the kernel's start; 0 where it did not.</summary>
    /// <param name="unit">A unit of systemd.</param>
    /// <param name="property">A time stamp such as <c>ActiveEnterTimestampMonotonic</c>.</param>
    protected async Task<double> WhenAsync(string unit, string property) => double.Parse(
        (await RunAsync($"systemctl show --value -p {property} {unit}")).Text, CultureInfo.InvariantCulture) / 1e6;

    /// <summary>The journal of this boot, of one unit or of all.</summary>
    protected async Task<string> JournalAsync(string? unit = null) => (await RunAsync(
        $"journalctl -b --no-pager -o short-monotonic {(unit is null ? "" : $"-u {unit}")}")).Output;

    private async Task TellBootAsync()
    {
        LabResult times = await RunAsync(
            """
            systemd-analyze time | head -1
            for unit in ovs-offload-pre ovs-offload-post; do
              systemctl show -p Id -p Result -p ExecMainStatus -p ExecMainStartTimestampMonotonic \
                -p ExecMainExitTimestampMonotonic $unit | paste -sd ' '
            done
            journalctl -b --no-pager -o short-monotonic -u ovs-offload-pre -u ovs-offload-post
            """);
        TestContext.Current.TestOutputHelper?.WriteLine(times.Output);
    }
}
