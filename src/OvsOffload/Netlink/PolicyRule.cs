using System.Globalization;

namespace OvsOffload.Netlink;

/// <summary>A rule that chooses the routing table (RTM_NEWRULE).</summary>
/// <param name="Priority">Its place: the lowest is asked first.</param>
/// <param name="Input">The name of the device that packets came by; null for any.</param>
/// <param name="Output">The name of the device that packets are bound to; null for any.</param>
/// <param name="Table">The table; 0 for a rule that names none.</param>
internal sealed record PolicyRule(uint Priority, string? Input, string? Output, uint Table)
{
    /// <summary>Whether it is for packets of this device alone.</summary>
    public bool Names(string device) => Input == device || Output == device;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Priority}:{(Input is null ? "" : $" iif {Input}")}{(Output is null ? "" : $" oif {Output}")}"
            + $"{(Table == 0 ? "" : $" lookup {Table}")}");

    /// <param name="payload">struct fib_rule_hdr, linux/fib_rules.h, which is laid out as struct rtmsg, and
    /// attributes.</param>
    public static PolicyRule Read(ReadOnlySpan<byte> payload)
    {
        var reader = new AttributeReader(payload, RouteHeader.Length, "rule");
        var rule = new PolicyRule(0, null, null, payload[4]);
        while (reader.Read())
        {
            rule = reader.Type switch
            {
                RuleAttribute.Priority => rule with { Priority = reader.UInt32() },
                RuleAttribute.InputLink => rule with { Input = reader.String() },
                RuleAttribute.OutputLink => rule with { Output = reader.String() },
                RuleAttribute.Table => rule with { Table = reader.UInt32() },
                _ => rule,
            };
        }

        return rule;
    }
}
