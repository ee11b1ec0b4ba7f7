using System.Collections.Immutable;
using OvsOffload.Sysfs;

namespace OvsOffload.Page;

/// <summary>One line of the drawing: a function, or functions that are alike.</summary>
/// <param name="Label">Beside the e-switch: <c>vf3</c>, <c>28 VFs</c>.</param>
/// <param name="Detail">Which they are: <c>vf0-vf27</c>.</param>
/// <param name="Holder">How they are held.</param>
/// <param name="HolderLabel">By whom, in a few words.</param>
/// <param name="HolderDetail">The same at length.</param>
/// <param name="Representor">The representor's name, or how many there are.</param>
/// <param name="State">How the line from the e-switch to the representor is drawn.</param>
/// <param name="Bridge">The bridge that the representors are ports of.</param>
internal sealed record FunctionGroup(
    string Label,
    string Detail,
    FunctionHolder Holder,
    string HolderLabel,
    string HolderDetail,
    string Representor,
    RepresentorState State,
    string? Bridge)
{
    /// <summary>Above so many functions of a PF those that are alike share a line.</summary>
    private const int MaxSingle = 10;

    /// <summary>Above so many lines the rest shares one.</summary>
    private const int MaxLines = 8;

    /// <summary>The lines of a PF.</summary>
    public static ImmutableArray<FunctionGroup> Of(PfPicture pf)
    {
        if (pf.Functions.Length <= MaxSingle)
        {
            return [.. pf.Functions.Select(Single)];
        }

        FunctionPicture[][] alike =
        [
            .. pf.Functions
                .GroupBy(function => (function.Holder, StateOf(function), function.Bridge))
                .OrderByDescending(group => group.Count())
                .Select(group => group.ToArray()),
        ];
        if (alike.Length <= MaxLines)
        {
            return [.. alike.Select(Summary)];
        }

        FunctionPicture[] rest = [.. alike.Skip(MaxLines - 1).SelectMany(group => group)];
        return
        [
            .. alike.Take(MaxLines - 1).Select(Summary),
            new FunctionGroup(
                $"{rest.Length} others", Ranges(rest), FunctionHolder.Elsewhere, "various", "see the table below",
                "see the table", RepresentorState.Various, null),
        ];
    }

    /// <summary>How a holder is called in a few words.</summary>
    public static string Word(FunctionHolder holder) => holder switch
    {
        FunctionHolder.Free => "free",
        FunctionHolder.Guest => "guest",
        FunctionHolder.Container => "container",
        FunctionHolder.Claim => "claimed",
        FunctionHolder.Host => "this host",
        FunctionHolder.Elsewhere => "elsewhere",
        _ => "unreadable",
    };

    /// <summary>How several holders are called.</summary>
    public static string Words(FunctionHolder holder) =>
        holder is FunctionHolder.Guest or FunctionHolder.Container ? Word(holder) + "s" : Word(holder);

    /// <summary>VFs as ranges: <c>vf0-vf3, vf7</c>; other functions by their names.</summary>
    public static string Ranges(IReadOnlyList<FunctionPicture> functions) => string.Join(", ",
        functions.Where(function => function.Index is null).Select(function => function.Name)
            .Prepend(VfNames.Ranges(functions.Select(function => function.Index).OfType<int>()))
            .Where(names => names.Length > 0));

    private static FunctionGroup Single(FunctionPicture function) => new(
        function.Name,
        function.Address is null ? function.Name : $"{function.Name}, {function.Address}",
        function.Holder,
        Word(function.Holder),
        function.HolderText.Length == 0 ? "not in use" : function.HolderText,
        function.Representor.Match(device => device.Name, _ => "no representor", _ => "unreadable"),
        StateOf(function),
        function.Bridge);

    private static FunctionGroup Summary(FunctionPicture[] functions)
    {
        FunctionPicture first = functions[0];
        if (functions.Length == 1)
        {
            return Single(first);
        }

        string kind = functions.All(function => function.Index is not null) ? "VFs" : "functions";
        RepresentorState state = StateOf(first);
        return new FunctionGroup(
            $"{functions.Length} {kind}",
            Ranges(functions),
            first.Holder,
            $"{functions.Length} {Words(first.Holder)}",
            $"{functions.Length} times: {(first.HolderText.Length == 0 ? "not in use" : first.HolderText)}, ..",
            state switch
            {
                RepresentorState.None => "no representors",
                RepresentorState.Unreadable => "unreadable",
                RepresentorState.Down => $"{functions.Length} down",
                RepresentorState.NoCarrier => $"{functions.Length}, no carrier",
                _ => $"{functions.Length} up",
            },
            state,
            first.Bridge);
    }

    private static RepresentorState StateOf(FunctionPicture function) => function.Representor.Match(
        device => !device.Up ? RepresentorState.Down
            : device.Carrier ? RepresentorState.Up
            : RepresentorState.NoCarrier,
        _ => RepresentorState.None,
        _ => RepresentorState.Unreadable);
}

/// <summary>How a representor is.</summary>
internal enum RepresentorState
{
    Unreadable,
    None,
    Down,
    NoCarrier,
    Up,

    /// <summary>Of several that are not alike.</summary>
    Various,
}
