using OvsOffload.Netlink;

namespace OvsOffload.Testing;

/// <summary>The kernel of a fixture host.</summary>
internal sealed class FixtureKernel(HostDescription host) : INetlinkOpener
{
    private readonly RouteAnswers _route = new(host);
    private readonly GenericAnswers _generic = new(host);

    public INetlinkChannel Open(NetlinkProtocol protocol, string? networkNamespace = null) =>
        new FakeKernel(protocol switch
        {
            NetlinkProtocol.Route => _route.Answer,
            NetlinkProtocol.Ipsec => IpsecAnswers.InSoftware,
            _ => _generic.Answer,
        });
}
