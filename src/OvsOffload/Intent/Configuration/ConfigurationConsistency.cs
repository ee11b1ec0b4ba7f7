using System.Net.NetworkInformation;

namespace OvsOffload.Intent.Configuration;

/// <summary>What must hold between the values of a configuration, as far as no host is needed to tell.</summary>
internal sealed class ConfigurationConsistency(HostIntent intent, Problems problems)
{
    /// <param name="allNics">
    /// Whether every entry under nics could be read; otherwise nobody is reported as missing there.
    /// </param>
    /// <param name="allBonds">The same for bonds.</param>
    public void Check(bool allNics, bool allBonds)
    {
        CheckNics();
        CheckNames();
        CheckMembers(allNics);
        CheckMtus();
        CheckUplinks(allNics && allBonds);
        CheckRestartCommand();
        CheckSecurityGroups();
    }

    private void CheckNics()
    {
        var first = new Dictionary<PfReference, SourcePosition>();
        foreach (NicIntent nic in intent.Nics)
        {
            if (!first.TryAdd(nic.Pf, nic.Pf.Position))
            {
                problems.Add(nic.Pf.Position, $"duplicate PF {nic.Pf} under nics, first at {first[nic.Pf]}");
            }

            if (nic.VfMacs == VfMacSource.List && nic.VfMacList.Count != nic.Vfs)
            {
                string wanted = nic.Vfs is { } vfs ? $"vfs is {vfs}" : "vfs is not set";
                problems.Add(
                    nic.Source[NicKeys.VfMacs.Name],
                    $"vf-macs has {nic.VfMacList.Count} addresses, but {wanted}; a list needs one per VF");
            }
        }

        CheckMacsOfAllNics();
    }

    private void CheckMacsOfAllNics()
    {
        var owner = new Dictionary<object, NicIntent>();
        foreach (NicIntent nic in intent.Nics)
        {
            foreach (PhysicalAddress? mac in nic.VfMacList.Where(mac => !owner.TryAdd(mac, nic) && owner[mac] != nic))
            {
                problems.Add(
                    nic.Source[NicKeys.VfMacs.Name],
                    $"duplicate MAC address {AddressKinds.FormatMac(mac)}, already used for a VF of {owner[mac].Pf}");
            }
        }
    }

    private void CheckNames()
    {
        var taken = new Dictionary<string, SourcePosition>();
        foreach (NicIntent? nic in intent.Nics.Where(nic => nic.Pf.Kind == PfReferenceKind.InterfaceName))
        {
            taken.TryAdd(nic.Pf.Value, nic.Pf.Position);
        }

        IEnumerable<(string Name, SourcePosition Position)> made = intent.Bonds.Select(
            bond => (bond.Name, Position: bond.Source[BondKeys.Name.Name]))
            .Concat(intent.Bridges.Select(bridge => (bridge.Name, Position: bridge.Source[BridgeKeys.Name.Name])));
        foreach ((string? name, SourcePosition? position) in made.Where(
            item => !taken.TryAdd(item.Name, item.Position)))
        {
            problems.Add(
                position, $"duplicate interface {ConfigurationNode.Quote(name)}, first at {taken[name]}");
        }
    }

    private void CheckMembers(bool allNics)
    {
        var nics = intent.Nics.Select(nic => nic.Pf).ToHashSet();
        var bondOf = new Dictionary<PfReference, BondIntent>();
        foreach (BondIntent bond in intent.Bonds)
        {
            foreach (PfReference member in bond.Members)
            {
                if (allNics && !nics.Contains(member))
                {
                    problems.Add(
                        member.Position, $"bond member {member} is not under nics. {NicHint(member, nics)}");
                }

                if (!bondOf.TryAdd(member, bond))
                {
                    problems.Add(
                        member.Position, $"the PF {member} is already a member of bond {bondOf[member].Name}");
                }
            }

            if (bond is { VfLag: VfLagRequirement.Required, Members.Count: < 2 })
            {
                problems.Add(
                    bond.Source[BondKeys.VfLag.Name],
                    $"vf-lag is required for {bond.Name}, but it has only one member; VF-LAG needs at least 2 ports");
            }
        }
    }

