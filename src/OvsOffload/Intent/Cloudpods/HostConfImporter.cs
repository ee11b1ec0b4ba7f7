using System.Collections.Immutable;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>
/// Makes a config.yaml of Cloudpods' host.conf: the same PFs in the same mode, the same bonds and uplinks, and every
/// difference said. Pure.
/// </summary>
internal sealed class HostConfImporter
{
    private readonly HostConfFiles _files;
    private readonly ImportFacts _facts;
    private readonly ImmutableArray<string>.Builder _warnings = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _left = ImmutableArray.CreateBuilder<string>();
    private readonly List<(NetworksEntry Entry, HostConfValue Value)> _networks = [];

    private HostConfImporter(HostConfFiles files, ImportFacts facts)
    {
        _files = files;
        _facts = facts;
    }

    /// <summary>Imports.</summary>
    /// <param name="files">The files.</param>
    /// <param name="facts">The host that they are for.</param>
    /// <exception cref="Configuration.ConfigurationException">An entry of <c>networks</c> is one with which Cloudpods
    /// does not start.</exception>
    public static ImportResult Import(HostConfFiles files, ImportFacts facts) =>
        new HostConfImporter(files, facts).Run();

    private ImportResult Run()
    {
        foreach (HostConf file in _files.All)
        {
            _warnings.AddRange(file.Warnings.Select(warning => warning.ToString()));
        }

        ReadNetworks();
        var choice = new ImportChoice(_facts, _networks, _warnings);
        ImmutableArray<ImportUplink> offload = choice.Uplinks(_files.List("ovs_offload_nics"), "ovs_offload_nics");
        ImmutableArray<ImportUplink> legacy = choice.Uplinks(_files.List("sriov_nics"), "sriov_nics");
        WarnOfOverlap(offload, legacy);
        ImportAdvice.Judge(_files, _facts, _networks, offload, _warnings);
        ImportAdvice.NotImported(_files, _facts, _networks, offload, _left);
        return new ImportResult(
            ImportedIntent.Write(
                _files, _facts, offload, [.. legacy.Where(one => !IsIn(one, offload))], _warnings),
            [.. _warnings.Distinct()],
            _left.ToImmutable())
        {
            IsComplete = offload.All(uplink => uplink.Functions.Length > 0),
        };
    }

    private void ReadNetworks()
    {
        if (_files.List("networks") is not { } networks)
        {
            return;
        }

        foreach (string written in networks.Items)
        {
            NetworksEntry entry = NetworksEntry.Parse(written)
                ?? throw new Configuration.ConfigurationException(
                [
                    new Configuration.ConfigurationError(
                        networks.Position,
                        $"incomplete entry {Configuration.ConfigurationNode.Quote(written)} in networks (Cloudpods' "
                            + "agent does not start with it); the format is NIC/BRIDGE/ADDRESS or NIC/BRIDGE/WIRE"),
                ]);
            if (entry.Nic.Length > 0 && _networks.Any(other => other.Entry.Nic == entry.Nic))
            {
                _warnings.Add($"{networks.Position}: {entry.Nic} is in two entries of networks");
            }

            if (entry.Dropped is { } dropped)
            {
                _warnings.Add($"{networks.Position}: Cloudpods ignores "
                    + $"{Configuration.ConfigurationNode.Quote(dropped)} in "
                    + $"{Configuration.ConfigurationNode.Quote(written)}");
            }

            if (entry.Nic != entry.Nic.Trim() || entry.Bridge != entry.Bridge.Trim())
            {
                _warnings.Add($"{networks.Position}: Cloudpods treats the blanks in "
                    + $"{Configuration.ConfigurationNode.Quote(written)} as part of the name");
            }

            if (entry.Wire is { } wire && LooksLikeAddress(wire))
            {
                _warnings.Add($"{networks.Position}: {Configuration.ConfigurationNode.Quote(wire)} in {written} is not "
                    + "an IP address; Cloudpods treats it as the name of a wire");
            }

            if (entry.Wire is { Length: 0 })
            {
                _warnings.Add($"{networks.Position}: {written} has neither an address nor a wire");
            }

            _networks.Add((entry, networks));
        }
    }

    private static bool LooksLikeAddress(string wire) =>
        wire.Length > 0 && wire.Contains('.') && wire.All(letter => char.IsAsciiDigit(letter) || letter == '.');

    private void WarnOfOverlap(ImmutableArray<ImportUplink> offload, ImmutableArray<ImportUplink> legacy)
    {
        foreach (ImportUplink both in legacy.Where(one => IsIn(one, offload)))
        {
            _warnings.Add($"{both.Position}: {both.Name} is in both sriov_nics and ovs_offload_nics; imported for "
                + "switchdev mode");
        }
    }

    /// <summary>Whether any PF of an uplink is one of another.</summary>
    private static bool IsIn(ImportUplink one, ImmutableArray<ImportUplink> others) => others.Any(other =>
        other.Functions.Any(mine => one.Functions.Any(its => its.Name == mine.Name)));
}
