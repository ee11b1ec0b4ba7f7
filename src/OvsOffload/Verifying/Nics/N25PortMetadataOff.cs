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
        "port metadata is off, and the PF is in a bond",
        """
        mlx5 marks each packet inside the card with the port that it came from (esw_port_metadata). A bond in hardware
        needs the mark to treat both ports as one e-switch (shared FDB): with it off the bond falls back to doubled
        rules, or does not come up. Some turn it off for speed on single ports, where it is not needed.

        It can be changed in legacy mode only, and is in force with the next change to switchdev.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        FunctionPlatform around = input.State.Platform.Functions.GetValueOrDefault(pf.Address) ?? new();
        if (UplinkBond.Of(pf, input) is not { } bond)
        {
            return [Skip(name, "it is in no bond")];
        }

        string evidence = $"devlink dev param show pci/{name} name esw_port_metadata";
        return around.PortMetadata.Match<Finding[]>(
            on => on
                ? [Ok(name, $"{evidence}: true")]
                :
                [
                    Found(FindingStatus.Warning, name, Info.Title, $"{evidence}: false; bond {bond}",
                        "somebody switched it off",
                        $"in legacy mode: devlink dev param set pci/{name} name esw_port_metadata value true cmode "
                            + "runtime, then switchdev mode again, on all PFs of the bond"),
                ],
            why => [Skip(name, $"{evidence}: {why}")],
            why => [Skip(name, $"{evidence}: {why}")]);
    }
}
