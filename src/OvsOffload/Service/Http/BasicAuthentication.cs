using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using OvsOffload.Intent.Configuration;

namespace OvsOffload.Service;

/// <summary>What came of a password.</summary>
internal enum Credentials
{
    /// <summary>User and password are right.</summary>
    Good,

    /// <summary>There are none, or they are wrong.</summary>
    Bad,

    /// <summary>Too many others are being compared.</summary>
    Busy,
}

/// <summary>
/// Basic authentication (RFC 7617). bcrypt is slow by design, so what was found out is remembered, one password is
/// compared at a time, and few of one address may wait: a flood of wrong passwords takes one core at most, and keeps
/// out nobody whose right password was seen before, or who comes from elsewhere. Safe for concurrent use.
/// </summary>
internal sealed class BasicAuthentication : IDisposable
{
    private const string Scheme = "Basic ";

    /// <summary>Passwords that wait to be compared: with hashes of the usual cost a scraper, which gives up after 10 s,
    /// has its turn.</summary>
    private const int MaxWaiting = 64;

    /// <summary>Of them from one address.</summary>
    private const int MaxWaitingOfOne = 2;

    /// <summary>Right passwords that are remembered, and wrong ones.</summary>
    private const int MaxCached = 128;

    /// <summary>What follows the cost in the hash that is compared with for a user that there is not. Of no
    /// password.</summary>
    private const string DummyRest = "$abcdefghijklmnopqrstuuJ0SZ0VPxKDxJ2qrBuAv2WW8T7C0uX2u";

    /// <summary>Made when the first password comes: with it come 6 MB of OpenSSL.</summary>
    private readonly Lazy<byte[]> _secret = new(() => RandomNumberGenerator.GetBytes(32));

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Lock _lock = new();
    private readonly Queue<string> _right = new();
    private readonly Queue<string> _wrong = new();
    private readonly Dictionary<IPAddress, int> _waitingOf = [];
    private int _waiting;

    /// <summary>Whether a request may pass.</summary>
    /// <param name="users">bcrypt hashes by user.</param>
    /// <param name="header">The header <c>Authorization</c>; null when there is none.</param>
    /// <param name="client">Who asks; null where it is not known.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Credentials> CheckAsync(
        ImmutableDictionary<string, string> users, string? header, IPAddress? client,
        CancellationToken cancellation)
    {
        if (Parse(header) is not var (user, password))
        {
            return Credentials.Bad;
        }

        bool known = users.TryGetValue(user, out string? hash);
        hash ??= DummyFor(users, user);
        string key = KeyOf(hash, password);
        if (FindCached(key) is { } result)
        {
            return result && known ? Credentials.Good : Credentials.Bad;
        }

        IPAddress network = NetworkOf(client ?? IPAddress.None);
        if (!TryQueue(network))
        {
            return Credentials.Busy;
        }

        try
        {
            await _one.WaitAsync(cancellation);
            try
            {
                bool right = FindCached(key)
                    ?? await Task.Run(() => Bcrypt.Matches(password, hash), CancellationToken.None);
                Cache(key, right);
                return right && known ? Credentials.Good : Credentials.Bad;
            }
            finally
            {
                _one.Release();
            }
        }
        finally
        {
            Leave(network);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    /// <summary>
    /// A hash that costs what one of the users' costs, so that the time does not tell whether there is a user: always
    /// the same one's for a name, and which one nobody can foresee.
    /// </summary>
    private string DummyFor(ImmutableDictionary<string, string> users, string user)
    {
        int[] costs = [.. users.Values.Select(BcryptHash.CostOf).Order()];
        uint drawn = BitConverter.ToUInt32(HMACSHA256.HashData(_secret.Value, Encoding.UTF8.GetBytes(user)));
        return $"$2b${costs[drawn % costs.Length]:00}{DummyRest}";
    }

    /// <summary>Who has one address of IPv6 has at least all of its /64 (RFC 6177).</summary>
    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private bool TryQueue(IPAddress network)
    {
        lock (_lock)
        {
            int own = _waitingOf.GetValueOrDefault(network);
            if (_waiting == MaxWaiting || own == MaxWaitingOfOne)
            {
                return false;
            }

            (_waiting, _waitingOf[network]) = (_waiting + 1, own + 1);
            return true;
        }
    }

    private void Leave(IPAddress network)
    {
        lock (_lock)
        {
            _waiting--;
            if (--_waitingOf[network] == 0)
            {
                _waitingOf.Remove(network);
            }
        }
    }

    private static (string User, string Password)? Parse(string? header)
    {
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        byte[] bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out int length))
        {
            return null;
        }

        string both = Encoding.UTF8.GetString(bytes.AsSpan(0, length));
        int colon = both.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (both[..colon], both[(colon + 1)..]);
    }

    /// <summary>No password is kept: only what a secret of this process makes of it.</summary>
    private string KeyOf(string hash, string password) =>
        Convert.ToBase64String(HMACSHA256.HashData(_secret.Value, Encoding.UTF8.GetBytes($"{hash}\0{password}")));

    private bool? FindCached(string key)
    {
        lock (_lock)
        {
            return _right.Contains(key) ? true : _wrong.Contains(key) ? false : null;
        }
    }

    /// <summary>A flood of wrong passwords pushes out none of the right ones, of which each hash has one.</summary>
    private void Cache(string key, bool right)
    {
        lock (_lock)
        {
            Queue<string> passwords = right ? _right : _wrong;
            if (!passwords.Contains(key))
            {
                passwords.Enqueue(key);
            }

            if (passwords.Count > MaxCached)
            {
                passwords.Dequeue();
            }
        }
    }
}
