using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

public class FaultyHostTests
{
    public static TheoryData<string> Ids => [.. FaultyHosts.ByCheck.Keys];

    [Fact]
    public void There_is_a_faulty_host_for_every_check() => Assert.Equal(
        Checks.All.Select(check => check.Info.Id), FaultyHosts.ByCheck.Keys.Order(StringComparer.Ordinal));

    /// <summary>
    /// Of a check that finds nothing worse than info no other check finds even that; beside a fault, info of others is
    /// what follows from it.
    /// </summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void On_its_faulty_host_a_check_finds_the_fault_and_no_other_check_finds_any(string id)
    {
        FaultyHost faulty = FaultyHosts.ByCheck[id];

        VerifyReport report = Examine(faulty);

        FindingStatus worst = Worst(id);
        FindingStatus least = worst == FindingStatus.Info ? FindingStatus.Info : FindingStatus.Warning;
        Finding[] faults = [.. report.Findings.Where(finding => finding.Status >= least)];
        Assert.Contains(faults, finding => finding.Check.Id == id && finding.Status == worst);
        Assert.True(faults.All(finding => finding.Check.Id == id), Examined.Describe(report));
        Assert.Equal(worst, report.WorstStatus);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_fault_comes_with_evidence_cause_and_fix(string id)
    {
        FaultyHost faulty = FaultyHosts.ByCheck[id];

        Finding fault = Examined.One(
                id, faulty.Host, faulty.Intent, faulty.Flows, faulty.Journal, faulty.Reason, faulty.Conntrack,
                faulty.LengthChecks)
            .First(finding => finding.Status == Worst(id));

        Assert.Contains(faulty.Evidence, fault.Evidence);
        Assert.Contains(faulty.Fix, fault.Fix);
        Assert.False(string.IsNullOrWhiteSpace(fault.Cause));
        Assert.NotEqual("", fault.Object);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Texts_are_single_lines_without_gaps(string id)
    {
        FaultyHost faulty = FaultyHosts.ByCheck[id];

        foreach (Finding finding in Examine(faulty).Findings)
        {
            string?[] texts = [finding.Object, finding.Title, finding.Evidence, finding.Cause, finding.Fix];
            foreach (string? text in texts)
            {
                Assert.DoesNotContain("\n", text ?? "");
                Assert.DoesNotContain("  ", text ?? "");
                Assert.DoesNotContain("was not read", text ?? "");
            }
        }
    }

    private static FindingStatus Worst(string id) => Checks.Find(id)!.Info.Severity switch
    {
        CheckSeverity.Error => FindingStatus.Error,
        CheckSeverity.Warning => FindingStatus.Warning,
        _ => FindingStatus.Info,
    };

    private static VerifyReport Examine(FaultyHost faulty) => Examined.Of(
        faulty.Host, faulty.Intent, faulty.Flows, faulty.Journal, faulty.Reason, faulty.Conntrack,
                faulty.LengthChecks);
}
