using System.Net;
using OvsOffload.Netlink;

namespace OvsOffload.Tests.Netlink;

public sealed class BondTests
{
    private static readonly BondOptions Everything = new()
    {
        Mode = BondMode.Lacp,
        ActiveSlave = 3,
        MiiMonitor = 100,
        UpDelay = 200,
        DownDelay = 300,
        UseCarrier = true,
        ArpInterval = 0,
        ArpValidate = 1,
        ArpAllTargets = 1,
        Primary = 4,
        PrimaryReselect = BondPrimaryReselect.Failure,
        FailOverMac = BondFailOverMac.Active,
        TransmitHash = BondTransmitHash.Layer34,
        ResendIgmp = 1,
        PeerNotifications = 2,
        AllSlavesActive = false,
        MinimumLinks = 1,
        LearningInterval = 1,
        PacketsPerSlave = 1,
        LacpRate = BondLacpRate.Fast,
        AggregatorSelect = BondAggregatorSelect.Bandwidth,
        ActorSystemPriority = 65535,
        UserPortKey = 5,
        ActorSystem = HardwareAddress.Parse("02:00:00:00:00:01"),
        TlbDynamicLoadBalancing = true,
        PeerNotificationDelay = 0,
        LacpActive = true,
        MissedMaximum = 2,
        CoupledControl = true,
    };

    [Fact]
    public async Task A_bond_is_created_by_the_attributes_that_a_kernel_took()
    {
        var kernel = FakeKernel.WithAnswers(Bytes.Acknowledgement());

        await new Links(kernel).CreateBondAsync(
            "bondx",
            new BondOptions
            {
                Mode = BondMode.Lacp,
                MiiMonitor = 100,
                TransmitHash = BondTransmitHash.Layer34,
                MinimumLinks = 1,
                LacpRate = BondLacpRate.Fast,
            },
            TestContext.Current.CancellationToken);

        // recorded of kernel 6.1, but for the order of the last two attributes
        Assert.Equal(
            Bytes.FromHex(
                "68000000 10000506 00000000 00000000 00000000000000000000000000000000"
                + "0a000300 626f6e6478000000 3c001280 09000100 626f6e6400000000 2c000280"
                + "0500010004000000 0800030064000000 05000e0001000000 0800120001000000 0500150001000000"),
            kernel.Requests[0]);
    }

    [Fact]
    public void Every_option_that_is_written_is_read_back()
    {
        Assert.Equal(Everything, WriteAndRead(Everything));
        Assert.Equal(new BondOptions(), WriteAndRead(new BondOptions()));
    }

    [Fact]
    public void Arp_targets_are_read_back_in_order()
    {
        IPAddress[] targets = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2")];

        Assert.Equal(targets, WriteAndRead(new BondOptions { ArpTargets = targets }).ArpTargets);
    }

    [Fact]
    public void Words_are_those_of_the_bonding_driver_in_both_directions()
    {
        Assert.All(Enum.GetValues<BondMode>(), mode => Assert.Equal(mode, BondNames.ParseMode(mode.ToName())));
        Assert.Equal("802.3ad", BondMode.Lacp.ToName());
        Assert.Equal("layer3+4", BondTransmitHash.Layer34.ToName());
        Assert.Null(BondNames.ParseMode("lacp"));
        Assert.Equal("unknown (9)", ((BondMode)9).ToName());
    }

    private static BondOptions WriteAndRead(BondOptions options)
    {
        var message = new NetlinkMessageWriter(RtnetlinkType.NewLink, NetlinkRequestFlags.Acknowledge);
        options.Write(message);
        return Bond.Read(new AttributeReader(message.ToArray().AsSpan(NetlinkMessage.HeaderLength), "test")).Options;
    }
}
