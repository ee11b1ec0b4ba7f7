using OvsOffload.Os;
using OvsOffload.Platform;


namespace OvsOffload.Tests.Platform;

public sealed class TunedProfileTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ovs-offload-").FullName;

    private Reading<IReadOnlyList<TunedSetting>> Read() => TunedProfile.Read(HostPaths.Under(_root));

    [Fact]
    public void Without_an_active_profile_there_is_nothing() => Assert.True(Read().IsAbsent);

    [Fact]
    public void The_active_profile_is_read_with_those_that_it_includes_and_the_sites_own_wins()
    {
        Write("etc/tuned/active_profile", "site\n");
        Write("etc/tuned/site/tuned.conf", "[main]\ninclude=virtual-host\n[net]\n# no\nfeatures=hw-tc-offload off\n");
        Write("usr/lib/tuned/site/tuned.conf", "[net]\nfeatures=never\n");
        Write("usr/lib/tuned/profiles/virtual-host/tuned.conf", "[main]\ninclude=site\n[sysctl]\nvm.swappiness = 10\n");

        Assert.Equal(
            [
                new TunedSetting("/etc/tuned/site/tuned.conf", "net", "features=hw-tc-offload off"),
                new TunedSetting("/usr/lib/tuned/profiles/virtual-host/tuned.conf", "sysctl", "vm.swappiness = 10"),
            ],
            Read().Value);
    }

    [Fact]
    public void A_name_that_leaves_the_directories_is_no_profile()
    {
        Write("etc/tuned/active_profile", "../../tmp gone");
        Write("tmp/tuned.conf", "[net]\nfeatures=hw-tc-offload off\n");

        Assert.Empty(Read().Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[net")]
    [InlineData("features")]
    [InlineData("# features=hw-tc-offload off")]
    public void What_is_no_setting_is_passed_over(string text) => Assert.Empty(TunedProfile.Parse("/x", text));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Write(string path, string text)
    {
        string file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
