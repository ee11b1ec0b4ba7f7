using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Tests.Host;

public class AgentsTests
{
    private static readonly OpenVSwitchDatabase Plain = SampleHost.ConnectX6Dx().OpenVSwitch.Database.Value;

    [Fact]
    public void A_switch_that_nobody_manages_shows_no_sign() => Assert.Empty(Agents.Of(Plain));

    [Fact]
    public void OVN_is_known_by_its_remote() => Assert.Equal(
        ["OVN (ovn-remote=ssl:192.0.2.1:6642)"],
        Agents.Of(Plain with { ExternalIds = Ids("ovn-remote", "ssl:192.0.2.1:6642") }));

    [Fact]
    public void A_controller_is_named_with_its_bridge() => Assert.Equal(
        ["a controller of bridge br1 (tcp:192.0.2.1:6653, ptcp:6654)"],
        Of(bridge => bridge with
        {
            Controllers = [new OvsTarget("tcp:192.0.2.1:6653", true), new OvsTarget("ptcp:6654", false)],
        }));

    [Fact]
    public void A_secure_bridge_is_managed_by_an_agent() => Assert.Equal(
        ["bridge br1 has fail_mode=secure: another program manages its OpenFlow rules"],
        Of(bridge => bridge with { FailMode = "secure" }));

    [Fact]
    public void A_standalone_bridge_is_a_plain_one() =>
        Assert.Empty(Of(bridge => bridge with { FailMode = "standalone" }));

    [Fact]
    public void The_first_port_with_an_iface_id_is_named_for_its_bridge()
    {
        HostState host = SampleHost.ConnectX6Dx();
        for (int vf = 0; vf < 2; vf++)
        {
            host = host.WithInterface(
                SampleHost.RepresentorName(vf), row => row with { ExternalIds = Ids("iface-id", $"p{row.Name[^1]}") });
        }

        Assert.Equal(
            [$"port {SampleHost.RepresentorName(0)} of bridge br1 has iface-id=p0"],
            Agents.Of(host.OpenVSwitch.Database.Value));
    }

    [Fact]
    public void The_program_s_own_mark_is_no_sign_of_an_agent() => Assert.Empty(Of(bridge => bridge with
    {
        ExternalIds = Ids(OpenVSwitchWriter.MarkKey, OpenVSwitchWriter.MarkValue),
    }));

    [Fact]
    public void All_signs_are_reported() => Assert.Equal(2, Agents.Of(Plain with
    {
        ExternalIds = Ids("ovn-remote", "unix:/run/ovn.sock"),
        Bridges = [Plain.Bridges[0] with { FailMode = "secure" }],
    }).Length);

    private static ImmutableArray<string> Of(Func<OvsBridge, OvsBridge> change) =>
        Agents.Of(Plain with { Bridges = [change(Plain.Bridges[0])] });

    private static Dictionary<string, string> Ids(string key, string value) => new() { [key] = value };
}
