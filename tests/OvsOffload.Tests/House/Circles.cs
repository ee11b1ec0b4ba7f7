namespace OvsOffload.Tests.House;

/// <summary>
/// The circles of a graph: sets of nodes of which each can be reached from each other (Tarjan's algorithm).
/// </summary>
internal static class Circles
{
    /// <summary>All circles of two nodes and more, the largest first, the nodes of each in order.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(IEnumerable<Arrow> arrows)
    {
        ILookup<string, string> next = arrows.ToLookup(arrow => arrow.From, arrow => arrow.To);
        var index = new Dictionary<string, int>();
        var low = new Dictionary<string, int>();
        var path = new Stack<string>();
        var open = new HashSet<string>();
        var found = new List<IReadOnlyList<string>>();
        foreach (string node in next.Select(group => group.Key))
        {
            if (!index.ContainsKey(node))
            {
                Visit(node);
            }
        }

        return [.. found.OrderByDescending(circle => circle.Count).ThenBy(circle => circle[0], StringComparer.Ordinal)];

        void Visit(string node)
        {
            index[node] = low[node] = index.Count;
            path.Push(node);
            open.Add(node);
            foreach (string other in next[node])
            {
                if (!index.TryGetValue(other, out int seen))
                {
                    Visit(other);
                    low[node] = Math.Min(low[node], low[other]);
                }
                else if (open.Contains(other))
                {
                    low[node] = Math.Min(low[node], seen);
                }
            }

            if (low[node] != index[node])
            {
                return;
            }

            var circle = new List<string>();
            string last;
            do
            {
                last = path.Pop();
                open.Remove(last);
                circle.Add(last);
            }
            while (last != node);
            if (circle.Count > 1)
            {
                found.Add([.. circle.Order(StringComparer.Ordinal)]);
            }
        }
    }
}
