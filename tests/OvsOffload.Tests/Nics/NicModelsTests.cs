using OvsOffload.Nics;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Nics;

public class NicModelsTests
{
    private static NicModels Models => NicModels.BuiltIn;

    [Theory]
    [InlineData("15b3:1003", "ConnectX-3", "15b3:1004", "mlx4_core")]
    [InlineData("15b3:1007", "ConnectX-3 Pro", "15b3:1004", "mlx4_core")]
    [InlineData("15b3:1011", "Connect-IB", "15b3:1012", "mlx5_core")]
    [InlineData("15b3:1013", "ConnectX-4", "15b3:1014", "mlx5_core")]
    [InlineData("15b3:1015", "ConnectX-4 Lx", "15b3:1016", "mlx5_core")]
    [InlineData("15b3:1017", "ConnectX-5", "15b3:1018", "mlx5_core")]
    [InlineData("15b3:1019", "ConnectX-5 Ex", "15b3:101a", "mlx5_core")]
    [InlineData("15b3:101b", "ConnectX-6", "15b3:101c", "mlx5_core")]
    [InlineData("15b3:101d", "ConnectX-6 Dx", "15b3:101e", "mlx5_core")]
    [InlineData("15b3:101f", "ConnectX-6 Lx", "15b3:101e", "mlx5_core")]
    [InlineData("15b3:1021", "ConnectX-7", "15b3:101e", "mlx5_core")]
    [InlineData("15b3:1023", "ConnectX-8", "15b3:101e", "mlx5_core")]
    [InlineData("15b3:1025", "ConnectX-9", "15b3:101e", "mlx5_core")]
    [InlineData("15b3:1027", "ConnectX-10", "15b3:101e", "mlx5_core")]
    [InlineData("15b3:2101", "ConnectX-10 NVLink-C2C", "15b3:101e", "mlx5_core")]
    [InlineData("15b3:a2d2", "BlueField", "15b3:a2d3", "mlx5_core")]
    [InlineData("15b3:a2d6", "BlueField-2", "15b3:101e", "mlx5_core")]
    [InlineData("15b3:a2d9", "BlueField-3 Lx", "15b3:101e", "mlx5_core")]
    [InlineData("15b3:a2dc", "BlueField-3", "15b3:101e", "mlx5_core")]
    [InlineData("15b3:a2df", "BlueField-4", "15b3:101e", "mlx5_core")]
    [InlineData("8086:10c9", "Intel 82576", "8086:10ca", "igb")]
    [InlineData("8086:1521", "Intel I350", "8086:1520", "igb")]
    [InlineData("8086:10fb", "Intel 82599", "8086:10ed", "ixgbe")]
    [InlineData("8086:1528", "Intel X540", "8086:1515", "ixgbe")]
    [InlineData("8086:1572", "Intel X710", "8086:154c", "i40e")]
    [InlineData("8086:1583", "Intel XL710", "8086:154c", "i40e")]
    [InlineData("8086:158b", "Intel XXV710", "8086:154c", "i40e")]
    [InlineData("8086:1592", "Intel E810-C QSFP", "8086:1889", "ice")]
    [InlineData("8086:1593", "Intel E810-C SFP", "8086:1889", "ice")]
    [InlineData("8086:159b", "Intel E810-XXV", "8086:1889", "ice")]
    [InlineData("14e4:16d7", "Broadcom BCM57414", "14e4:16dc", "bnxt_en")]
    [InlineData("14e4:16d8", "Broadcom BCM57416", "14e4:16dc", "bnxt_en")]
    [InlineData("14e4:1750", "Broadcom BCM57508", "14e4:1806", "bnxt_en")]
    [InlineData("14e4:1751", "Broadcom BCM57504", "14e4:1807", "bnxt_en")]
    [InlineData("19ee:4000", "Netronome NFP-4000", "19ee:6003", "nfp")]
    [InlineData("19ee:6000", "Netronome NFP-6000", "19ee:6003", "nfp")]
    [InlineData("10ee:0100", "AMD EF100", null, "sfc_ef100")]
    public void Every_card_is_found_by_its_id(string id, string name, string? vf, string driver)
    {
        NicModel model = Models.Find(PciId.Parse(id));

        Assert.True(model.IsKnown);
        Assert.False(model.IsFlashRecovery);
        Assert.Equal(name, model.Name);
        Assert.Equal(driver, model.Generation.Driver.Name);
        Assert.Equal(vf is not null, vf is not null && model.VfIds.Contains(PciId.Parse(vf)));
    }

