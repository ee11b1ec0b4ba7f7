using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Cli;

/// <summary>
/// Steps of a plan as one entry: a step alone, or the same of several VFs of a PF. In a run of steps on VFs the plan
/// may go from VF to VF; the entries of such a run stand together, each kind once.
/// </summary>
/// <param name="First">The number of the run's first step, from 1.</param>
/// <param name="Last">The number of the run's last step.</param>
/// <param name="Steps">In the plan's order; one of them, or one for each VF.</param>
internal sealed partial record StepGroup(int First, int Last, ImmutableArray<Step> Steps)
{
    private string Names => VfNames.Ranges(Steps.Select(step => VfOf(step)!.Value));

    /// <summary>What is done.</summary>
    public string Summary => Common(step => step.Action.Summary);

    /// <summary>The reason, which is the same of all.</summary>
    public string Why => Common(step => step.Why);

    /// <summary>How it is undone.</summary>
    public string Undo => Common(step => step.Undo);

    /// <summary>What people will notice: everything, if need be VF by VF.</summary>
    public IEnumerable<string> Disrupts => Steps.Length == 1
        ? Steps[0].Disrupts
        : Steps.SelectMany(step => step.Disrupts.Select(line => (Step: step, Line: line)))
            .GroupBy(said => Named(said.Line, said.Step, "\0"))
            .Select(same => same.Key.Replace(
                "\0", VfNames.Ranges(same.Select(said => VfOf(said.Step)!.Value)), StringComparison.Ordinal));

    /// <summary>All steps, each in one entry.</summary>
    public static IEnumerable<StepGroup> Of(ImmutableArray<Step> steps)
    {
        for (int first = 0, next; first < steps.Length; first = next)
        {
            next = first + 1;
            while (VfOf(steps[first]) is not null && next < steps.Length && VfOf(steps[next]) is not null)
            {
                next++;
            }

            foreach (IGrouping<(string, string, string, string), Step> same in steps[first..next].GroupBy(
                step => (step.Action.Kind, Named(step.Action.Object, step, "\0"), Head(step),
                    Named(step.Why, step, "\0"))))
            {
                yield return new StepGroup(first + 1, next, [.. same]);
            }
        }
    }

    /// <summary>Every step by itself.</summary>
    public static IEnumerable<StepGroup> Singly(ImmutableArray<Step> steps) =>
        steps.Select((step, index) => new StepGroup(index + 1, index + 1, [step]));

    /// <summary>The one text of all steps; where their values differ, the first and the last.</summary>
    private string Common(Func<Step, string> text)
    {
        string[] texts = [.. Steps.Select(step => Steps.Length == 1 ? text(step) : Named(text(step), step, Names))];
        string[] heads = [.. texts.Select(one => one.Split(": ", 2)[0]).Distinct()];
        return texts.Distinct().Count() == 1 ? texts[0]
            : heads.Length == 1 && heads[0].Contains(Names, StringComparison.Ordinal)
                ? $"{texts[0]} .. {texts[^1][(heads[0].Length + 2)..]}"
            : $"{text(Steps[0])} .. {text(Steps[^1])}";
    }

    /// <summary>What a summary begins with, before values.</summary>
    private static string Head(Step step) => Named(step.Action.Summary.Split(": ", 2)[0], step, "\0");

    /// <summary>A text of the step with other words for its VF.</summary>
    private static string Named(string text, Step step, string words) => VfOf(step) is { } vf
        ? Vf().Replace(text, match => match.ValueSpan[2..].SequenceEqual($"{vf}") ? words : match.Value)
        : text;

    private static int? VfOf(Step step) => Vf().Match(step.Action.Object) is { Success: true } match
        ? int.Parse(match.ValueSpan[2..], CultureInfo.InvariantCulture)
        : null;

    [GeneratedRegex(@"\bvf[0-9]{1,5}\b")]
    private static partial Regex Vf();
}
