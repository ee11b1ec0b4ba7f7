namespace OvsOffload.LiveTests;

/// <summary>The program under test.</summary>
internal static class ProgramUnderTest
{
    /// <summary>The binary that OVS_OFFLOAD_BINARY names, else the one that was built beside these tests.</summary>
    public static string Binary()
    {
        if (Environment.GetEnvironmentVariable("OVS_OFFLOAD_BINARY") is { } named)
        {
            return named;
        }

        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var beside = Path.Combine(
            here.Parent!.Parent!.FullName, "OvsOffload.Cli", here.Name.Split('_')[0] + "_linux-x64", "ovs-offload");
        Assert.SkipUnless(File.Exists(beside), $"{beside} is not built");
        return beside;
    }
}
