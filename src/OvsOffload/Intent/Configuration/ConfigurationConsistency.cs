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
        CheckUplinks(allNics && allBonds);
        CheckRestartCommand();
        CheckSecurityGroups();
    }

    private void CheckNics()
    {
        var first = new Dictionary<PfReference, SourcePosition>();
        foreach (var nic in intent.Nics)
        {
            if (!first.TryAdd(nic.Pf, nic.Pf.Position))
            {
                problems.Add(nic.Pf.Position, $"the PF {nic.Pf} stands under nics already, at {first[nic.Pf]}");
            }

            if (nic.VfMacs == VfMacSource.List && nic.VfMacList.Count != nic.Vfs)
            {
                var wanted = nic.Vfs is { } vfs ? $"vfs is {vfs}" : "vfs is not stated";
                problems.Add(
                    nic.Source[NicKeys.VfMacs.Name],
                    $"vf-macs has {nic.VfMacList.Count} addresses, and {wanted}; a list has one for each VF");
            }
        }

        CheckMacsOfAllNics();
    }

    private void CheckMacsOfAllNics()
    {
        var owner = new Dictionary<object, NicIntent>();
        foreach (var nic in intent.Nics)
        {
            foreach (var mac in nic.VfMacList.Where(mac => !owner.TryAdd(mac, nic) && owner[mac] != nic))
            {
                problems.Add(
                    nic.Source[NicKeys.VfMacs.Name],
                    $"the MAC address {AddressKinds.FormatMac(mac)} is that of a VF of {owner[mac].Pf} already");
            }
        }
    }

    private void CheckNames()
    {
        var taken = new Dictionary<string, SourcePosition>();
        foreach (var nic in intent.Nics.Where(nic => nic.Pf.Kind == PfReferenceKind.InterfaceName))
        {
            taken.TryAdd(nic.Pf.Value, nic.Pf.Position);
        }

        var made = intent.Bonds.Select(bond => (bond.Name, Position: bond.Source[BondKeys.Name.Name]))
            .Concat(intent.Bridges.Select(bridge => (bridge.Name, Position: bridge.Source[BridgeKeys.Name.Name])));
        foreach (var (name, position) in made.Where(item => !taken.TryAdd(item.Name, item.Position)))
        {
            problems.Add(
                position, $"an interface {ConfigurationNode.Quote(name)} stands in the file already, at {taken[name]}");
        }
    }

    private void CheckMembers(bool allNics)
    {
        var nics = intent.Nics.Select(nic => nic.Pf).ToHashSet();
        var bondOf = new Dictionary<PfReference, BondIntent>();
        foreach (var bond in intent.Bonds)
        {
            foreach (var member in bond.Members)
            {
                if (allNics && !nics.Contains(member))
                {
                    problems.Add(
                        member.Position, $"the bond's member {member} is not under nics. {NicHint(member, nics)}");
                }

                if (!bondOf.TryAdd(member, bond))
                {
                    problems.Add(
                        member.Position, $"the PF {member} is a member of the bond {bondOf[member].Name} already");
                }
            }

            if (bond is { VfLag: VfLagNeed.Required, Members.Count: < 2 })
            {
                problems.Add(
                    bond.Source[BondKeys.VfLag.Name],
                    $"vf-lag is required for {bond.Name}, which has one member; VF-LAG needs at least 2 ports");
            }
        }
    }

    private void CheckUplinks(bool allKnown)
    {
        var nics = intent.Nics.Select(nic => nic.Pf).ToHashSet();
        var first = new Dictionary<BridgeUplink, BridgeIntent>();
        foreach (var bridge in intent.Bridges)
        {
            var position = bridge.Source[BridgeKeys.Uplink.Name];
            if (!first.TryAdd(bridge.Uplink, bridge))
            {
                problems.Add(position, $"{bridge.Uplink} is the uplink of {first[bridge.Uplink].Name} already");
            }

            if (bridge.Uplink.Pf is not { } pf)
            {
                continue;
            }

            if (intent.Bonds.FirstOrDefault(bond => bond.Members.Contains(pf)) is { } bond)
            {
                problems.Add(position, $"the uplink {pf} is a member of {bond.Name}; write uplink: {bond.Name}");
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
        var openVSwitch = intent.OpenVSwitch;
        if (openVSwitch.RestartCommand.Count == 0)
        {
            return;
        }

        var position = openVSwitch.Source[OpenVSwitchKeys.RestartCommand.Name];
        if (openVSwitch.Restart != RestartPolicy.Auto)
        {
            problems.Add(
                position, "restart-command is never run with restart: manual; write restart: auto, or leave it out");
        }

        if (!openVSwitch.RestartCommand[0].StartsWith('/'))
        {
            problems.Add(
                position,
                $"restart-command begins with {ConfigurationNode.Quote(openVSwitch.RestartCommand[0])}; allowed: the "
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
                "the backend command needs a program; write command: [/the/program]");
        }

        CheckProgram(SecurityGroupKeys.RestartCommand.Name, groups.RestartCommand);
        CheckProgram(SecurityGroupKeys.Command.Name, groups.Command);

        void CheckProgram(string key, IReadOnlyList<string> words)
        {
            if (words.Count > 0 && !words[0].StartsWith('/'))
            {
                problems.Add(
                    groups.Source[key],
                    $"{key} begins with {ConfigurationNode.Quote(words[0])}; allowed: the absolute path of a program");
            }
        }
    }

    private string UplinkHint(PfReference uplink, IReadOnlySet<PfReference> nics) =>
        NearestWord.Hint(uplink.Value, intent.Bonds.Select(bond => bond.Name)) ?? NicHint(uplink, nics);

    /// <summary>
    /// Which device a name means, only the host knows; so that a PF is written one way in all of the file.
    /// </summary>
    private static string NicHint(PfReference reference, IReadOnlySet<PfReference> nics) =>
        NearestWord.Hint(reference.Value, nics.Select(nic => nic.Value))
        ?? (nics.Count == 0
            ? "There is nothing under nics"
            : "It is written as there: " + string.Join(", ", nics.Take(8)));
}
