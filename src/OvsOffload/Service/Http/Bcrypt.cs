using OvsOffload.Intent.Configuration;

namespace OvsOffload.Service;

/// <summary>Compares passwords with bcrypt hashes, by BCrypt.Net.</summary>
internal static class Bcrypt
{
    /// <summary>
    /// Whether a hash is that of a password. Takes as long for a wrong password as for the right one.
    /// </summary>
    /// <param name="password">The password; what is beyond 72 bytes of UTF-8 does not count.</param>
    /// <param name="hash">A hash that <see cref="BcryptHash.FindError"/> has nothing against.</param>
    /// <exception cref="ArgumentException">It is no hash.</exception>
    public static bool Matches(string password, string hash) =>
        BcryptHash.FindError(hash) is { } complaint
            ? throw new ArgumentException(complaint, nameof(hash))
            // BCrypt.Net compares letters, not bytes.
            : BCrypt.Net.BCrypt.Verify(password, BcryptHash.Canonical(hash));
}
