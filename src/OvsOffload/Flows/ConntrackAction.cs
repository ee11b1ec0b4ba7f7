namespace OvsOffload.Flows;

/// <summary>Finds the action <c>ct(..)</c> in the text of actions, of the datapath's flows or of OpenFlow
/// rules.</summary>
internal static class ConntrackAction
{
    /// <summary>Whether there is one, at any depth; <c>ct_clear</c> is another action, and sends nothing.</summary>
    public static bool IsIn(ReadOnlySpan<byte> actions)
    {
        for (int at; (at = actions.IndexOf("ct"u8)) >= 0; actions = actions[(at + 2)..])
        {
            bool begins = at == 0 || actions[at - 1] is (byte)',' or (byte)'(' or (byte)'=' or (byte)' ' or (byte)':';
            ReadOnlySpan<byte> behind = actions[(at + 2)..];

            // Open vSwitch writes a bare "ct" where it has no argument.
            if (begins && (behind.IsEmpty || behind[0] is (byte)'(' or (byte)',' or (byte)')'))
            {
                return true;
            }
        }

        return false;
    }
}
