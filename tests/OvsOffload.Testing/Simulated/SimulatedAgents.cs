using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Planning;

namespace OvsOffload.Testing;

/// <summary>Agents of security groups that obey: their files hold what was written.</summary>
internal static class SimulatedAgents
{
    public static HostState Run(HostState host, AgentAction action) => host with
    {
        SecurityGroups = action switch
        {
            SetAgentFile { Backend: SecurityGroupBackend.Neutron } step => host.SecurityGroups with
            {
                Neutron = host.SecurityGroups.Neutron.Map(file => Changed(file, step.From, step.To, step)),
            },
            SetAgentFile step => host.SecurityGroups with
            {
                Cloudpods = host.SecurityGroups.Cloudpods.Map(
                    cloudpods => cloudpods with { Local = Changed(cloudpods.Local, step.From, step.To, step) }),
            },
            SetConfigMap step => host.SecurityGroups with
            {
                ConfigMap = host.SecurityGroups.ConfigMap.Map(file => Changed(file, step.From, step.To, step)),
            },
            CallProgram step => host.SecurityGroups with
            {
                Program = host.SecurityGroups.Program.Map(program =>
                    program.IsOff == step.From
                        ? new ProgramState(step.To, step.RecordTo)
                        : throw SimulatedHost.Refused("it is otherwise")),
            },
            _ => throw new ArgumentException($"no agent does {action.Kind}", nameof(action)),
        },
    };

    private static AgentFile Changed(AgentFile file, string? from, string? to, AgentAction step) => file.Text == from
        ? file with { Text = to, Record = step.RecordTo }
        : throw SimulatedHost.Refused("the file is another");
}

/// <summary>Runs whole plans on a simulated host.</summary>
internal static class SimulatedPlans
{
    /// <summary>Runs the steps of one plan.</summary>
    public static SimulatedHost RunAll(this SimulatedHost host, HostIntent intent)
    {
        foreach (Step step in Planner.Plan(intent, host.State).Steps)
        {
            host.Run(step.Action);
        }

        return host;
    }
}
