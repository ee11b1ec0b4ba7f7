using System.Diagnostics;
using OvsOffload.Os;

namespace OvsOffload.Tests.Os;

public class ProcessRunnerTests
{
    private readonly ProcessRunner _runner = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Arguments_reach_the_program_as_they_are()
    {
        ProcessResult result = await _runner.RunAsync(new(["/bin/echo", "$HOME", "a  b", "*", ""]), Cancellation);

        Assert.Equal("$HOME a  b * \n", result.Output);
        Assert.False(result.IsCut);
    }

    [Fact]
    public async Task A_program_gets_its_input_and_its_variables()
    {
        var request = new ProcessRequest(["/bin/sh", "-c", "cat; echo $WORD"])
        {
            Input = "line 1\nline 2\n",
            Environment = new Dictionary<string, string> { ["WORD"] = "x y" },
        };

        Assert.Equal("line 1\nline 2\nx y\n", (await _runner.RunAsync(request, Cancellation)).Output);
    }

    [Fact]
    public async Task A_program_that_does_not_read_its_input_is_waited_for_no_longer()
    {
        var request = new ProcessRequest(["/bin/echo", "done"]) { Input = new string('x', 1 << 20) };

        Assert.Equal("done\n", (await _runner.RunAsync(request, Cancellation)).Output);
    }

    [Fact]
    public async Task A_failure_names_the_command_the_exit_code_and_what_it_said()
    {
        var request = new ProcessRequest(["/bin/sh", "-c", "echo it broke >&2; exit 3"]);

        ProcessException exception = await Assert.ThrowsAsync<ProcessException>(
            () => _runner.RunAsync(request, Cancellation));

        Assert.Equal(3, exception.ExitCode);
        Assert.Equal("it broke", exception.ErrorTail);
        Assert.Equal("/bin/sh -c 'echo it broke >&2; exit 3': exit code 3: it broke", exception.Message);
    }

    [Fact]
    public async Task Of_a_long_complaint_the_end_is_kept()
    {
        var request = new ProcessRequest(["/bin/sh", "-c", "seq 1 5000 >&2; echo last >&2; exit 1"]);

        ProcessException exception = await Assert.ThrowsAsync<ProcessException>(
            () => _runner.RunAsync(request, Cancellation));

        Assert.StartsWith("... ", exception.ErrorTail);
        Assert.EndsWith("last", exception.ErrorTail);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        ProcessException exception = await Assert.ThrowsAsync<ProcessException>(
            () => _runner.RunAsync(new(["/no/such/program", "-x"]), Cancellation));

        Assert.Null(exception.ExitCode);
        Assert.Equal("/no/such/program -x: cannot be started: ENOENT (No such file or directory)", exception.Message);
    }

    [Fact]
    public async Task Output_beyond_the_bound_is_dropped_and_said()
    {
        ProcessResult result = await _runner.RunAsync(new(["seq", "1", "100000"]) { OutputBound = 10 }, Cancellation);

        Assert.Equal("1\n2\n3\n4\n5\n", result.Output);
        Assert.True(result.IsCut);
    }

    [Fact]
    public async Task A_program_at_its_limit_is_asked_to_end_first()
    {
        using var ready = new ReadyFile();
        var request = new ProcessRequest(
            ["/bin/sh", "-c", "trap 'echo asked >&2; exit' TERM; : > \"$0\"; while :; do sleep 0.01; done", ready.Path])
        {
            Limit = TimeSpan.FromMilliseconds(200),
        };
        var time = new FakeTime();

        Task<ProcessResult> run = new ProcessRunner(time).RunAsync(request, Cancellation);
        await ready.UntilThereAsync();
        time.Advance(request.Limit);
        ProcessException exception = await Assert.ThrowsAsync<ProcessException>(() => run);

        Assert.Contains("timed out after 0.2 s", exception.Message);
        Assert.Equal("asked", exception.ErrorTail);
    }