    [Theory]
    [InlineData("020d", "ConnectX-5")]
    [InlineData("0210", "ConnectX-6")]
    [InlineData("0211", "BlueField")]
    [InlineData("0212", "ConnectX-6 Dx")]
    [InlineData("0213", "ConnectX-6 Dx")]
    [InlineData("0214", "BlueField-2")]
    [InlineData("0215", "BlueField-2")]
    [InlineData("0216", "ConnectX-6 Lx")]
    [InlineData("0217", "ConnectX-6 Lx")]
    [InlineData("0218", "ConnectX-7")]
    [InlineData("0219", "ConnectX-7")]
    [InlineData("0220", "BlueField-4")]
    [InlineData("0221", "BlueField-4")]
    public void A_card_in_flash_recovery_is_known_and_can_do_nothing(string device, string name)
    {
        NicModel model = Models.Find(PciId.Parse($"15b3:{device}"));

        Assert.True(model.IsFlashRecovery);
        Assert.Equal(name, model.Name);
        Assert.False(model.CanSwitchdev);
    }

    [Fact]
    public void No_id_of_a_VF_is_the_id_of_a_card() => Assert.All(
        Models.All.SelectMany(model => model.VfIds), id => Assert.False(Models.Knows(id), id.ToString()));

    // Columns: the matrix of the vendor's documents. Y full, L limited, ? undocumented, - none.
    [Theory]
    [InlineData(nameof(NicFeature.Flower), "-", "-", "L", "Y", "Y", "Y", "Y", "Y")]
    [InlineData(nameof(NicFeature.Vlan), "-", "L", "L", "Y", "Y", "Y", "Y", "Y")]
    [InlineData(nameof(NicFeature.Tunnels), "-", "L", "L", "Y", "Y", "Y", "Y", "Y")]
    [InlineData(nameof(NicFeature.HeaderRewrite), "-", "L", "L", "Y", "Y", "Y", "Y", "Y")]
    [InlineData(nameof(NicFeature.ConnectionTracking), "-", "-", "-", "L", "L", "Y", "Y", "Y")]
    [InlineData(nameof(NicFeature.ManyDestinations), "-", "-", "-", "Y", "Y", "Y", "Y", "Y")]
    [InlineData(nameof(NicFeature.VfLag), "-", "?", "?", "Y", "Y", "Y", "Y", "Y")]
    [InlineData(nameof(NicFeature.HashLag), "-", "-", "-", "-", "-", "Y", "Y", "Y")]
    [InlineData(nameof(NicFeature.MultiportEswitch), "-", "-", "-", "-", "-", "Y", "Y", "Y")]
    [InlineData(nameof(NicFeature.Meters), "-", "-", "-", "-", "-", "Y", "Y", "Y")]
    [InlineData(nameof(NicFeature.Sampling), "-", "-", "-", "L", "Y", "Y", "Y", "Y")]
    [InlineData(nameof(NicFeature.TunnelOnInternalPort), "-", "-", "-", "-", "-", "Y", "Y", "Y")]
    public void Each_generation_can_do_what_the_matrix_says(string feature, params string[] columns)
    {
        string[][] cards =
        [
            ["1003", "1007"], ["1013"], ["1015"], ["1017", "1019", "a2d2"], ["101b"], ["101d", "101f", "a2d6"],
            ["1021", "a2d9", "a2dc"], ["1023", "1025", "1027", "2101", "a2df"],
        ];
        for (int column = 0; column < cards.Length; column++)
        {
            SupportLevel expected = columns[column] switch
            {
                "Y" => SupportLevel.Full,
                "L" => SupportLevel.Limited,
                "?" => SupportLevel.Undocumented,
                _ => SupportLevel.None,
            };
            Assert.All(cards[column], device =>
                Assert.Equal(expected, Models.Find(PciId.Parse($"15b3:{device}"))[Enum.Parse<NicFeature>(feature)]));
        }
    }

    [Theory]
    [InlineData("15b3:1003", false)]
    [InlineData("15b3:1011", false)]
    [InlineData("15b3:1013", true)]
    [InlineData("15b3:1015", true)]
    [InlineData("15b3:a2dc", true)]
    [InlineData("8086:1521", false)]
    [InlineData("8086:1572", false)]
    [InlineData("8086:1592", true)]
    [InlineData("14e4:1750", true)]
    [InlineData("19ee:4000", false)]
    [InlineData("10ee:0100", false)]
    public void Only_where_devlink_sets_the_mode_can_it_be_set(string id, bool can) =>
        Assert.Equal(can, Models.Find(PciId.Parse(id)).CanSwitchdev);

