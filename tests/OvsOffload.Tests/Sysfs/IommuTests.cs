using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Sysfs;

public sealed class IommuTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Groups_are_in_the_order_of_their_numbers_with_their_types()
    {
        _host.Dir("/sys/class/iommu/dmar0").File("/sys/kernel/iommu_groups/10/type", "identity\n")
            .File("/sys/kernel/iommu_groups/9/type", "DMA-FQ\n").Dir("/sys/kernel/iommu_groups/11");

        var iommu = Iommu.Read(_host.Paths);

        Assert.Equal(["dmar0"], iommu.Units.Value);
        Assert.Equal([9, 10, 11], iommu.Groups.Value.Select(group => group.Number));
        Assert.Equal("DMA-FQ", iommu.Groups.Value[0].Type.Value);
        Assert.Equal("identity", iommu.Groups.Value[1].Type.Value);
        Assert.True(iommu.Groups.Value[2].Type.IsAbsent);
    }

    [Fact]
    public void An_IOMMU_that_is_off_has_no_groups()
    {
        _host.Dir("/sys/class/iommu").Dir("/sys/kernel/iommu_groups");

        var iommu = Iommu.Read(_host.Paths);

        Assert.Empty(iommu.Units.Value);
        Assert.Empty(iommu.Groups.Value);
    }

    [Fact]
    public void A_kernel_without_IOMMU_support_is_absent() => Assert.True(Iommu.Read(_host.Paths).Groups.IsAbsent);
}
