using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Plans the uplink and the representors of a PF in switchdev mode: hw-tc-offload on, link up.</summary>
internal static class RepresentorPlanner
{
    /// <summary>Adds the steps for one PF.</summary>
    public static void Plan(NicGoal goal, HostState state, PlanDraft draft)
    {
        PhysicalFunction pf = goal.Pf;
        bool agent = !state.OpenVSwitch.Agents.IsEmpty || state.OpenVSwitch.Database.IsFailed;
        if (state.OpenVSwitch.Database.IsFailed && goal.Vfs > 0)
        {
            draft.Note($"representors of {pf.Address} are not set up: whether an agent manages them is unknown "
                + $"({state.OpenVSwitch.Database.Why})");
        }

        if (pf.Uplink is { } uplink)
        {
            Offload(goal, new UplinkOf(pf.Address), uplink, draft);
            if (!draft.AddsToBond(pf.Address))
            {
                Up(new UplinkOf(pf.Address), uplink, draft);
            }
        }

        bool anew = goal.ChangesVfs || goal.ChangesMode;
        for (int vf = 0; vf < goal.Vfs; vf++)
        {
            var reference = new RepresentorOf(pf.Address, vf);
            NetDevice? device = anew ? null : pf.RepresentorOf(vf)?.Device;
            if (device is null)
            {
                if (!anew)
                {
                    continue;
                }

                draft.Add(new SetHwTcOffload(reference, false, true), "without it tc keeps every flow in software");
                if (!agent)
                {
                    draft.Add(new SetLinkUp(reference, false, true),
                        "the VF has link only while its representor is up");
                }

                continue;
            }

            Offload(goal, reference, device, draft);
            if (!agent)
            {
                Up(reference, device, draft);
            }
        }

        if (!anew && pf.Representors.IsKnown && goal.Vfs > 0 && Missing(goal) is > 0 and int missing)
        {
            draft.Add(new WaitForRepresentors(pf.Address, goal.Vfs),
                $"{missing} of {goal.Vfs} VFs have no representor yet");
        }
    }

    private static int Missing(NicGoal goal) =>
        Enumerable.Range(0, goal.Vfs).Count(vf => goal.Pf.RepresentorOf(vf)?.Device is null);

    private static void Offload(NicGoal goal, DeviceReference reference, NetDevice device, PlanDraft draft)
    {
        if (!device.HwTcOffload.IsKnown || device.HwTcOffload.Value.On)
        {
            return;
        }

        if (!device.HwTcOffload.Value.Fixed)
        {
            draft.Add(new SetHwTcOffload(reference, false, true), "without it tc keeps every flow in software");
        }
        else if (reference is RepresentorOf)
        {
            draft.Object(ObjectionKind.Unsupported, reference.ToString(),
                $"hw-tc-offload of {device.Name} is off [fixed]: this kernel's driver has no tc offload "
                    + "(CONFIG_MLX5_CLS_ACT and CONFIG_NET_TC_SKB_EXT for mlx5); use another kernel or the vendor's "
                    + "driver", goal.Nic.Source["mode"]);
        }
    }

    private static void Up(DeviceReference reference, NetDevice device, PlanDraft draft)
    {
        var up = new SetLinkUp(reference, false, true);
        if (!device.Up && !draft.Has(up))
        {
            draft.Add(up, reference is RepresentorOf
                ? "the VF has link only while its representor is up"
                : "the uplink is down");
        }
    }
}
