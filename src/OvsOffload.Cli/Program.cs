using System.CommandLine;
using OvsOffload.Cli;
using OvsOffload.Cli.Commands;

var globals = new GlobalOptions();
var root = new RootCommand("configure and verify hardware offload of Open vSwitch")
{
    globals.Config,
    globals.Json,
    PlanCommand.Create(globals),
    ApplyCommand.Create(globals),
    RevertCommand.Create(globals),
    StatusCommand.Create(globals),
    TopCommand.Create(globals),
    InventoryCommand.Create(globals),
    VerifyCommand.Create(globals),
    FlowsCommand.Create(globals),
    BondCommand.Create(globals),
    MetricsCommand.Create(globals),
    ImportCommand.Create(globals),
    RunCommand.Create(globals),
    SupportBundleCommand.Create(globals),
    MaintenanceCommand.Create(),
};

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        Output.Error(error.Message);
    }

    Output.Note("See 'ovs-offload --help'.");
    return ExitStatus.Usage;
}

// An apply that is told to stop takes back what it did; that may last as long as a driver needs.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(15) });
