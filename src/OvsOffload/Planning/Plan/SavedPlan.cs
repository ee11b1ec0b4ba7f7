using System.Collections.Immutable;
using System.Text.Json;
using OvsOffload.Os;

namespace OvsOffload.Planning;

/// <summary>A plan in a file, to be applied as it was shown: the document of <c>plan --json</c>.</summary>
/// <param name="Host">The host that it was made on.</param>
/// <param name="Steps">What was shown.</param>
internal sealed record SavedPlan(string Host, ImmutableArray<ShownStep> Steps)
{
    /// <summary>Bytes. A step has some 500, and a host some thousands of them.</summary>
    public const int MaxBytes = 64 << 20;

    /// <summary>Reads one; failed where it is none, or one of another release.</summary>
    public static Reading<SavedPlan> Parse(string file, byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            JsonElement root = document.RootElement;
            if (root.GetProperty("schema").GetInt32() != 1)
            {
                return Reading.Failed<SavedPlan>($"{file}: written by another release; make a new plan");
            }

            return Reading.Known(new SavedPlan(
                Text(root, "host"), [.. root.GetProperty("steps").EnumerateArray().Select(Step)]));
        }
        catch (Exception failure)
            when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return Reading.Failed<SavedPlan>($"{file}: is no plan of ovs-offload plan --out: {failure.Message}");
        }
    }

    /// <summary>Why a plan that was made now is not this one, a line for each step; none where it is.</summary>
    public ImmutableArray<string> Differences(Plan now)
    {
        ImmutableArray<ShownStep> steps = ShownStep.Of(now);
        return
        [
            .. steps.Except(Steps).Select(step => $"not in the plan that was saved: {step.Summary}"),
            .. Steps.Except(steps).Select(step => $"no longer in the plan: {step.Summary}"),
            .. steps.SequenceEqual(Steps) || !steps.ToHashSet().SetEquals(Steps) ? (string[])[] :
                ["the order of the steps is another"],
        ];
    }

    private static ShownStep Step(JsonElement step) => new(
        Text(step, "id"), Text(step, "summary"),
        string.Join('\n', step.GetProperty("disrupts").EnumerateArray().Select(one => one.GetString())),
        Text(step, "undo"));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()
        ?? throw new FormatException($"{name} is null");
}
