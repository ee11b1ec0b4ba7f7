namespace OvsOffload.OpenVSwitch;

internal sealed partial class OpenVSwitchWriter
{
    public const string MarkKey = "ovs-offload";
    public const string MarkValue = "managed";
}
