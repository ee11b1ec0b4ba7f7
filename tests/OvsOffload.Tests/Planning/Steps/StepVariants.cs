using System.Reflection;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

/// <summary>
/// Every sample of <see cref="SampleActions"/>, and again with each kind of device in each place where it names one.
/// </summary>
internal static class StepVariants
{
    private const string Bond = "bond0", Bridge = "br1";

    /// <summary>A device of every kind, with what steps on it belong to.</summary>
    public static readonly IReadOnlyDictionary<DeviceReference, Scope> Devices = new Dictionary<DeviceReference, Scope>
    {
        [new UplinkOf(Planned.Pf)] = new Scope.OfPf(Planned.Pf),
        [new RepresentorOf(Planned.Pf, 0)] = new Scope.OfPf(Planned.Pf),
        [new DeviceNamed(Bond)] = new Scope.OfBond(Bond),
        [new LocalPortOf(Bridge)] = new Scope.OfBridge(Bridge),
    };

    /// <summary>The steps by what they are called in a test's name.</summary>
    public static readonly IReadOnlyDictionary<string, StepAction> All =
        SampleActions.All.SelectMany(Of).ToDictionary(one => one.Name, one => one.Step);

    /// <summary>The devices that a step names, in the order in which it names them.</summary>
    public static IReadOnlyList<DeviceReference> DevicesOf(StepAction step) =>
        [.. PlacesOf(step).Select(place => place.GetValue(step)).OfType<DeviceReference>()];

    private static IEnumerable<(string Name, StepAction Step)> Of(StepAction sample)
    {
        string name = sample.GetType().Name;
        yield return (name, sample);
        foreach (PropertyInfo place in PlacesOf(sample))
        {
            foreach (DeviceReference device in Devices.Keys)
            {
                yield return ($"{name}, {place.Name} {device} ({device.GetType().Name})", With(sample, place, device));
            }
        }
    }

    private static StepAction With(StepAction sample, PropertyInfo place, DeviceReference device)
    {
        const string clone = "<Clone>$"; // What the compiler calls the method behind "with".
        var copy = (StepAction)sample.GetType().GetMethod(clone)!.Invoke(sample, null)!;
        place.SetValue(copy, device);
        if (sample.GetType().GetProperty("Bond") is { } bond && Nullable(bond))
        {
            // It is done for the device itself.
            bond.SetValue(copy, null);
        }

        return copy;
    }

    private static IEnumerable<PropertyInfo> PlacesOf(StepAction step) => step.GetType().GetProperties()
        .Where(property => property.PropertyType == typeof(DeviceReference));

    private static bool Nullable(PropertyInfo property) =>
        new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
}