    [Fact]
    public async Task A_program_that_does_not_listen_is_killed()
    {
        using var ready = new ReadyFile();
        var request = new ProcessRequest(
            ["/bin/sh", "-c", "trap '' TERM; echo $$ >&2; : > \"$0\"; while :; do sleep 0.01; done", ready.Path])
        {
            Limit = TimeSpan.FromMilliseconds(200),
            Grace = TimeSpan.FromMilliseconds(50),
        };
        var time = new FakeTime();

        Task<ProcessResult> run = new ProcessRunner(time).RunAsync(request, Cancellation);
        await ready.UntilThereAsync();
        time.Advance(request.Limit);
        // In steps so small that what it printed is read long before the runner gives that up.
        await time.AdvanceUntilAsync(run, TimeSpan.FromMilliseconds(1));
        ProcessException exception = await Assert.ThrowsAsync<ProcessException>(() => run);

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(int.Parse(exception.ErrorTail)));
    }

    [Fact]
    public async Task A_cancelled_program_is_ended()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _runner.RunAsync(new(["sleep", "1000"]), cancel.Token));
    }

    [Fact]
    public async Task A_daemon_left_behind_does_not_keep_the_caller_waiting()
    {
        ProcessResult result = await _runner.RunAsync(new(["/bin/sh", "-c", "sleep 1000 & echo $!"]), Cancellation);

        Process.GetProcessById(int.Parse(result.Output)).Kill();
    }

    [Fact]
    public async Task The_program_reads_an_empty_input_in_the_C_locale()
    {
        ProcessResult result = await _runner.RunAsync(new(["/bin/sh", "-c", "cat; echo $LC_ALL"]), Cancellation);

        Assert.Equal("C\n", result.Output);
    }

    [Fact]
    public async Task A_killed_program_is_not_waited_for_when_its_daemon_lives_on()
    {
        using var ready = new ReadyFile();
        var request = new ProcessRequest(
            ["/bin/sh", "-c",
                "trap '' TERM; (setsid sleep 1000 & echo $! >&2); : > \"$0\"; while :; do sleep 0.01; done",
                ready.Path])
        {
            Limit = TimeSpan.FromMilliseconds(200),
            Grace = TimeSpan.FromMilliseconds(50),
        };
        var time = new FakeTime();

        Task<ProcessResult> run = new ProcessRunner(time).RunAsync(request, Cancellation);
        await ready.UntilThereAsync();
        time.Advance(request.Limit);
        await time.AdvanceUntilAsync(run, TimeSpan.FromMilliseconds(10));
        ProcessException exception = await Assert.ThrowsAsync<ProcessException>(() => run);

        Process.GetProcessById(int.Parse(exception.ErrorTail)).Kill();
    }

    [Fact]
    public async Task Input_and_output_are_utf8()
    {
        var request = new ProcessRequest(["cat"]) { Input = "Straße 東京" };

        Assert.Equal("Straße 東京", (await _runner.RunAsync(request, Cancellation)).Output);
    }

    [Fact]
    public async Task A_program_that_a_signal_ended_has_failed_with_its_number()
    {
        var request = new ProcessRequest(["/bin/sh", "-c", "kill -KILL $$"]);

        ProcessException exception = await Assert.ThrowsAsync<ProcessException>(
            () => _runner.RunAsync(request, Cancellation));

        Assert.Equal(128 + 9, exception.ExitCode);
    }

    [Fact]
    public async Task A_request_may_set_another_locale()
    {
        var request = new ProcessRequest(["/bin/sh", "-c", "echo $LC_ALL"])
        {
            Environment = new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8" },
        };

        Assert.Equal("C.UTF-8\n", (await _runner.RunAsync(request, Cancellation)).Output);
    }

    [Fact]
    public async Task A_program_runs_where_the_current_directory_was_deleted()
    {
        // A thread with a current directory of its own: the other tests keep theirs.
        Task<ProcessResult>? run = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Assert.Equal(0, Tmds.Linux.LibC.unshare(Tmds.Linux.LibC.CLONE_FS));
                DirectoryInfo folder = Directory.CreateTempSubdirectory();
                Directory.SetCurrentDirectory(folder.FullName);
                folder.Delete();
                run = _runner.RunAsync(new(["/bin/echo", "done"]), Cancellation);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();

        Assert.Null(failure);
        Assert.Equal("done\n", (await run!).Output);
    }

    /// <summary>A file that a program makes once it can be signalled.</summary>
    private sealed class ReadyFile : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ovs-offload-ready-");

        public string Path => global::System.IO.Path.Combine(_folder.FullName, "ready");

        public async Task UntilThereAsync()
        {
            while (!File.Exists(Path))
            {
                await Task.Delay(5, Cancellation);
            }
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
