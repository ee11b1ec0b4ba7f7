using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class IrqbalanceTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Without_a_socket_or_a_pid_file_it_does_not_run() =>
        Assert.True(Irqbalance.Read(_host.Paths).IsAbsent);

    [Theory]
    [InlineData("/run/irqbalance/irqbalance812.sock", "")]
    [InlineData("/run/irqbalance.pid", "812\n")]
    public void It_is_found_by_its_socket_or_its_pid_file(string file, string text)
    {
        _host.File(file, text);
        Start("irqbalance", "/usr/sbin/irqbalance\0--foreground\0", "LANG=C\0IRQBALANCE_BANNED_CPULIST=2-3,8\0");

        Irqbalance found = Irqbalance.Read(_host.Paths).Value;

        Assert.Equal((812, null, "IRQBALANCE_BANNED_CPULIST=2-3,8"), (found.Process, found.KeepsOff, found.Banned));
        Assert.Equal([2, 3, 8], found.BannedCpus.Order());
    }

    [Fact]
    public void The_socket_of_a_killed_one_whose_number_another_process_has_does_not_count()
    {
        _host.File("/run/irqbalance/irqbalance812.sock", "").File("/run/irqbalance/irqbalance-ui.sock", "");
        Start("bash", "", "");

        Assert.True(Irqbalance.Read(_host.Paths).IsAbsent);
    }

    [Fact]
    public void An_environment_that_cannot_be_read_is_a_failure()
    {
        _host.File("/run/irqbalance/irqbalance812.sock", "").Dir("/proc/812/environ");
        _host.File("/proc/812/comm", "irqbalance\n").File("/proc/812/cmdline", "irqbalance\0");

        Assert.True(Irqbalance.Read(_host.Paths).IsFailed);
    }

    [Theory]
    [InlineData("--banirq=43", "--banirq=43")]
    [InlineData("-i", "-i")]
    [InlineData("--banmod=mlx5_core", "--banmod=mlx5_core")]
    [InlineData("--policyscript=/etc/p.sh", "--policyscript=/etc/p.sh")]
    [InlineData("--interval=10", null)]
    public void An_argument_that_keeps_it_off_interrupts_is_told(string argument, string? told) =>
        Assert.Equal(told, Irqbalance.Parse(1, $"/usr/sbin/irqbalance\0{argument}\0", "").Value.KeepsOff);

    [Theory]
    [InlineData("IRQBALANCE_BANNED_CPUS=", "")]
    [InlineData("IRQBALANCE_BANNED_CPUS=5", "0,2")]
    [InlineData("IRQBALANCE_BANNED_CPUS=1,000000f0", "4,5,6,7,32")]
    [InlineData("IRQBALANCE_BANNED_CPUS=1,f0", "4,5,6,7,32")]
    [InlineData("IRQBALANCE_BANNED_CPULIST=\0IRQBALANCE_BANNED_CPUS=1", "0")]
    [InlineData("IRQBALANCE_BANNED_CPUS=1\0IRQBALANCE_BANNED_CPULIST=9", "9")]
    public void The_CPUs_are_read_of_the_list_or_of_the_mask(string environment, string cpus) => Assert.Equal(
        cpus, string.Join(',', Irqbalance.Parse(1, "", environment).Value.BannedCpus.Order()));

    [Theory]
    [InlineData("IRQBALANCE_BANNED_CPUS=xyz")]
    [InlineData("IRQBALANCE_BANNED_CPULIST=1-")]
    public void Text_that_names_no_CPUs_is_a_failure(string environment) =>
        Assert.Contains(environment, Irqbalance.Parse(1, "", environment).Why);

    private void Start(string name, string arguments, string environment) => _host.File("/proc/812/comm", name + "\n")
        .File("/proc/812/cmdline", arguments).File("/proc/812/environ", environment);
}