    [Theory]
    [InlineData("15b3:101d", nameof(VfsAtModeChange.Any), false, false)]
    [InlineData("8086:1592", nameof(VfsAtModeChange.None), false, true)]
    [InlineData("14e4:1750", nameof(VfsAtModeChange.First), true, true)]
    public void Drivers_have_their_own_order(string id, string vfs, bool needsPfUp, bool resets)
    {
        NicModel model = Models.Find(PciId.Parse(id));

        Assert.Equal(vfs, $"{model.ModeChange.Vfs}");
        Assert.Equal(needsPfUp, model.NeedsPfUpForVfs);
        Assert.Equal(resets, model.ResetsOnVfChange);
    }

    [Fact]
    public void Only_ConnectX4_needs_the_transport_header_inline() => Assert.Equal(
        ["ConnectX-4", "ConnectX-4 Lx"],
        Models.All.Where(model => model.NeedsInlineTransport).Select(model => model.Name).Distinct());

    [Theory]
    [InlineData("15b3:1007", nameof(SecurityGroupClass.Disable))]
    [InlineData("15b3:1013", nameof(SecurityGroupClass.Disable))]
    [InlineData("15b3:1015", nameof(SecurityGroupClass.Disable))]
    [InlineData("15b3:1017", nameof(SecurityGroupClass.Disable))]
    [InlineData("15b3:a2d2", nameof(SecurityGroupClass.Disable))]
    [InlineData("15b3:101b", nameof(SecurityGroupClass.Warn))]
    [InlineData("15b3:101d", nameof(SecurityGroupClass.Keep))]
    [InlineData("15b3:101f", nameof(SecurityGroupClass.Keep))]
    [InlineData("15b3:1021", nameof(SecurityGroupClass.Keep))]
    [InlineData("15b3:a2d6", nameof(SecurityGroupClass.Keep))]
    public void Security_groups_are_off_below_ConnectX6(string id, string expected) =>
        Assert.Equal(expected, $"{Models.Find(PciId.Parse(id)).Generation.SecurityGroups}");

    [Theory]
    [InlineData("8086:1521", 7)]
    [InlineData("8086:10fb", 63)]
    [InlineData("15b3:1007", 126)]
    [InlineData("15b3:101d", 127)]
    public void VFs_have_the_limit_of_driver_and_hardware(string id, int limit) =>
        Assert.Equal(limit, Models.Find(PciId.Parse(id)).Generation.MaxVfs);

    [Fact]
    public void The_driver_tells_since_which_kernel()
    {
        NicDriver driver = Models.Find(PciId.Parse("15b3:101d")).Generation.Driver;

        Assert.Equal(new KernelVersion(5, 0), driver.Since[NicFeature.VfLag]);
        Assert.Equal(new KernelVersion(5, 7), driver.Since[NicFeature.ConnectionTracking]);
        Assert.Equal(new KernelVersion(5, 16), driver.Since[NicFeature.HashLag]);
    }

    [Fact]
    public void An_unknown_card_is_no_error_and_can_do_nothing()
    {
        NicModel model = Models.Find(PciId.Parse("1af4:1000"));

        Assert.False(model.IsKnown);
        Assert.Equal("unknown NIC 1af4:1000", model.Name);
        Assert.False(model.CanSwitchdev);
        Assert.True(model.ResetsOnVfChange);
        Assert.All(Enum.GetValues<NicFeature>(), feature => Assert.Equal(SupportLevel.Undocumented, model[feature]));
    }

    [Fact]
    public void A_VF_is_of_its_PFs_generation_though_many_share_its_id()
    {
        Assert.Equal("ConnectX-7", Models.ForFunction(Vf("15b3:101e"), Pf("15b3:1021")).Name);
        Assert.Equal("ConnectX-6 Lx", Models.ForFunction(Vf("15b3:101e"), Pf("15b3:101f")).Name);
    }

    [Fact]
    public void A_VF_without_its_PF_is_known_only_where_its_id_is_of_one_generation()
    {
        Assert.Equal("ConnectX-4 Lx", Models.ForFunction(Pf("15b3:1016"), null).Generation.Name);
        Assert.False(Models.ForFunction(Pf("15b3:101e"), null).IsKnown);
    }

    private static PciFunction Pf(string id) =>
        new() { Address = PciAddress.Parse("0000:3b:00.0"), Id = PciId.Parse(id), Class = 0x020000 };

    private static PciFunction Vf(string id) => Pf(id) with
    {
        Address = PciAddress.Parse("0000:3b:00.2"),
        PhysicalFunction = OvsOffload.Os.Reading.Known(PciAddress.Parse("0000:3b:00.0")),
    };
}