    private void CheckMtus()
    {
        foreach (NicIntent nic in intent.Nics.Where(nic => nic.Mtu is not null))
        {
            if (intent.Bonds.FirstOrDefault(bond => bond.Members.Contains(nic.Pf)) is { } bond)
            {
                problems.Add(
                    nic.Source[NicKeys.Mtu.Name],
                    $"the PF {nic.Pf} is a member of {bond.Name}, which sets the MTU of its members; remove mtu here "
                        + $"and use mtu: {nic.Mtu} of {bond.Name}");
            }
        }
    }

    private void CheckUplinks(bool allKnown)
    {
        var nics = intent.Nics.Select(nic => nic.Pf).ToHashSet();
        var first = new Dictionary<BridgeUplink, BridgeIntent>();
        foreach (BridgeIntent bridge in intent.Bridges)
        {
            SourcePosition position = bridge.Source[BridgeKeys.Uplink.Name];
            if (!first.TryAdd(bridge.Uplink, bridge))
            {
                problems.Add(position, $"{bridge.Uplink} is already the uplink of {first[bridge.Uplink].Name}");
            }

            if (bridge.Uplink.Pf is not { } pf)
            {
                continue;
            }

            if (intent.Bonds.FirstOrDefault(bond => bond.Members.Contains(pf)) is { } bond)
            {
                problems.Add(position, $"the uplink {pf} is a member of {bond.Name}; use uplink: {bond.Name}");
            }
            else if (allKnown && !nics.Contains(pf))
            {
                problems.Add(
                    position,
                    $"the uplink {pf} is neither a bond under bonds nor a PF under nics. {UplinkHint(pf, nics)}");
            }
        }
    }

    private void CheckRestartCommand()
    {
        OpenVSwitchIntent openVSwitch = intent.OpenVSwitch;
        if (openVSwitch.RestartCommand.Count == 0)
        {
            return;
        }

        SourcePosition position = openVSwitch.Source[OpenVSwitchKeys.RestartCommand.Name];
        if (openVSwitch.Restart != RestartPolicy.Auto)
        {
            problems.Add(
                position, "restart-command has no effect with restart: manual; set restart: auto, or remove it");
        }

        if (!openVSwitch.RestartCommand[0].StartsWith('/'))
        {
            problems.Add(
                position,
                $"restart-command starts with {ConfigurationNode.Quote(openVSwitch.RestartCommand[0])}; allowed: the "
                + "absolute path of a program");
        }
    }

    private void CheckSecurityGroups()
    {
        SecurityGroupIntent groups = intent.SecurityGroups;
        if (groups.Backends.Count > 0 && groups.Command.Count == 0
            && groups.Backends.Contains(SecurityGroupBackend.Command))
        {
            problems.Add(
                groups.Source[SecurityGroupKeys.Backends.Name],
                "the backend command needs a program; set command: [/path/to/program]");
        }

        CheckProgram(SecurityGroupKeys.RestartCommand.Name, groups.RestartCommand);
        CheckProgram(SecurityGroupKeys.Command.Name, groups.Command);

        void CheckProgram(string key, IReadOnlyList<string> words)
        {
            if (words.Count > 0 && !words[0].StartsWith('/'))
            {
                problems.Add(
                    groups.Source[key],
                    $"{key} starts with {ConfigurationNode.Quote(words[0])}; allowed: the absolute path of a program");
            }
        }
    }

    private string UplinkHint(PfReference uplink, IReadOnlySet<PfReference> nics) =>
        Suggestion.Hint(uplink.Value, intent.Bonds.Select(bond => bond.Name)) ?? NicHint(uplink, nics);

    /// <summary>
    /// Which device a name means, only the host knows; so that a PF is written one way in all of the file.
    /// </summary>
    private static string NicHint(PfReference reference, IReadOnlySet<PfReference> nics) =>
        Suggestion.Hint(reference.Value, nics.Select(nic => nic.Value))
        ?? (nics.Count == 0
            ? "There are no entries under nics"
            : "Write it as there: " + string.Join(", ", nics.Take(8)));
}
