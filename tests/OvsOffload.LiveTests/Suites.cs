namespace OvsOffload.LiveTests;

/// <summary>The Debian suites whose Open vSwitch is tested against, and the versions these had when the tests were
/// written.</summary>
internal static class Suites
{
    /// <summary>3.1</summary>
    public const string Bookworm = "bookworm";

    /// <summary>3.5</summary>
    public const string Trixie = "trixie";

    /// <summary>4.0</summary>
    public const string Sid = "sid";
}
