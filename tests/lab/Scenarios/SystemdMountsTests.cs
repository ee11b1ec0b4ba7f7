using System.Text.Json;

namespace OvsOffload.LabTests.Scenarios;

/// <summary>The guest has mounted what systemd mounts on a host.</summary>
[Collection(OnCurrentKernel.Name)]
public sealed class SystemdMountsTests(CurrentKernel machine) : ProgramScenario(machine)
{
    private static readonly string[] Mounted =
    [
        "securityfs", "debugfs", "tracefs", "bpf", "cgroup2", "configfs", "fusectl", "pstore", "mqueue", "hugetlbfs",
    ];

    [Fact]
    public async Task Every_command_reads_a_host_with_systemd_s_mounts()
    {
        await ConfigureAsync(NicOnly());
        string types = (await RunAsync("cut -d ' ' -f 3 /proc/mounts")).Output;
        Assert.All(Mounted, type => Assert.Contains(type, types.Split('\n')));

        // Open vSwitch is installed there and does not run, so that status does not know all; the configuration does
        // not speak of it, so that plan does.
        foreach ((string command, int expected) in ((string, int)[])[("status", 6), ("inventory", 0), ("plan", 3)])
        {
            LabResult result = await ProgramAsync(command);
            Assert.True(result.ExitCode == expected, $"{command}\n{result}");
        }

        JsonElement verified = await JsonAsync("verify");
        JsonElement hidden = verified.GetProperty("checks").EnumerateArray()
            .Single(check => check.GetProperty("id").GetString() == "P14");
        Assert.Equal("ok", hidden.GetProperty("status").GetString());
        Assert.StartsWith(
            "/sys/kernel/security/lockdown: none; ", hidden.GetProperty("evidence").GetString(),
            StringComparison.Ordinal);
    }
}
