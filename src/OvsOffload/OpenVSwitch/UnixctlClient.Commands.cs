namespace OvsOffload.OpenVSwitch;

/// <content>The commands of ovs-vswitchd that this program uses, with typed answers.</content>
internal sealed partial class UnixctlClient
{
    /// <summary>The version of ovs-vswitchd, such as <c>3.5.0</c>.</summary>
    public async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        const string Before = "(Open vSwitch) ";
        string text = await CallAsync("version", [], cancellationToken);
        int at = text.IndexOf(Before, StringComparison.Ordinal);
        string version = at < 0 ? "" : text[(at + Before.Length)..].Split(['\n', ' '], 2)[0];
        return version.Length > 0
            ? version
            : throw Malformed("version", new FormatException($"'{text.Trim()}' names no version"));
    }

    /// <summary>The datapaths by name, such as <c>system@ovs-system</c>; none where no bridge exists yet.</summary>
    public async Task<IReadOnlyList<string>> DatapathsAsync(CancellationToken cancellationToken) =>
        (await CallAsync("dpctl/dump-dps", [], cancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>What the revalidators hold, for each datapath.</summary>
    public Task<IReadOnlyList<UpcallShow>> UpcallShowAsync(CancellationToken cancellationToken) =>
        ParseAsync("upcall/show", [], UpcallShow.Parse, cancellationToken);

    /// <summary>Lookups, flow count and ports of one datapath, named as <see cref="DatapathsAsync"/> does.</summary>
    public Task<DatapathShow> DatapathShowAsync(string datapath, CancellationToken cancellationToken) =>
        ParseAsync("dpctl/show", [datapath], DatapathShow.Parse, cancellationToken);

    /// <summary>Whether offload is on as the daemon sees it; null before Open vSwitch 3.7, which has no such
    /// command.</summary>
    public async Task<OffloadShow?> OffloadShowAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ParseAsync("dpif/offload/show", [], OffloadShow.Parse, cancellationToken);
        }
        catch (ErrorReplyException e) when (e.Words.Contains("is not a valid command", StringComparison.Ordinal))
        {
            return null;
        }
    }

    /// <summary>The names of the daemon's log modules, which differ by version.</summary>
    public Task<IReadOnlySet<string>> LogModulesAsync(CancellationToken cancellationToken) =>
        ParseAsync<IReadOnlySet<string>>("vlog/list", [], LogModules.Parse, cancellationToken);

    /// <summary>Deletes every flow of the datapaths, so that each is made anew by its next packet.</summary>
    public Task RevalidatorPurgeAsync(CancellationToken cancellationToken) =>
        CallAsync("revalidator/purge", [], cancellationToken);

    private async Task<T> ParseAsync<T>(
        string method, IReadOnlyList<string> arguments, Func<string, T> parse, CancellationToken cancellationToken)
    {
        string text = await CallAsync(method, arguments, cancellationToken);
        try
        {
            return parse(text);
        }
        catch (FormatException e)
        {
            throw Malformed(method, e);
        }
    }

    private MalformedReplyException Malformed(string method, FormatException e) =>
        new(method, options.SocketPath ?? options.RunDirectory ?? RunDirectories[0], e.Message, e);
}
