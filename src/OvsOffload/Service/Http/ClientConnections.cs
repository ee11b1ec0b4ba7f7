using Microsoft.AspNetCore.Connections;

namespace OvsOffload.Service;

/// <summary>
/// Bounds connections without ever refusing one: when there are too many, the one that has made no progress for longest
/// is cut off. A client that sends its request at once is through before its turn comes, however many slow ones there
/// are. Safe for concurrent use. Dispose after the last connection.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class ClientConnections(TimeProvider time) : IDisposable
{
    /// <summary>More than any set of scrapers needs.</summary>
    public const int Most = 128;

    /// <summary>Answers that are made at the same time; each holds an exposition in memory.</summary>
    public const int MaxAnswers = 16;

    /// <summary>
    /// The least that an answer is given before it may be cut off for another. Above the collectors' limit.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>How often an answer that waits looks for one that is taken too slowly.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The longest that an answer waits for its turn: Prometheus itself gives up after 10 s by default.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();

    /// <summary>In the order of their last progress.</summary>
    private readonly LinkedList<ClientConnection> _all = new();

    private readonly SemaphoreSlim _answers = new(MaxAnswers, MaxAnswers);

    /// <summary>Takes a connection in as long as it lasts.</summary>
    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var connection = new ClientConnection(this, context);
        context.Features.Set(connection);
        Add(connection);
        try
        {
            await next(context);
        }
        finally
        {
            Remove(connection);
        }
    }

    /// <summary>
    /// Begins an answer, when it is its turn; answers that are taken too slowly make room. False when that took too
    /// long.
    /// </summary>
    public async Task<bool> BeginAsync(ClientConnection connection, CancellationToken cancellation)
    {
        long begun = time.GetTimestamp();
        while (!await _answers.WaitAsync(PollInterval, cancellation))
        {
            Slowest()?.Cut("the client reads too slowly");
            if (time.GetElapsedTime(begun) > LongestWait)
            {
                return false;
            }
        }

        lock (_lock)
        {
            connection.IsAnswering = true;
            Progress(connection);
        }

        return true;
    }

    /// <summary>The answer is sent, or was cut off.</summary>
    public void End(ClientConnection connection)
    {
        lock (_lock)
        {
            connection.IsAnswering = false;
            if (connection.Place.List is not null)
            {
                Progress(connection);
            }
        }

        _answers.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _answers.Dispose();

    private ClientConnection? Slowest()
    {
        lock (_lock)
        {
            return FindStale(answering: true);
        }
    }

    private void Add(ClientConnection connection)
    {
        ClientConnection? stale = null;
        lock (_lock)
        {
            Progress(connection);
            if (_all.Count > Most && (stale = FindStale(answering: false) ?? FindStale(answering: true)) is not null)
            {
                Drop(stale);
            }
        }

        stale?.Cut("too many connections; closing the most inactive one");
    }

    private void Remove(ClientConnection connection)
    {
        lock (_lock)
        {
            Drop(connection);
        }
    }

    private void Drop(ClientConnection connection)
    {
        if (connection.Place.List is not null)
        {
            _all.Remove(connection.Place);
        }
    }

    private void Progress(ClientConnection connection)
    {
        connection.Since = time.GetTimestamp();
        if (connection.Place.List is not null)
        {
            _all.Remove(connection.Place);
        }

        _all.AddLast(connection.Place);
    }

    /// <summary>
    /// The one without progress for longest: of those that are idle, or of answers beyond their time.
    /// </summary>
    private ClientConnection? FindStale(bool answering)
    {
        foreach (ClientConnection connection in _all)
        {
            if (connection.IsAnswering == answering && (!answering || time.GetElapsedTime(connection.Since) > Grace))
            {
                return connection;
            }
        }

        return null;
    }
}

/// <summary>One connection of a client.</summary>
internal sealed class ClientConnection
{
    private readonly ClientConnections _all;
    private readonly ConnectionContext _context;

    /// <summary>Of <see cref="ClientConnections"/> alone.</summary>
    public ClientConnection(ClientConnections all, ConnectionContext context)
    {
        (_all, _context) = (all, context);
        Place = new LinkedListNode<ClientConnection>(this);
    }

    /// <summary>Its place among all, whose lock guards it and what follows.</summary>
    public LinkedListNode<ClientConnection> Place { get; }

    /// <summary>When it last made progress.</summary>
    public long Since { get; set; }

    /// <summary>Whether an answer is being made or sent.</summary>
    public bool IsAnswering { get; set; }

    /// <summary>Begins an answer, see <see cref="ClientConnections.BeginAsync"/>.</summary>
    public Task<bool> BeginAsync(CancellationToken cancellation) => _all.BeginAsync(this, cancellation);

    /// <summary>Ends it.</summary>
    public void End() => _all.End(this);

    /// <summary>Cuts it off.</summary>
    public void Cut(string why) => _context.Abort(new ConnectionAbortedException(why));
}
