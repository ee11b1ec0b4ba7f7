using System.CommandLine;
using OvsOffload.Host;
using OvsOffload.Status;

namespace OvsOffload.Cli.Commands;

/// <summary><c>inventory</c>: PFs, VFs, representors, who holds each.</summary>
internal static class InventoryCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(GlobalOptions globals)
    {
        var command = new Command("inventory", "list PFs, VFs and representors, and what uses each");
        command.SetAction(async (parsed, cancellation) =>
        {
            if (Session.Open(parsed, globals) is not { } session)
            {
                return ExitStatus.Usage;
            }

            HostState state = await session.Reader.ReadAsync(cancellation);
            Output.WarnIfUnreadable(state);
            if (parsed.GetValue(globals.Json))
            {
                Output.Json(state, writer => InventoryDocument.Write(writer, state));
            }
            else
            {
                Write(state);
            }

            return ExitStatus.Of(state);
        });
        return command;
    }

    private static void Write(HostState state)
    {
        if (state.PhysicalFunctions.IsFailed)
        {
            return;
        }

        var table = new TextTable(
            "FUNCTION", "ADDRESS", "DEVICE", "MODEL/MAC", "DRIVER", "MODE", "REPRESENTOR", "IN USE BY");
        foreach (PhysicalFunction pf in state.KnownFunctions)
        {
            table.Add("pf", pf.Address.ToString(), pf.Uplink?.Name, pf.Model.Name, pf.Driver,
                InventoryDocument.ModeForPeople(pf) ?? "unreadable", null,
                $"{pf.VfCount} of {pf.VfLimit} VFs");
            foreach (VirtualFunction vf in pf.VirtualFunctions)
            {
                table.Add($"  vf{vf.Index}", vf.Address.ToString(), string.Join(",", vf.Devices),
                    vf.Mac?.ToString(), vf.Driver, null,
                    pf.RepresentorOf(vf.Index)?.Device?.Name,
                    vf.Holder.Match<string?>(holder => holder.Description, _ => null, why => $"unknown: {why}"));
            }
        }

        foreach (string line in table.Lines())
        {
            Output.Result(line);
        }
    }
}
