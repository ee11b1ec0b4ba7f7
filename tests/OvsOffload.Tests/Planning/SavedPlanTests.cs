using System.Text;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public sealed class SavedPlanTests
{
    [Fact]
    public void A_plan_is_the_same_as_its_document_and_another_where_a_step_is_another()
    {
        Plan plan = PlanOf(new SetSwitchOption("hw-offload", null, "true"), new SetSwitchOption("max-idle", null, "1"));
        SavedPlan saved = SavedPlan.Parse("x", Save(plan)).Value;

        Assert.Empty(saved.Differences(plan));
        Assert.Single(saved.Differences(PlanOf(plan.Steps[0].Action)));
        Assert.Equal(
            ["the order of the steps is another"],
            saved.Differences(PlanOf(plan.Steps[1].Action, plan.Steps[0].Action)));
        Assert.Equal(
            2, saved.Differences(PlanOf(plan.Steps[0].Action, new SetSwitchOption("max-idle", null, "2"))).Length);
    }

    [Theory]
    [InlineData("", "is no plan")]
    [InlineData("[]", "is no plan")]
    [InlineData("{\"schema\":1,\"host\":null,\"steps\":[]}", "is no plan")]
    [InlineData("{\"schema\":1,\"host\":\"h\",\"steps\":[{}]}", "is no plan")]
    [InlineData("{\"schema\":2}", "written by another release")]
    public void What_is_no_plan_is_said_to_be_none(string text, string words) =>
        Assert.Contains(words, SavedPlan.Parse("x", Encoding.UTF8.GetBytes(text)).Why);

    private static Plan PlanOf(params StepAction[] actions) =>
        new([.. actions.Select(action => new Step(action, "it is tried", ["a restart"]))], [], []);

    private static byte[] Save(Plan plan)
    {
        using var stream = new MemoryStream();
        Document.Write(stream, "h", DateTimeOffset.UnixEpoch, writer => PlanDocument.Write(writer, plan));
        return stream.ToArray();
    }
}
