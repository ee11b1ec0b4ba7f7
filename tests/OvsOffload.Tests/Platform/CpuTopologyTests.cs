using System.Collections.Immutable;
using OvsOffload.Os;
using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class CpuTopologyTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ovs-offload-").FullName;

    private CpuTopology Places => new(HostPaths.Under(_root));

    [Theory]
    [InlineData("", "")]
    [InlineData("0", "0")]
    [InlineData("0-3,8", "0 1 2 3 8")]
    [InlineData("10-11,2-2", "2 10 11")]
    public void A_list_of_CPUs_is_read(string text, string cpus) => Assert.Equal(
        cpus, string.Join(' ', CpuList.Parse(text, "cpulist").Value.Order()));

    [Theory]
    [InlineData("3-1")]
    [InlineData("1-2-3")]
    [InlineData("-1")]
    [InlineData("a")]
    [InlineData("0-99999999999")]
    [InlineData("0-2000000000")]
    public void What_is_no_list_of_CPUs_is_a_failure_with_its_place(string text)
    {
        Reading<ImmutableHashSet<int>> read = CpuList.Parse(text, "/sys/x/cpulist");

        Assert.Equal((true, $"/sys/x/cpulist: '{text}' is not a list of CPUs"), (read.IsFailed, read.Why));
    }

    [Fact]
    public void Nodes_are_read_with_their_CPUs_and_other_files_passed_over()
    {
        Write("sys/devices/system/node/node0/cpulist", "0-1\n");
        Write("sys/devices/system/node/node1/cpulist", "2-3\n");
        Write("sys/devices/system/node/online", "0-1\n");

        ImmutableSortedDictionary<int, ImmutableHashSet<int>> nodes = Places.Nodes().Value;

        Assert.Equal([0, 1], nodes.Keys);
        Assert.Equal([2, 3], nodes[1].Order());
    }

    [Fact]
    public void A_kernel_without_nodes_is_absent_and_a_node_without_its_list_is_no_answer()
    {
        Assert.True(Places.Nodes().IsAbsent);
        Directory.CreateDirectory(Path.Combine(_root, "sys/devices/system/node/node0"));

        Assert.True(Places.Nodes().IsFailed);
    }

    [Fact]
    public void A_process_may_use_what_any_of_its_threads_may()
    {
        Write("proc/4711/task/4711/status", "Name:\tqemu\nCpus_allowed_list:\t0-1\n");
        Write("proc/4711/task/4712/status", "Name:\tCPU 0/KVM\nCpus_allowed_list:\t8\n");

        Assert.Equal([0, 1, 8], Places.AllowedTo(4711).Value.Order());
        Assert.True(Places.AllowedTo(1).IsAbsent);
    }

    [Fact]
    public void A_status_without_the_line_is_a_failure()
    {
        Write("proc/7/task/7/status", "Name:\tx\n");

        Assert.True(Places.AllowedTo(7).IsFailed);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Write(string path, string text)
    {
        string file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
