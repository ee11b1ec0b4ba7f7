using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Applying;

/// <summary>
/// Steps on network devices, over rtnetlink and ethtool netlink. Each returns whether it wrote anything.
/// </summary>
internal sealed class LinkSteps(Devlink devlink, Links links, Ethtool ethtool, HostPaths paths, TimeProvider time)
    : IStepClient
{
    /// <summary>
    /// The longest wait for representors, 60 s and one more for each: mlx5 makes 127 of them in some seconds, udev has
    /// to name them, and 125 VFs of a ConnectX-6 Lx were reported to take 65 s.
    /// </summary>
    private static readonly RetryOptions PollOptions = new()
    {
        Delay = TimeSpan.FromMilliseconds(100),
        Limit = TimeSpan.FromSeconds(60),
    };

    /// <inheritdoc/>
    public Task<bool>? TryRunAsync(StepAction action, CancellationToken cancellation) => action switch
    {
        WaitForRepresentors step => RunAsync(step, cancellation),
        SetVfMac step => RunAsync(step, cancellation),
        RestoreVfSettings step => RunAsync(step, cancellation),
        SetHwTcOffload step => RunAsync(step, cancellation),
        SetLinkUp step => RunAsync(step, cancellation),
        SetMtu step => RunAsync(step, cancellation),
        _ => null,
    };

    /// <summary>Waits until every VF has its representor, and until udev has named them all.</summary>
    public async Task<bool> RunAsync(WaitForRepresentors step, CancellationToken cancellation)
    {
        int looks = 0;
        RetryOptions patience = PollOptions with { Limit = PollOptions.Limit + TimeSpan.FromSeconds(step.Count) };
        double seconds = patience.Limit!.Value.TotalSeconds;
        (int[] missing, bool naming) = await patience.UntilAsync(
            LookAsync, left => left is { Missing.Length: 0, Naming: false }, time, cancellation);
        return missing.Length == 0 && !naming
            ? looks > 1
            : throw new StepException(
                missing.Length > 0
                    ? $"{step.Pf}: no representor for vf{string.Join(", vf", missing)} after {seconds} s; see dmesg"
                    : $"udev is still naming devices after {seconds} s; see udevadm monitor",
                0, null, null, null);

        async Task<(int[] Missing, bool Naming)> LookAsync(CancellationToken token)
        {
            looks++;
            HashSet<int> there = [.. (await PortsAsync(step.Pf, token))
                .Where(port => port is { VfIndex: not null, External: false, Device: not null })
                .Select(port => port.VfIndex!.Value)];
            return (
                [.. Enumerable.Range(0, step.Count).Where(vf => !there.Contains(vf))],
                paths.Files.Bytes(Path.Combine(paths.Run, "udev/queue")).IsKnown);
        }
    }

    /// <summary>Sets the MAC address of a VF through its PF.</summary>
    public async Task<bool> RunAsync(SetVfMac step, CancellationToken cancellation)
    {
        Link uplink = await FindAsync(new UplinkOf(step.Pf), cancellation);
        LinkVf? now = (await links.VfsAsync(uplink, cancellation)).FirstOrDefault(vf => vf.Index == step.Vf);
        if (now?.Address == step.To)
        {
            return false;
        }

        await links.SetVfAddressAsync(uplink, step.Vf, step.To, cancellation);
        return true;
    }

    /// <summary>Gives a VF back what it had; a setting that its driver does not report is not written.</summary>
    public async Task<bool> RunAsync(RestoreVfSettings step, CancellationToken cancellation)
    {
        Link uplink = await FindAsync(new UplinkOf(step.Pf), cancellation);
        LinkVf old = step.Settings;
        if (!old.Address.IsZero)
        {
            await links.SetVfAddressAsync(uplink, step.Vf, old.Address, cancellation);
        }

        if (old.Vlan != 0)
        {
            await links.SetVfVlanAsync(uplink, step.Vf, (ushort)old.Vlan, (byte)old.VlanPriority, cancellation);
        }

        if (old.MinimumRate != 0 || old.MaximumRate != 0)
        {
            await links.SetVfRateAsync(uplink, step.Vf, old.MinimumRate, old.MaximumRate, cancellation);
        }

        LinkVf now = (await links.VfsAsync(uplink, cancellation)).FirstOrDefault(vf => vf.Index == step.Vf) ?? old;
        if (old.IsSpoofChecked is { } checks && checks != now.IsSpoofChecked)
        {
            await links.SetVfSpoofCheckAsync(uplink, step.Vf, checks, cancellation);
        }

        if (old.IsTrusted is { } trusts && trusts != now.IsTrusted)
        {
            await links.SetVfTrustAsync(uplink, step.Vf, trusts, cancellation);
        }

        if (old.LinkState is { } state && state != now.LinkState)
        {
            await links.SetVfLinkStateAsync(uplink, step.Vf, state, cancellation);
        }

        return true;
    }

    /// <summary>Switches hw-tc-offload.</summary>
    public async Task<bool> RunAsync(SetHwTcOffload step, CancellationToken cancellation)
    {
        Link link = await FindAsync(step.Device, cancellation);
        LinkFeature? now = await ethtool.FeatureAsync(link, Ethtool.TcOffload, cancellation);
        if (now?.IsActive == step.To)
        {
            return false;
        }

        await ethtool.SetFeatureAsync(link, Ethtool.TcOffload, step.To, cancellation);
        return true;
    }

    /// <summary>Sets a device up or down.</summary>
    public async Task<bool> RunAsync(SetLinkUp step, CancellationToken cancellation)
    {
        Link link = await FindAsync(step.Device, cancellation);
        if (link.IsUp == step.To)
        {
            return false;
        }

        await (step.To ? links.SetUpAsync(link, cancellation) : links.SetDownAsync(link, cancellation));
        return true;
    }

    /// <summary>Sets the MTU.</summary>
    public async Task<bool> RunAsync(SetMtu step, CancellationToken cancellation)
    {
        Link link = await FindAsync(step.Device, cancellation);
        if (link.Mtu == step.To)
        {
            return false;
        }

        await links.SetMtuAsync(link, (uint)step.To, cancellation);
        return true;
    }

    /// <summary>The device that a plan means, as it is called now.</summary>
    public async Task<Link> FindAsync(DeviceReference reference, CancellationToken cancellation)
    {
        Link? found = reference switch
        {
            DeviceNamed named => await links.FindAsync(named.Name, cancellation),
            LocalPortOf local => await links.FindAsync(local.Bridge, cancellation),
            UplinkOf uplink => FunctionPorts.Uplink(
                uplink.Pf, await devlink.PortsAsync(cancellation), await links.AllAsync(cancellation)),
            RepresentorOf representor => (await PortsAsync(representor.Pf, cancellation))
                .FirstOrDefault(port => port.VfIndex == representor.Vf && !port.External)?.Device,
            _ => null,
        };
        return found ?? throw new StepException($"{reference}: no such network device", 0, null, null, null)
        {
            // Every step looks its devices up before it changes anything.
            ChangedNothing = true,
        };
    }

    private async Task<IReadOnlyList<FunctionPort>> PortsAsync(
        PciAddress pf, CancellationToken cancellation) =>
        FunctionPorts.Functions(pf, await devlink.PortsAsync(cancellation), await links.AllAsync(cancellation));
}
