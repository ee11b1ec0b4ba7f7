using System.Text.RegularExpressions;

namespace OvsOffload.LiveTests;

/// <summary>Only what was shown runs, against a real Open vSwitch.</summary>
public sealed class ShownPlanTests
{
    private const string Prepare =
        """
        PATH=/mnt/program:$PATH
        printf 'version: 1\nopenvswitch: { tc-policy: skip_sw, max-idle: 20s }\n' > /mnt/config.yaml
        p='ovs-offload --config /mnt/config.yaml'
        on_terminal() { # COMMAND ANSWERS..: each answer after a second and what $between does
            local command=$1; shift
            { for answer; do sleep 2; eval "$between"; printf '%s\n' "$answer"; done; sleep 2; } |
                script -qec "$command" /dev/null | tr -d '\r'
            return ${PIPESTATUS[1]}
        }
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_saved_plan_runs_without_a_question_and_once()
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(Suites.Trixie, Token);

        string output = await RunAsync(
            ovs,
            """
            $p plan --out /run/plan; echo "plan $?"; stat -c %a /run/plan
            $p apply /run/plan < /dev/null; echo "apply $?"
            $p apply /run/plan < /dev/null; echo "again $?"
            """);

        // 6 where this machine hides other users' connections.
        Assert.True(Regex.IsMatch(output, "plan [36]\n600\n(?s:.*)apply [67]\n(?s:.*)again 4\n"), output);
        Assert.Contains("max-idle=\"20000\"", await OtherConfigAsync(ovs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_saved_plan_whose_steps_are_others_by_now_is_refused()
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(Suites.Trixie, Token);
        await ovs.VsctlAsync("set", "Open_vSwitch", ".", "other_config:max-idle=20000");

        string output = await RunAsync(
            ovs,
            $$"""
            $p plan --out /run/plan > /dev/null
            sed -i s/20s/30s/ /mnt/config.yaml
            $p apply /run/plan 2>&1; echo "apply $?"
            echo '{"schema":2,"host":"x","steps":[]}' > /run/other; $p apply /run/other 2>&1; echo "schema $?"
            echo '{"schema":1,"host":"x","steps":[]}' > /run/other; $p apply /run/other 2>&1; echo "host $?"
            head -c 100 /dev/urandom > /run/other; $p apply /run/other 2>&1; echo "noise $?"
            """);

        Assert.Contains("not in the plan that was saved: ", output, StringComparison.Ordinal);
        Assert.Contains("apply 4", output, StringComparison.Ordinal);
        Assert.Contains("schema 2", output, StringComparison.Ordinal);
        Assert.Contains("host 4", output, StringComparison.Ordinal);
        Assert.Contains("noise 2", output, StringComparison.Ordinal);
        Assert.DoesNotContain("tc-policy", await OtherConfigAsync(ovs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_the_question_the_lock_is_free_and_a_step_that_comes_in_is_shown_before_it_runs()
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(Suites.Trixie, Token);
        await ovs.VsctlAsync("set", "Open_vSwitch", ".", "other_config:max-idle=20000");
        using var changed = CancellationTokenSource.CreateLinkedTokenSource(Token);
        string marker = Path.Combine(ovs.RunDirectory, "asked");
        var change = Task.Run(
            async () =>
            {
                while (!File.Exists(marker))
                {
                    await Task.Delay(50, changed.Token);
                }

                await ovs.VsctlAsync("set", "Open_vSwitch", ".", "other_config:max-idle=10000");
            },
            Token);

        string output = await RunAsync(
            ovs,
            $$"""
            between='flock -n /run/ovs-offload/lock true 2> /dev/null || [ ! -e /run/ovs-offload/lock ] && echo free >&2
                touch {{marker}}; sleep 1'
            on_terminal "$p apply" y n 2>&1; echo "apply $?"
            """);
        await changed.CancelAsync();
        await change;

        Assert.Equal(2, output.Split("free\n").Length - 1);
        Assert.Contains("Run this step?", output, StringComparison.Ordinal);
        Assert.Contains("The plan has changed since it was shown:", output, StringComparison.Ordinal);
        Assert.Contains("Run these 2 steps?", output, StringComparison.Ordinal);
        Assert.Contains("Cancelled; nothing was changed.", output, StringComparison.Ordinal);
        Assert.Contains("max-idle=\"10000\"", await OtherConfigAsync(ovs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task apply_json_on_a_terminal_asks_nothing()
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(Suites.Trixie, Token);

        string output = await RunAsync(ovs, "between=:; on_terminal \"$p apply --json\" y 2>&1; echo \"apply $?\"");

        Assert.DoesNotContain("Run these", output, StringComparison.Ordinal);
        Assert.Contains("apply 2", output, StringComparison.Ordinal);
        Assert.DoesNotContain("max-idle", await OtherConfigAsync(ovs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SIGTERM_at_the_question_cancels()
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(Suites.Trixie, Token);

        string output = await RunAsync(
            ovs,
            """
            printf 'echo $$ > /run/pid; exec %s apply\n' "$p" > /run/apply
            (sleep 3; kill -TERM $(cat /run/pid); sleep 2; [ -e /proc/$(cat /run/pid) ] && echo still there) &
            sleep 6 | script -qec "sh /run/apply" /dev/null | tr -d '\r'
            wait
            """);

        Assert.DoesNotContain("still there", output, StringComparison.Ordinal);
        Assert.Contains("Cancelled; nothing was changed.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("max-idle", await OtherConfigAsync(ovs), StringComparison.Ordinal);
    }

    private static async Task<string> OtherConfigAsync(RealOpenVSwitch ovs) =>
        (await ovs.VsctlAsync("get", "Open_vSwitch", ".", "other_config")).Trim();

    private static async Task<string> RunAsync(RealOpenVSwitch ovs, string script)
    {
        (int status, string output, string error) = await MountNamespace.RunAsync(
            MountNamespace.BringProgram, "env", $"OVS_RUNDIR={ovs.RunDirectory}", "bash", "-c",
            $"{Prepare}\n{script}");
        Assert.True(status == 0, error);
        return output + error;
    }
}
