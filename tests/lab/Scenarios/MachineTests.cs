namespace OvsOffload.LabTests.Scenarios;

/// <summary>The lab's own promises: what a script gives back, and what survives what.</summary>
[Collection(OnCurrentKernel.Name)]
[Trait("Subject", "simulator")]
public sealed class MachineTests(CurrentKernel machine) : LabScenario(machine)
{
    [Fact]
    public async Task A_script_gives_back_output_errors_exit_status_and_the_kernels_words()
    {
        LabResult result = await TryAsync("echo to-output; echo to-errors >&2; echo 'a word' > /dev/kmsg; exit 7");

        Assert.Equal(7, result.ExitCode);
        Assert.False(result.TimedOut);
        Assert.Equal("to-output\n", result.Output);
        Assert.Equal("to-errors\n", result.Errors);
        Assert.EndsWith("a word\n", result.KernelLog);
    }

    [Fact]
    public async Task A_script_that_hangs_is_killed_with_its_children_and_the_next_one_runs()
    {
        LabResult result = await TryAsync("echo before; sleep 987 & sleep 987", TimeSpan.FromSeconds(1));

        Assert.True(result.TimedOut);
        Assert.Equal("before", result.Text);
        Assert.Equal("0", (await TryAsync("pgrep -fc 'sleep 987'")).Text);
    }

    [Fact]
    public async Task A_script_that_ignores_the_request_to_end_is_killed_all_the_same()
    {
        LabResult result = await TryAsync("trap '' TERM; while true; do sleep 0.1; done", TimeSpan.FromSeconds(1));

        Assert.True(result.TimedOut);
    }

    [Fact]
    public async Task A_panic_is_told_with_the_console_and_the_next_script_runs_in_a_new_boot()
    {
        int boots = Machine.Boots;

        LabMachineDiedException died = await Assert.ThrowsAsync<LabMachineDiedException>(
            () => TryAsync("echo c > /proc/sysrq-trigger"));
        await ResetAsync();

        Assert.Contains("Kernel panic", died.Message);
        Assert.InRange(Machine.Boots, boots + 1, boots + 2);
    }

    [Fact]
    public async Task The_guests_port_9975_answers_on_the_forwarded_port_of_this_machine()
    {
        await RunAsync(
            """
            printf '#!/bin/bash\nread -r _; printf "HTTP/1.0 200 OK\\r\\n\\r\\nfrom the guest"' > /tmp/answer
            chmod +x /tmp/answer
            setsid socat TCP-LISTEN:9975,reuseaddr,fork EXEC:/tmp/answer &
            wait_until 5 grep -qi ':26F7 ' /proc/net/tcp
            """);
        using var client = new HttpClient();

        string body = await client.GetStringAsync(new Uri($"http://127.0.0.1:{Machine.ForwardedPort}/"), Cancellation);

        Assert.Equal("from the guest", body);
    }
}
