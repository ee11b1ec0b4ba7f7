using System.IO.Compression;
using System.Text;
using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class KernelConfigurationTests : IDisposable
{
    // From Debian's config-6.1.0-56-amd64.
    private const string Text = """
        #
        # Automatically generated file; DO NOT EDIT.
        #
        CONFIG_CC_VERSION_TEXT="gcc-12 (Debian 12.2.0-14) 12.2.0"
        CONFIG_NET_CLS_FLOWER=m
        CONFIG_NET_ACT_CT=m
        # CONFIG_NET_TC_SKB_EXT is not set
        CONFIG_MLX5_CORE=m
        CONFIG_MLX5_ESWITCH=y
        CONFIG_MLX5_CLS_ACT=y
        CONFIG_HZ=250

        """;

    private static readonly KernelRelease Release = KernelRelease.Parse("6.1.0-56-amd64").Value;

    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Options_are_built_in_a_module_or_off()
    {
        KernelConfiguration configuration = KernelConfiguration.Parse("x", Encoding.UTF8.GetBytes(Text)).Value;

        Assert.Equal(KernelOption.Module, configuration["NET_CLS_FLOWER"]);
        Assert.Equal(KernelOption.BuiltIn, configuration["CONFIG_MLX5_CLS_ACT"]);
        Assert.Equal(KernelOption.Off, configuration["NET_TC_SKB_EXT"]);
        Assert.Equal(KernelOption.Off, configuration["MLX5_TC_CT"]);
        Assert.True(configuration.IsOn("HZ"));
        Assert.False(configuration.IsOn("CONFIG_MLX5_TC_CT"));
    }

    [Theory]
    [InlineData("CONFIG_A=y", "BuiltIn")]
    [InlineData("CONFIG_A=m\r\n", "Module")]
    [InlineData("CONFIG_A=\n", "Off")]
    [InlineData("CONFIG_A=y\nCONFIG_A=n\n", "Off")]
    [InlineData("CONFIG_B=n\n# CONFIG_A=y\n", "Off")]
    [InlineData("CONFIG_XA=y\nCONFIG_B=y CONFIG_A=y\n", "Off")]
    [InlineData("CONFIG_AB=y\n", "Off")]
    public void An_option_stands_as_the_last_line_says_that_begins_with_its_whole_name(string text, string option) =>
        Assert.Equal(option, $"{KernelConfiguration.Parse("x", Encoding.UTF8.GetBytes(text)).Value["A"]}");

    [Theory]
    [InlineData("/proc/config.gz")]
    [InlineData("/boot/config-6.1.0-56-amd64")]
    [InlineData("/usr/lib/modules/6.1.0-56-amd64/config")]
    [InlineData("/lib/modules/6.1.0-56-amd64/config")]
    public void It_is_found_in_each_place_and_says_where(string place)
    {
        _host.File(
            place, place.EndsWith(".gz", StringComparison.Ordinal) ? Compressed() : Encoding.UTF8.GetBytes(Text));

        KernelConfiguration configuration = KernelConfiguration.Read(_host.Paths, Release).Value;

        Assert.Equal(place, configuration.Source);
        Assert.True(configuration.IsOn("MLX5_ESWITCH"));
    }

    [Fact]
    public void The_kernels_own_goes_before_the_file_of_the_package()
    {
        _host.File("/boot/config-6.1.0-56-amd64", "CONFIG_MLX5_ESWITCH=n\n").File("/proc/config.gz", Compressed());

        Assert.Equal("/proc/config.gz", KernelConfiguration.Read(_host.Paths, Release).Value.Source);
    }

    [Fact]
    public void Another_kernels_configuration_is_not_taken()
    {
        _host.File("/boot/config-6.12.0-1-amd64", Text);

        Assert.True(KernelConfiguration.Read(_host.Paths, Release).IsAbsent);
    }

    [Fact]
    public void A_compressed_configuration_cut_anywhere_is_failed_not_a_kernel_without_options()
    {
        byte[] whole = Compressed();
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.True(KernelConfiguration.Parse("x", whole[..length]).IsFailed, $"cut at {length}");
        }
    }

    [Fact]
    public void A_file_without_options_is_failed() =>
        Assert.True(KernelConfiguration.Parse("x", "hello\n"u8.ToArray()).IsFailed);

    private static byte[] Compressed()
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Text));
        }
        return bytes.ToArray();
    }
}
