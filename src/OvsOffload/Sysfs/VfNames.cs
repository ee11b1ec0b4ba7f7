namespace OvsOffload.Sysfs;

/// <summary>Several VFs of a PF in few words.</summary>
internal static class VfNames
{
    /// <summary>As ranges, in ascending order: <c>vf0-vf3, vf7</c>; empty for none.</summary>
    public static string Ranges(IEnumerable<int> vfs)
    {
        int[] indexes = [.. vfs.Distinct().Order()];
        var ranges = new List<string>();
        for (int i = 0; i < indexes.Length; i++)
        {
            int first = indexes[i];
            while (i + 1 < indexes.Length && indexes[i + 1] == indexes[i] + 1)
            {
                i++;
            }

            ranges.Add(indexes[i] > first ? $"vf{first}-vf{indexes[i]}" : $"vf{first}");
        }

        return string.Join(", ", ranges);
    }
}
