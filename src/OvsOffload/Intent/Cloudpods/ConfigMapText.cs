using System.Text;
using OvsOffload.Intent.Configuration;
using OvsOffload.Os;
using YamlDotNet.RepresentationModel;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>A ConfigMap as <c>kubectl get configmap default-host -o yaml</c> prints it: the file is its key
/// <c>config</c>.</summary>
internal static class ConfigMapText
{
    /// <summary>The name of the ConfigMap, of its namespace, and of the key that holds the file.</summary>
    public const string Name = "default-host", Namespace = "onecloud", Key = "config";

    /// <summary>The file inside; null where the text is no ConfigMap.</summary>
    /// <exception cref="ConfigurationException">It is a ConfigMap without that key.</exception>
    public static byte[]? Inner(string file, byte[] content)
    {
        YamlMappingNode? root;
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(Encoding.UTF8.GetString(content)));
            root = stream.Documents.Count == 1 ? stream.Documents[0].RootNode as YamlMappingNode : null;
        }
        catch (Exception failure) when (BrokenYaml.Caused(failure))
        {
            // Not even YAML: the reader of host.conf says what is wrong with it.
            return null;
        }

        if (root is null || Child(root, "kind") is not YamlScalarNode { Value: "ConfigMap" })
        {
            return null;
        }

        return Child(root, "data") is YamlMappingNode data && Child(data, Key) is YamlScalarNode { Value: { } text }
            ? Encoding.UTF8.GetBytes(text)
            : throw new ConfigurationException(
            [
                new ConfigurationError(
                    SourcePosition.WholeFile(file), $"a ConfigMap without data.{Key}; use the ConfigMap {Name}"),
            ]);
    }

    private static YamlNode? Child(YamlMappingNode node, string key) =>
        node.Children.FirstOrDefault(child => child.Key is YamlScalarNode { Value: { } name } && name == key).Value;
}
