using System.Globalization;
using System.Net;
using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>An SSH connection to this host.</summary>
/// <param name="Local">The host's end.</param>
/// <param name="Peer">The other end; the route to it is what must not be cut.</param>
/// <param name="Why">How it is known: <c>sshd (pid 812)</c>, <c>port 22</c>, <c>SSH_CONNECTION of pid 900</c>.</param>
internal sealed record SshConnection(IPEndPoint Local, IPEndPoint Peer, string Why);

/// <summary>
/// Finds the SSH connections by which this host is being worked on: established TCP connections that an SSH server of
/// root's holds (anybody can give a process that name) or that end at port 22, and what SSH_CONNECTION says in the
/// environment of this process and those above it. Stateless.
/// </summary>
internal sealed class SshConnections(HostPaths paths)
{
    private const int SshPort = 22;

    /// <summary>TCP_ESTABLISHED, include/net/tcp_states.h, as procfs prints it.</summary>
    private const string Established = "01";

    /// <summary>OpenSSH, OpenSSH 9.8 and later for the session's own process, Dropbear.</summary>
    private static readonly string[] Servers = ["sshd", "sshd-session", "dropbear"];

    /// <summary>Whether a process of this name is an SSH server.</summary>
    public static bool IsServer(string command) => Servers.Contains(command);

    /// <summary>Failed when a table cannot be read or a process may not be looked into: a way to the host might be
    /// missing.</summary>
    /// <param name="process">The process to begin at, usually the own one.</param>
    public Reading<IReadOnlyList<SshConnection>> Read(int process)
    {
        var processes = new OpenFiles(paths);
        OpenFilesResult open = processes.Find(
            target => target.StartsWith("socket:[", StringComparison.Ordinal));
        if (open.Incomplete is not null)
        {
            return Reading.Failed<IReadOnlyList<SshConnection>>(open.Incomplete);
        }
        var owners = new Dictionary<string, OpenFile>(StringComparer.Ordinal);
        foreach (IGrouping<int, OpenFile> server in open.Files.Where(file => IsServer(file.Command))
            .GroupBy(file => file.Pid).Where(server => processes.MayBeRoots(server.Key)))
        {
            foreach (OpenFile file in server)
            {
                owners.TryAdd(file.Target, file);
            }
        }
        return Table("net/tcp", owners).Then(four =>
            // Without IPv6 there is no such table.
            (Table("net/tcp6", owners) is { IsAbsent: false } table ? table : Reading.Known<List<SshConnection>>([]))
            .Then(six =>
                FromEnvironment(process).Map<IReadOnlyList<SshConnection>>(environment =>
                    [.. four.Concat(six).Concat(environment).DistinctBy(connection => connection.Peer)])));
    }

    /// <summary>Rows are <c>sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode ..</c>; see
    /// Documentation/networking/proc_net_tcp.rst.</summary>
    private Reading<List<SshConnection>> Table(string name, Dictionary<string, OpenFile> owners)
    {
        string path = Path.Combine(paths.Proc, name);
        // A busy host has many connections, of 150 bytes each.
        return paths.Files.Text(path, 64 << 20).Then(text =>
        {
            var found = new List<SshConnection>();
            foreach (string? line in text.Split('\n').Skip(1))
            {
                string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length < 10 || !TryEndPoint(fields[1], out IPEndPoint? local)
                    || !TryEndPoint(fields[2], out IPEndPoint? peer))
                {
                    return Reading.Failed<List<SshConnection>>($"{path}: '{line.Trim()}' is not a connection");
                }
                OpenFile? owner = owners.GetValueOrDefault($"socket:[{fields[9]}]");
                if (fields[3] == Established && (owner is not null || local.Port == SshPort))
                {
                    found.Add(new SshConnection(
                        local, peer, owner is null ? $"port {SshPort}" : $"{owner.Command} (pid {owner.Pid})"));
                }
            }
            return Reading.Known(found);
        });
    }

    /// <summary>sudo clears the environment, and the shell above it still has it.</summary>
    private Reading<List<SshConnection>> FromEnvironment(int process)
    {
        var found = new List<SshConnection>();
        for (int pid = process; pid > 1;)
        {
            string directory = Path.Combine(paths.Proc, pid.ToString(CultureInfo.InvariantCulture));
            Reading<string> environment = paths.Files.LooseText(Path.Combine(directory, "environ"), 4 << 20);
            if (environment.IsFailed)
            {
                return Reading.Failed<List<SshConnection>>(environment.Why);
            }
            const string Name = "SSH_CONNECTION=";
            string? variable = environment.ValueOr("").Split('\0').FirstOrDefault(
                variable => variable.StartsWith(Name, StringComparison.Ordinal));
            // Peer's address and port, own address and port.
            if (variable?[Name.Length..].Split(' ') is [var peer, var peerPort, var local, var localPort]
                && TryEndPoint(peer, peerPort, out IPEndPoint? peerEnd)
                    && TryEndPoint(local, localPort, out IPEndPoint? localEnd))
            {
                found.Add(new SshConnection(localEnd, peerEnd, $"SSH_CONNECTION of pid {pid}"));
            }
            Reading<int> parent = ParentOf(Path.Combine(directory, "stat"));
            if (parent.IsFailed)
            {
                return Reading.Failed<List<SshConnection>>(parent.Why);
            }
            pid = parent.ValueOr(0);
        }
        return Reading.Known(found);
    }

    /// <summary>The fourth field of <c>stat</c>; the second is a name in parentheses that may hold anything. Absent
    /// when the process has ended.</summary>
    private Reading<int> ParentOf(string statFile) => paths.Files.LooseText(statFile).Then(stat =>
    {
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1
            && int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int parent)
            ? Reading.Known(parent)
            : Reading.Failed<int>($"{statFile}: '{stat}' names no parent");
    });

    private static bool TryEndPoint(string address, string port, out IPEndPoint endPoint)
    {
        endPoint = new IPEndPoint(IPAddress.None, 0);
        if (!IPAddress.TryParse(address, out IPAddress? parsed)
            || !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number))
        {
            return false;
        }
        endPoint = new IPEndPoint(parsed, number);
        return true;
    }

    /// <summary><c>0100007F:0016</c>: the address in 32-bit words, each with the bytes in the order of this
    /// machine.</summary>
    private static bool TryEndPoint(string text, out IPEndPoint endPoint)
    {
        endPoint = new IPEndPoint(IPAddress.None, 0);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon is not (8 or 32)
            || !ushort.TryParse(
                text.AsSpan(colon + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort port))
        {
            return false;
        }
        var bytes = new List<byte>();
        for (int start = 0; start < colon; start += 8)
        {
            if (!uint.TryParse(
                text.AsSpan(start, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint word))
            {
                return false;
            }
            bytes.AddRange(BitConverter.GetBytes(word));
        }
        var address = new IPAddress([.. bytes]);
        endPoint = new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);
        return true;
    }
}
