using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using OvsOffload.Os;

namespace OvsOffload.Tests.Cli;

/// <summary>
/// Finds every <see cref="Reading{T}"/> in a value, however deep, and makes copies of the value in which one of them,
/// or each, is failed. It goes by the types alone, so that a reading that somebody adds is among them.
/// </summary>
internal static partial class FailedReadings
{
    /// <summary>Why they failed.</summary>
    public const string Why = "Input/output error (EIO)";

    /// <summary>
    /// Copies with one failed reading each, by the place of the reading: <c>Kernel.Log</c>,
    /// <c>PhysicalFunctions[].VirtualFunctions[].Holder</c>. Of places that differ in an index alone the first is
    /// taken.
    /// </summary>
    public static IEnumerable<(string Place, T Value)> OneByOne<T>(T value)
        where T : notnull =>
        Copies(value, value.GetType(), "").DistinctBy(copy => copy.Place)
            .Select(copy => (copy.Place, (T)copy.Make()));

    /// <summary>A copy with every reading failed.</summary>
    public static T All<T>(T value)
        where T : notnull => (T)Fail(value);

    private static IEnumerable<(string Place, Func<object> Make)> Copies(object? value, Type type, string place)
    {
        if (value is null || !IsWalked(type))
        {
            yield break;
        }

        if (IsReading(type))
        {
            yield return (place, () => Failed(type));
            if ((bool)type.GetProperty("IsKnown")!.GetValue(value)!)
            {
                object inner = type.GetProperty("Value")!.GetValue(value)!;
                foreach ((string at, Func<object> make) in Copies(inner, inner.GetType(), place))
                {
                    yield return (at, () => Known(type, make()));
                }
            }

            yield break;
        }

        if (value is IDictionary map)
        {
            foreach (object key in map.Keys)
            {
                foreach ((string at, Func<object> make) in Copies(map[key], map[key]!.GetType(), $"{place}[]"))
                {
                    yield return (at, () => With(value, key, make()));
                }
            }

            yield break;
        }

        if (value is IList list)
        {
            for (int i = 0; i < list.Count; i++)
            {
                int index = i;
                foreach ((string at, Func<object> make) in Copies(list[i], list[i]?.GetType() ?? type, $"{place}[]"))
                {
                    yield return (at, () => With(value, index, make()));
                }
            }

            yield break;
        }

        foreach (FieldInfo field in Fields(type))
        {
            object? inner = field.GetValue(value);
            string name = Name(field);
            string below = place.Length == 0 ? name : $"{place}.{name}";
            foreach ((string at, Func<object> make) in Copies(inner, inner?.GetType() ?? field.FieldType, below))
            {
                yield return (at, () => With(value, field, make()));
            }
        }
    }

    private static object Fail(object value)
    {
        object copy = RuntimeHelpers.GetUninitializedObject(value.GetType());
        foreach (FieldInfo field in AllFields(value.GetType()))
        {
            object? inner = field.GetValue(value);
            field.SetValue(copy, inner switch
            {
                null => null,
                _ when IsReading(inner.GetType()) => Failed(inner.GetType()),
                IEnumerable => inner,
                _ when IsWalked(inner.GetType()) && !inner.GetType().IsEnum => Fail(inner),
                _ => inner,
            });
        }

        return copy;
    }

    private static object Failed(Type reading) => typeof(Reading).GetMethod("Failed")!
        .MakeGenericMethod(reading.GetGenericArguments()).Invoke(null, [Why])!;

    private static object Known(Type reading, object value) => typeof(Reading).GetMethod("Known")!
        .MakeGenericMethod(reading.GetGenericArguments()).Invoke(null, [value])!;

    private static object With(object value, FieldInfo field, object inner)
    {
        object copy = RuntimeHelpers.GetUninitializedObject(value.GetType());
        foreach (FieldInfo one in AllFields(value.GetType()))
        {
            one.SetValue(copy, one == field ? inner : one.GetValue(value));
        }

        return copy;
    }

    private static object With(object collection, object key, object inner)
    {
        if (collection is Array array)
        {
            var copy = (Array)array.Clone();
            copy.SetValue(inner, (int)key);
            return copy;
        }

        if (collection.GetType().GetMethod("SetItem") is { } set)
        {
            return set.Invoke(collection, [key, inner])!;
        }

        // Whatever list it is, who declared it takes an array of its elements.
        var list = (IList)collection;
        Type element = collection.GetType().GetInterfaces()
            .First(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            .GetGenericArguments()[0];
        var changed = Array.CreateInstance(element, list.Count);
        list.CopyTo(changed, 0);
        changed.SetValue(inner, (int)key);
        return changed;
    }

    private static bool IsReading(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Reading<>);

    private static bool IsWalked(Type type) => !type.IsEnum && !type.IsPointer
        && (type.Namespace?.StartsWith("OvsOffload", StringComparison.Ordinal) == true
            || type.IsArray || typeof(IList).IsAssignableFrom(type) || typeof(IDictionary).IsAssignableFrom(type));

    private static FieldInfo[] AllFields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    private static IEnumerable<FieldInfo> Fields(Type type) =>
        AllFields(type).Where(field => IsWalked(field.FieldType) || field.FieldType.IsInterface);

    private static string Name(FieldInfo field)
    {
        Match own = Backing().Match(field.Name);
        string name = own.Success ? own.Groups[1].Value : field.Name.TrimStart('_');
        return char.ToUpperInvariant(name[0]) + name[1..];
    }

    [GeneratedRegex("^<(.+)>k__BackingField$")]
    private static partial Regex Backing();
}
