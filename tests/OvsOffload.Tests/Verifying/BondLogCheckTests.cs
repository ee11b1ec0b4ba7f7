using OvsOffload.Tests.Planning;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

public class BondLogCheckTests
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
}
