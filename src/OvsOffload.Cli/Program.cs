using System.CommandLine;

var root = new RootCommand("OVS hardware offload on hypervisors");
return await root.Parse(args).InvokeAsync();
