using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Tests.Planning;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

public class BondChecksTests
{
    private const string Fault = "mlx5_core 0000:3b:00.0: Failed to create lag drop rule, error: -22";
    private const string Loaded = "mlx5_core 0000:3b:00.0: firmware version: 22.43.2026";

    [Theory]
    [InlineData(nameof(FindingStatus.Warning), Loaded, Fault)]
    [InlineData(nameof(FindingStatus.Ok), Fault, Loaded)]
    public void What_a_driver_said_before_it_was_loaded_anew_is_over(string expected, string first, string second)
    {
        Finding[] findings = Examined.One(
            "B17",
            BondSample.Healthy("active-backup").WithKernelLog(first, second),
            BondSample.Intent("active-backup"));

        Assert.Equal(expected, Assert.Single(findings).Status.ToString());
    }

    [Theory]
    [InlineData(0x3f, "different partners, keys or speeds", "MLAG")]
    [InlineData(0xc7, "no LACP packets arrive", "run verify again in a minute")]
    public void A_port_without_LACP_packets_is_told_from_one_with_another_partner(int state, string cause, string fix)
    {
        HostState host = BondSample.Healthy().WithBond(bond => bond with
        {
            Members =
            [
                bond.Members[0],
                bond.Members[1] with
                {
                    Slave = bond.Members[1].Slave with { AggregatorId = 2, ActorState = (LacpState)state },
                },
            ],
        });

        Finding finding = Assert.Single(Examined.One("B09", host, BondSample.Intent()));

        Assert.Equal(FindingStatus.Warning, finding.Status);
        Assert.Contains(cause, finding.Cause);
        Assert.Contains(fix, finding.Fix);
    }

    [Fact]
    public void A_state_of_LACP_that_the_kernel_does_not_report_is_not_shown_as_zero()
    {
        HostState host = BondSample.Healthy().WithBond(bond => bond with
        {
            Members = [.. bond.Members.Select(member => member with
            {
                Slave = member.Slave with { ActorState = null },
            })],
        });

        Finding finding = Assert.Single(Examined.One("B08", host, BondSample.Intent()));

        Assert.Contains("not reported", finding.Evidence);
        Assert.DoesNotContain("0x00", finding.Evidence);
    }
}
