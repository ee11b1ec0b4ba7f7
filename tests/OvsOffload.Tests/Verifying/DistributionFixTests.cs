using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

/// <summary>A fix is worded for the distribution.</summary>
public class DistributionFixTests
{
    [Theory]
    [InlineData("6.8.12-4-pve", "proxmox-boot-tool")]
    [InlineData("5.14.0-503.el9.x86_64", "grubby")]
    [InlineData("6.1.0-56-amd64", "update-grub")]
    [InlineData("6.12.3", "RHEL family: grubby")]
    public void A_fix_names_the_commands_of_the_distribution(string release, string command)
    {
        HostState host = FaultyHosts.ByCheck["P01"].Host
            .WithKernelFacts(facts => facts with { Release = KernelRelease.Parse(release) })
            .WithPlatform(platform => platform with
            {
                Distribution = Reading.Absent<OsRelease>("no /etc/os-release"),
            });

        Assert.Contains(command, Found("P01", host, HostIntent.Observe).Fix);
    }

    [Theory]
    [InlineData("rocky", "rhel centos fedora", "6.12.3", "grubby")]
    [InlineData("debian", "", "6.12.3", "update-grub, reboot")]
    [InlineData("debian", "", "6.8.12-4-pve", "proxmox-boot-tool")]
    [InlineData("nixos", "", "6.12.3", "RHEL family: grubby")]
    public void os_release_tells_the_distribution_of_a_kernel_of_one_s_own(
        string id, string like, string release, string command)
    {
        HostState host = FaultyHosts.ByCheck["P01"].Host
            .WithKernelFacts(facts => facts with { Release = KernelRelease.Parse(release) })
            .WithPlatform(platform => platform with
            {
                Distribution = Reading.Known(new OsRelease(id, like.Split(' '), id)),
            });

        Assert.Contains(command, Found("P01", host, HostIntent.Observe).Fix);
    }

    private static Finding Found(string id, HostState host, HostIntent intent) =>
        Assert.Single(Examined.One(id, host, intent), finding => finding.IsFound);
}
