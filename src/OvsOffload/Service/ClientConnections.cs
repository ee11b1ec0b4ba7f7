using Microsoft.AspNetCore.Connections;

namespace OvsOffload.Service;

/// <summary>
/// Bounds connections without ever refusing one: when there are too many, the one that has made no progress for longest is
/// cut off. A client that sends its request at once is through before its turn comes, however many slow ones there are.
/// Safe for concurrent use.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class ClientConnections(TimeProvider time)
{
    /// <summary>More than any set of scrapers needs.</summary>
    public const int Most = 128;

    /// <summary>Answers that are made at the same time; each holds an exposition in memory.</summary>
    public const int MostAnswers = 16;

    /// <summary>The least that an answer is given before it may be cut off for another. Above the collectors' limit.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();

    /// <summary>In the order of their last progress.</summary>
    private readonly LinkedList<ClientConnection> _all = new();

    private int _answers;

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

    /// <summary>Begins an answer; false when too many are under way and none of them takes too long.</summary>
    public bool TryBegin(ClientConnection connection)
    {
        ClientConnection? slow = null;
        lock (_lock)
        {
            if (_answers >= MostAnswers && (slow = Stale(answering: true)) is null)
            {
                return false;
            }

            _answers++;
            connection.IsAnswering = true;
            Progress(connection);
            if (slow is not null)
            {
                Drop(slow);
            }
        }

        slow?.Cut("its answer was taken too slowly");
        return true;
    }

    /// <summary>The answer is sent.</summary>
    public void End(ClientConnection connection)
    {
        lock (_lock)
        {
            if (connection.IsAnswering)
            {
                connection.IsAnswering = false;
                _answers--;
                Progress(connection);
            }
        }
    }

    private void Add(ClientConnection connection)
    {
        ClientConnection? stale = null;
        lock (_lock)
        {
            Progress(connection);
            if (_all.Count > Most && (stale = Stale(answering: false) ?? Stale(answering: true)) is not null)
            {
                Drop(stale);
            }
        }

        stale?.Cut("there are too many connections, and it is the one without progress for longest");
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

        if (connection.IsAnswering)
        {
            connection.IsAnswering = false;
            _answers--;
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

    /// <summary>The one without progress for longest: of those that are idle, or of answers beyond their time.</summary>
    private ClientConnection? Stale(bool answering)
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

    /// <summary>Begins an answer, see <see cref="ClientConnections.TryBegin"/>.</summary>
    public bool TryBegin() => _all.TryBegin(this);

    /// <summary>Ends it.</summary>
    public void End() => _all.End(this);

    /// <summary>Cuts it off.</summary>
    public void Cut(string why) => _context.Abort(new ConnectionAbortedException(why));
}
