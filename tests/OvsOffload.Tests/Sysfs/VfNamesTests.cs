using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Sysfs;

public sealed class VfNamesTests
{
    [Theory]
    [InlineData("", new int[0])]
    [InlineData("vf5", new[] { 5 })]
    [InlineData("vf0-vf1", new[] { 0, 1 })]
    [InlineData("vf0-vf3, vf7, vf9-vf10", new[] { 10, 7, 3, 2, 1, 0, 9, 3 })]
    public void VFs_are_named_as_ranges(string names, int[] vfs) => Assert.Equal(names, VfNames.Ranges(vfs));
}
