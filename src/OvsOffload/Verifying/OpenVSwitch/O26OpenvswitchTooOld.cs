using OvsOffload.Host;
using OvsOffload.OpenVSwitch;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>Open vSwitch is older than what offload asks for.</summary>
internal sealed class O26OpenvswitchTooOld : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O26",
        "openvswitch-too-old",
        CheckSeverity.Warning,
        "Open vSwitch is too old",
        """
        Open vSwitch offloads flows through tc since 2.8, and those with conntrack since 2.13. Versions before 2.15 have
        bugs that leave conntrack flows in software after a while, and 3.0 fixed problems with OVN's pipelines.
        Distributions backport some of it, so this is a warning based on the version only; below 2.8 nothing is
        offloaded.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        if (!input.OffloadExpected)
        {
            return [Skip(Objects.Switch, $"offload is not expected: {input.OffloadReason}")];
        }

        string? text = input.State.OpenVSwitch.Daemon.ValueOrDefault() ?? database.OvsVersion;
        if (text is null || !Version.TryParse(text.Split('-', '~', '+', ' ')[0], out Version? version))
        {
            return [Skip(Objects.Switch, text is null
                ? $"the version is unknown: {input.State.OpenVSwitch.Daemon.Why}"
                : $"'{Objects.OneLine(text)}' is not a version")];
        }

        string evidence = $"version {Objects.OneLine(text)}";
        string? lacks = version switch
        {
            _ when version < new Version(2, 8) => "has no tc offload",
            _ when version < new Version(2, 13) => "does not offload conntrack flows",
            _ when version < new Version(2, 15) => "has known bugs in conntrack offload",
            _ => null,
        };
        return lacks is null
            ? [Ok(Objects.Switch, evidence)]
            :
            [
                Found(FindingStatus.Warning, Objects.Switch, $"Open vSwitch {Objects.OneLine(text)} {lacks}", evidence,
                    "the version is older than the one that added or fixed it",
                    input.Distribution.Fix(
                        debian: "install a newer openvswitch-switch, on Ubuntu from the Cloud Archive",
                        rhel: "install a newer openvswitch from the Fast Datapath or NFV SIG repository",
                        proxmox: "apt full-upgrade to a release with a newer openvswitch-switch")),
            ];
    }
}
