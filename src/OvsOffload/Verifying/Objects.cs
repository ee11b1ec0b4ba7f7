using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Sysfs;
using OvsOffload.System;

namespace OvsOffload.Verifying;

/// <summary>Names of the objects that findings are about.</summary>
internal static class Objects
{
    /// <summary>The machine as a whole.</summary>
    public const string Host = "host";

    /// <summary>The kernel.</summary>
    public const string Kernel = "kernel";

    /// <summary>Open vSwitch as a whole.</summary>
    public const string Switch = "Open vSwitch";

    /// <summary>Why a check of PFs is skipped that could not be read.</summary>
    public static string Unread(Reading<ImmutableArray<PhysicalFunction>> functions) =>
        $"the physical functions could not be read: {functions.Why}";

    /// <summary>A function of a PF: <c>0000:3b:00.0 vf3</c>.</summary>
    public static string Of(PhysicalFunction pf, Representor representor) => $"{pf.Address} {representor.Function}";

    /// <summary>What a finding's object belongs to: the PF for its functions, else the object itself.</summary>
    public static string GroupOf(string subject) =>
        subject.Split(' ', 2) is [var first, _] && PciAddress.TryParse(first, out _) ? first : subject;
}
