using System.Collections.Concurrent;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Applying;

/// <summary>Steps on bonds and on the VLANs above them. Each returns whether it wrote anything.</summary>
/// <param name="links">The kernel's links.</param>
/// <param name="devices">Finds devices.</param>
/// <param name="addresses">Keeps addresses and routes over what removes them.</param>
/// <param name="read">Reads the host, of which the proof of VF-LAG is a part.</param>
/// <param name="time">The clock.</param>
internal sealed class BondSteps(
    Links links,
    LinkSteps devices,
    AddressSteps addresses,
    Func<CancellationToken, Task<HostState>> read,
    TimeProvider time)
    : IStepClient
{
    /// <summary>
    /// The longest wait for VF-LAG, 15 s: mlx5 looks at a bond in a delayed work, which puts itself off by 1 s while an
    /// e-switch changes its mode (mlx5_do_bond_work in lag/lag.c), and LACP takes some seconds to agree.
    /// </summary>
    private static readonly RetryOptions PollOptions = new()
    {
        Delay = TimeSpan.FromMilliseconds(500),
        Limit = TimeSpan.FromSeconds(15),
    };

    /// <summary>
    /// What drivers said when a member joined: mlx5 refuses a LAG in a warning to a request that succeeds.
    /// </summary>
    private readonly ConcurrentDictionary<string, string> _warnings = new();

    /// <inheritdoc/>
    public Task<bool>? TryRunAsync(StepAction action, CancellationToken cancellation) => action switch
    {
        AddBond step => RunAsync(step, cancellation),
        DeleteBond step => RunAsync(step, cancellation),
        SetBondOptions step => RunAsync(step, cancellation),
        SetBondPrimary step => RunAsync(step, cancellation),
        AddBondMember step => RunAsync(step, cancellation),
        RemoveBondMember step => RunAsync(step, cancellation),
        WaitForVfLag step => RunAsync(step, cancellation),
        SetLinkAddress step => RunAsync(step, cancellation),
        MoveVlan step => RunAsync(step, cancellation),
        _ => null,
    };

    /// <summary>Makes a bond.</summary>
    public async Task<bool> RunAsync(AddBond step, CancellationToken cancellation)
    {
        _warnings.TryRemove(step.Name, out _);
        try
        {
            await links.CreateBondAsync(step.Name, step.Options, cancellation);
        }
        catch (NetlinkException failure) when (failure.Errno == Errno.EEXIST)
        {
            // Another program created it, so it must not be undone.
            throw new StepException(
                $"{failure.Message}; device {step.Name} was created after the plan was made; run plan again",
                (int)failure.Errno, null, null, failure)
            {
                ChangedNothing = true,
            };
        }

        return true;
    }

    /// <summary>Deletes a bond.</summary>
    public async Task<bool> RunAsync(DeleteBond step, CancellationToken cancellation)
    {
        if (await links.FindAsync(step.Name, cancellation) is not { } bond)
        {
            return false;
        }

        try
        {
            await links.DeleteAsync(bond, cancellation);
        }
        catch (NetlinkException failure)
        {
            throw new StepException(failure.Message, (int)failure.Errno, null, null, failure)
            {
                ChangedNothing = (await links.FindAsync(step.Name, CancellationToken.None))?.Index == bond.Index,
            };
        }

        return true;
    }

    /// <summary>Changes options; takes the bond down for those that need it, and restores what that loses.</summary>
    public async Task<bool> RunAsync(SetBondOptions step, CancellationToken cancellation)
    {
        Link bond = await BondAsync(step.Bond, cancellation);
        if (step.IsDone(bond.Bond!.Options))
        {
            return false;
        }

        if (bond.IsUp && step.Down)
        {
            await ChangeDownAsync(bond, step.To, cancellation);
        }
        else
        {
            await links.ChangeBondAsync(bond, step.To, cancellation);
        }

        BondOptions now = (await BondAsync(step.Bond, cancellation)).Bond!.Options;
        return step.IsDone(now)
            ? true
            : throw Failed($"{step.Summary}: the kernel accepted it, but has {SetBondOptions.Describe(step.To, now)}");
    }

    /// <summary>Sets or unsets the preferred member.</summary>
    public async Task<bool> RunAsync(SetBondPrimary step, CancellationToken cancellation)
    {
        Link bond = await BondAsync(step.Bond, cancellation);
        int wanted = step.To is null ? 0 : (await devices.FindAsync(step.To, cancellation)).Index;
        if ((bond.Bond!.Options.Primary ?? 0) == wanted)
        {
            return false;
        }

        await links.ChangeBondAsync(bond, new BondOptions { Primary = wanted }, cancellation);
        return true;
    }

    /// <summary>Adds a member; the driver's warning is kept for the one who waits for VF-LAG.</summary>
    public async Task<bool> RunAsync(AddBondMember step, CancellationToken cancellation)
    {
        Link bond = await BondAsync(step.Bond, cancellation);
        Link member = await devices.FindAsync(step.Device, cancellation);
        if (member.Master == bond.Index)
        {
            return false;
        }

        if (await links.SetMasterAsync(member, bond, cancellation) is { } warning)
        {
            _warnings[step.Bond] = warning;
        }

        Link? now = await links.FindAsync(member.Name, cancellation);
        return now?.Master == bond.Index
            ? true
            : throw Failed($"{step.Summary}: the kernel accepted it, but {member.Name} is not a member; see dmesg");
    }

    /// <summary>Takes a member out.</summary>
    public async Task<bool> RunAsync(RemoveBondMember step, CancellationToken cancellation)
    {
        Link member = await devices.FindAsync(step.Device, cancellation);
        if (await links.FindAsync(step.Bond, cancellation) is not { } bond || member.Master != bond.Index)
        {
            return false;
        }

        await links.ReleaseAsync(member, cancellation);
        return true;
    }

    /// <summary>Waits until VF-LAG is proven active; fails where it is required and does not come.</summary>
    public async Task<bool> RunAsync(WaitForVfLag step, CancellationToken cancellation)
    {
        int looks = 0;
        VfLag lag = await PollOptions.UntilAsync(
            LookAsync, lag => lag.State == VfLagState.Active, time, cancellation);
        return step.Required && lag.State != VfLagState.Active
            ? throw Failed($"VF-LAG of {step.Bond} is required and did not become active within "
                + $"{PollOptions.Limit?.TotalSeconds} s: {lag}"
                + (_warnings.TryGetValue(step.Bond, out string? warning) ? $"; the driver said: {warning}" : ""))
            : looks > 1;

        async Task<VfLag> LookAsync(CancellationToken token)
        {
            looks++;
            HostState host = await read(token);
            return host.FindBond(step.Bond)?.VfLag
                ?? throw Failed($"{step.Bond}: {(host.Bonds.IsKnown ? "no such bond" : host.Bonds.Why)}");
        }
    }

    /// <summary>Sets the MAC address.</summary>
    public async Task<bool> RunAsync(SetLinkAddress step, CancellationToken cancellation)
    {
        Link link = await devices.FindAsync(step.Device, cancellation);
        if (link.Address == step.To)
        {
            return false;
        }

        await links.SetAddressAsync(link, step.To, cancellation);
        return true;
    }

    /// <summary>
    /// Recreates a VLAN device on another device; also where a run before was cut off after it had been deleted.
    /// </summary>
    public async Task<bool> RunAsync(MoveVlan step, CancellationToken cancellation)
    {
        Link to = await devices.FindAsync(step.To, cancellation);
        Link? now = await links.FindAsync(step.Name, cancellation);
        if (now?.LowerLink == to.Index)
        {
            return false;
        }

        LinkIPState? state = now is null ? null : await addresses.ReadAsync(now, cancellation);
        if (now is not null)
        {
            await links.DeleteAsync(now, cancellation);
        }

        // From here on nothing may be left half done: the addresses are nowhere but in this method.
        await links.CreateVlanAsync(step.Name, to, step.Tag, CancellationToken.None);
        Link made = await links.FindAsync(step.Name, CancellationToken.None)
            ?? throw Failed($"{step.Summary}: the kernel accepted it, but there is no {step.Name}");
        if (now is not null && now.Mtu != made.Mtu && now.Mtu <= to.Mtu)
        {
            await links.SetMtuAsync(made, now.Mtu, CancellationToken.None);
        }

        if (now is { IsUp: true })
        {
            await links.SetUpAsync(made, CancellationToken.None);
        }

        await addresses.PutAsync(made, state?.Entries ?? [], CancellationToken.None);
        return true;
    }

    /// <summary>
    /// Changes options while the bond is down. The kernel then drops IPv6 addresses and routes of the bond and of the
    /// VLANs on it; they are restored.
    /// </summary>
    private async Task ChangeDownAsync(Link bond, BondOptions options, CancellationToken cancellation)
    {
        var kept = new List<(Link Link, LinkIPState State)>();
        foreach (Link link in await links.AllAsync(cancellation))
        {
            bool above = link.LowerLink == bond.Index && link.NamespaceId is null;
            if (link.IsUp && (link.Index == bond.Index || above))
            {
                kept.Add((link, await addresses.ReadAsync(link, cancellation)));
            }
        }

        await links.SetDownAsync(bond, cancellation);
        try
        {
            await links.ChangeBondAsync(bond, options, cancellation);
        }
        finally
        {
            // The bond first: what stands on it comes up only after it.
            foreach ((Link? link, LinkIPState? state) in kept.OrderByDescending(one => one.Link.Index == bond.Index))
            {
                await links.SetUpAsync(link, CancellationToken.None);
                await addresses.PutAsync(link, state.Entries, CancellationToken.None);
            }

            // What needs carrier comes with it; without members there is none, and a later step puts it there.
            if ((await links.AllAsync(CancellationToken.None))
                .Any(link => link.Master == bond.Index && link.HasCarrier))
            {
                foreach ((Link? link, LinkIPState? state) in kept)
                {
                    await addresses.RestoreAsync(link, state.Entries, CancellationToken.None);
                }
            }
        }
    }

    private async Task<Link> BondAsync(string name, CancellationToken cancellation) =>
        await links.FindAsync(name, cancellation) is { Bond: not null } bond
            ? bond
            : throw Failed($"{name}: no such bond");

    private static StepException Failed(string message) => new(message, 0, null, null, null);
}
