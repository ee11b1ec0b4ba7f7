using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Writes the udev rules of a PF, or removes them.</summary>
/// <param name="Pf">The PF.</param>
/// <param name="From">What the file holds; empty for no file.</param>
/// <param name="To">What it is to hold; empty removes it.</param>
internal sealed record SetNameRules(PciAddress Pf, string From, string To) : StepAction
{
    private const string Written = "written";

    /// <summary>The kind of its entry, <c>written</c>, by the PF.</summary>
    public const string Recorded = "name-rules";

    public override string Kind => Recorded;
    public override string Object => Pf.ToString();
    public override string Summary => $"udev rules of {Pf}: {(To.Length > 0 ? "write" : "remove")} {FileOf(Pf)}";
    public override Scope Scope => new Scope.OfPf(Pf);
    public override ImmutableArray<StepAction> Inverse => [new SetNameRules(Pf, To, From)];

    /// <summary>The file, as the host names it: before 80-net-setup-link.rules, which gives names too.</summary>
    public static string FileOf(PciAddress pf) => $"/run/udev/rules.d/75-ovs-offload-{pf}.rules";

    public override RecordedChanges Record(RecordedChanges changes) =>
        changes.With(Recorded, Object, Text(From), Text(To));

    private static string? Text(string rules) => rules.Length > 0 ? Written : null;
}
