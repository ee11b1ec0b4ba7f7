using System.CommandLine;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Cli.Commands;

/// <summary><c>bond profiles</c>: the bond profiles there are.</summary>
internal static class BondCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(GlobalOptions globals)
    {
        var profiles = new Command("profiles", "list the bond profiles");
        profiles.SetAction(parsed => Profiles(parsed.GetValue(globals.Json)));
        return new Command("bond", "bonds of uplinks") { profiles };
    }

    private static int Profiles(bool json)
    {
        BondProfile[] all;
        try
        {
            var profiles = new BondProfiles(HostPaths.Real);
            all = [.. profiles.Names().Select(profiles.Find).OfType<BondProfile>()];
        }
        catch (ConfigurationException failure)
        {
            foreach (ConfigurationError error in failure.Errors)
            {
                Output.Error(error.ToString());
            }

            return ExitStatus.Usage;
        }

        if (json)
        {
            Output.Json(writer => BondProfilesDocument.Write(writer, all));
            return ExitStatus.Ok;
        }

        var table = new TextTable("PROFILE", "MODE", "FILE", "NON-DEFAULT OPTIONS");
        foreach (BondProfile profile in all)
        {
            table.Add(profile.Name, profile.Mode.ToName(), profile.File, string.Join(" ", Describe(profile)));
        }

        foreach (string line in table.Lines())
        {
            Output.Result(line);
        }

        return ExitStatus.Ok;
    }

    private static IEnumerable<string> Describe(BondProfile profile)
    {
        BondOptions defaults = BondProfileReader.DefaultsOf(profile.Mode);
        return BondOptionList.Of(profile.Mode)
            .Where(option => option.Text(profile.Options) != option.Text(defaults))
            .Select(option => $"{option.Name}={option.Text(profile.Options)}")
            .Concat(profile.Primary == BondPrimary.First ? ["primary=first"] : []);
    }
}
