using System.Text.Json;
using OvsOffload.Intent.Configuration;
using OvsOffload.Netlink;

namespace OvsOffload.Intent;

/// <summary>Bond profiles as JSON: <c>{"profiles":[{"name","mode","file","options":{..}}]}</c>.</summary>
internal static class BondProfilesDocument
{
    /// <summary>
    /// Writes the member. Options have the kernel's names; a duration is a text with its unit, as a profile has it.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, IEnumerable<BondProfile> profiles)
    {
        writer.WriteStartArray("profiles");
        foreach (BondProfile profile in profiles)
        {
            writer.WriteStartObject();
            writer.WriteString("name", profile.Name);
            writer.WriteString("mode", profile.Mode.ToName());
            writer.WriteString("file", profile.File);
            writer.WriteStartObject("options");
            if (profile.Mode == BondMode.ActiveBackup)
            {
                writer.WriteString(
                    BondProfileReader.Primary.Name, BondProfileReader.Primary.Kind.Format(profile.Primary));
            }

            foreach (BondOption option in BondOptionList.Of(profile.Mode))
            {
                option.Write(writer, profile.Options);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
