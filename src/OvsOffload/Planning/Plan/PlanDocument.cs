using System.Collections.Immutable;
using System.Text.Json;
using OvsOffload.Os;

namespace OvsOffload.Planning;

/// <summary>A plan as JSON: <c>{"steps":[{"id","kind","object","why","disrupts","undo"}],"pending":N}</c>.</summary>
internal static class PlanDocument
{
    /// <summary>
    /// Writes the plan's members. <c>pending</c> counts steps still to be run; <c>objections</c> and <c>waiting</c> say
    /// what speaks against it and what stays to be done outside; <c>left_out</c> names what no step is for because of
    /// objections; <c>unread</c> what could not be read, so that nobody knows whether more has to be done.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, Plan plan)
    {
        writer.WriteStartArray("steps");
        ImmutableArray<Step> steps = plan.IsRefused ? [] : plan.Steps;
        foreach (Step step in steps)
        {
            writer.WriteStartObject();
            WriteStep(writer, step);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("pending", steps.Length);
        WriteObjections(writer, plan.Objections);
        writer.WriteStrings("left_out", plan.Skipped.Names);
        writer.WriteStrings("waiting", plan.Pending);
        writer.WriteStrings("notes", plan.Notes);
        writer.WriteStrings("unread", plan.Unread.Select(fact => $"{fact}"));
    }

    /// <summary>Writes the members of one step.</summary>
    public static void WriteStep(Utf8JsonWriter writer, Step step)
    {
        writer.WriteString("id", step.Id);
        writer.WriteString("kind", step.Action.Kind);
        writer.WriteString("object", step.Action.Object);
        writer.WriteString("summary", step.Action.Summary);
        writer.WriteString("why", step.Why);
        writer.WriteStrings("disrupts", step.Disrupts);
        writer.WriteString("undo", step.Undo);
    }

    /// <summary>Writes the array of objections.</summary>
    public static void WriteObjections(Utf8JsonWriter writer, IEnumerable<Objection> objections)
    {
        writer.WriteStartArray("objections");
        foreach (Objection objection in objections)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", objection.Kind.ToString().ToLowerInvariant());
            writer.WriteString("object", objection.Object);
            writer.WriteString("text", objection.Text);
            if (objection.Position is { } position)
            {
                writer.WriteString("position", position.ToString());
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
