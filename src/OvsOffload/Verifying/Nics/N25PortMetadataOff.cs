using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>Port metadata is off below a bond.</summary>
internal sealed class N25PortMetadataOff : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N25",
        "port-metadata-off",
        CheckSeverity.Warning,
        "port metadata is off on a PF in a bond",
        """
        mlx5 marks each packet inside the card with its source port (esw_port_metadata). A bond in hardware needs the
        mark to treat both ports as one e-switch (shared FDB): without it the bond duplicates rules or does not become
        active. On single ports it is sometimes switched off for speed.

        It can be changed in legacy mode only and takes effect with the next change to switchdev.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        FunctionPlatform around = input.State.Platform.Functions.GetValueOrDefault(pf.Address) ?? new();
        if (UplinkBond.Of(pf, input) is not { } bond)
        {
            return [Skip(name, "the PF is not in a bond")];
        }

        string evidence = $"devlink dev param show pci/{name} name esw_port_metadata";
        return around.PortMetadata.Match<Finding[]>(
            on => on
                ? [Ok(name, $"{evidence}: true")]
                :
                [
                    Found(FindingStatus.Warning, name, Info.Title, $"{evidence}: false; bond {bond}",
                        "esw_port_metadata was switched off",
                        $"in legacy mode: devlink dev param set pci/{name} name esw_port_metadata value true cmode "
                            + "runtime, then switchdev mode again, on all PFs of the bond"),
                ],
            why => [Skip(name, $"{evidence}: {why}")],
            why => [Skip(name, $"{evidence}: {why}")]);
    }
}
