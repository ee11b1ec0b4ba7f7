using OvsOffload.Intent.Configuration;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>The files of a host agent, and which of them wins.</summary>
/// <param name="Host">host.conf; null where the install has none.</param>
/// <param name="Common">
/// common.conf, in Kubernetes the key <c>config</c> of the ConfigMap <c>default-host</c> in the namespace
/// <c>onecloud</c>; null where it is not there or was not given.
/// </param>
/// <param name="Local">host_local.conf; null where there is none.</param>
internal sealed record HostConfFiles(HostConf? Host, HostConf? Common, HostConf? Local)
{
    /// <summary>
    /// The options of Cloudpods' <c>SHostBaseOptions</c> that are read here: where there is a common.conf, its value,
    /// or else the default, replaces that of host.conf.
    /// </summary>
    private static readonly string[] Base = [DisableSecurityGroup];

    /// <summary>The option that switches security groups off.</summary>
    public const string DisableSecurityGroup = "disable_security_group";

    /// <summary>What is in force of an option: its value and where it stands; null where no file sets it.</summary>
    public HostConfValue? this[string option] =>
        Local?[option]
        ?? (Common is not null && Base.Contains(option) ? Common[option] : Host?[option]);

    /// <summary>An option that is true or false; null where no file sets it.</summary>
    public bool? Flag(string option) => this[option]?.Flag;

    /// <summary>The items of a list; a bare value is a list of one.</summary>
    public HostConfValue? List(string option) => this[option];

    /// <summary>All files that are there.</summary>
    public IEnumerable<HostConf> All =>
        new[] { Host, Common, Local }.OfType<HostConf>();

    /// <summary>
    /// Reads files by their names: one with <c>local</c> in it is host_local.conf, a ConfigMap or one with
    /// <c>common</c> is common.conf, any other host.conf.
    /// </summary>
    /// <exception cref="ConfigurationException">A file is wrong, or there are two of one kind.</exception>
    public static HostConfFiles Read(IReadOnlyList<(string Name, byte[] Content)> files)
    {
        var found = new HostConfFiles(null, null, null);
        foreach ((string name, byte[] content) in files)
        {
            byte[]? inner = ConfigMapText.Inner(name, content);
            HostConf conf = HostConfReader.Read(name, inner ?? content);
            string word = Path.GetFileName(name);
            bool local = inner is null && word.Contains("local", StringComparison.OrdinalIgnoreCase);
            bool common = inner is not null || word.Contains("common", StringComparison.OrdinalIgnoreCase);
            HostConf? same = local ? found.Local : common ? found.Common : found.Host;
            if (same is not null)
            {
                throw new ConfigurationException(
                [
                    new ConfigurationError(
                        SourcePosition.WholeFile(name),
                        $"{same.File} is also a {(local ? "host_local.conf" : common ? "common.conf" : "host.conf")}; "
                            + "give each of host.conf, common.conf (or the ConfigMap) and host_local.conf once"),
                ]);
            }

            found = local ? found with { Local = conf }
                : common ? found with { Common = conf }
                : found with { Host = conf };
        }

        return found;
    }
}
