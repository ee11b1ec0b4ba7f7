return await OvsOffload.Cli.CommandLine.RunAsync(args);
