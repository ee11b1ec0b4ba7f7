using System.Collections.Immutable;
using OvsOffload.Bundles;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;

namespace OvsOffload.Tests.Cli;

/// <summary>
/// The rule of what may be called well: while something that a host or its configuration needs could not be read, no
/// output says that all is well and none exits with 0. Held on every healthy host, for every reading that there is.
/// </summary>
public sealed class GreenTests
{
    /// <summary>Each host with its configuration; one of each kind only observed, too.</summary>
    public static TheoryData<string, bool> Hosts
    {
        get
        {
            var hosts = new TheoryData<string, bool>();
            foreach (string name in FixtureHosts.All.Keys)
            {
                hosts.Add(name, true);
                if (name is "ConnectX-6 Dx" or "I350")
                {
                    hosts.Add(name, false);
                }
            }

            return hosts;
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task On_a_healthy_host_where_all_was_read_every_output_is_green(string name, bool configured)
    {
        using var host = new FixtureHost(FixtureHosts.All[name]);
        Observation input = await ReadAsync(host, configured);

        Assert.Equal([], UnreadFacts.Of(input).Select(fact => $"{fact}"));
        Assert.All(
            [Told.ByVerify(input), Told.ByStatus(input), Told.ByPlan(input)],
            told => Assert.True(told is { IsGreen: true, Status: 0 }, told.Words));
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task With_any_one_reading_failed_no_output_is_green_but_where_nothing_needs_it(
        string name, bool configured)
    {
        using var host = new FixtureHost(FixtureHosts.All[name]);
        Observation input = await ReadAsync(host, configured);
        var wrong = new List<string>();
        foreach ((string place, Observation failed) in OneFailed(input))
        {
            bool unneeded = Excuses.Of(place, input) is not null;
            var verify = Told.ByVerify(failed);
            if (unneeded && !verify.IsGreen)
            {
                wrong.Add($"{place} is excused and needed: {verify}");
            }

            Judge(verify, unneeded);
            Judge(Told.ByStatus(failed), unneeded);
            Judge(Told.ByPage(failed), unneeded);
            Judge(Told.ByPlan(failed), unneeded || !configured || Excuses.IsOfChecks(place));

            void Judge(Told told, bool excused)
            {
                if (told.IsGreen && !excused)
                {
                    wrong.Add($"{place}: {told}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task With_every_reading_failed_no_output_is_green(string name, bool configured)
    {
        using var host = new FixtureHost(FixtureHosts.All[name]);
        Observation input = await ReadAsync(host, configured);
        Observation failed = With(
            input, FailedReadings.All(input.State), Failed<DatapathFlows>(), Failed<ConntrackRules>(),
            Failed<JournalLine>());

        // Without a configuration there is nothing to plan.
        Told[] told = [Told.ByVerify(failed), Told.ByStatus(failed), Told.ByPage(failed), Told.ByPlan(failed)];
        Assert.All(told[..(configured ? 4 : 3)], one => Assert.False(one.IsGreen, $"{one}"));
    }

    /// <summary>Every place that is excused is one, so that the lists cannot grow stale.</summary>
    [Fact]
    public async Task What_is_excused_is_there()
    {
        var places = new HashSet<string>();
        foreach (HostDescription description in FixtureHosts.All.Values)
        {
            using var host = new FixtureHost(description);
            places.UnionWith(OneFailed(await ReadAsync(host, configured: true)).Select(copy => copy.Place));
        }

        Assert.Empty(Excuses.Places.Except(places));
    }

    private static IEnumerable<(string Place, Observation Input)> OneFailed(Observation input)
    {
        foreach ((string place, HostState state) in FailedReadings.OneByOne(input.State))
        {
            yield return (place, With(input, state, input.Flows, input.OpenFlow, input.Journal));
        }

        yield return ("Flows", With(input, input.State, Failed<DatapathFlows>(), input.OpenFlow, input.Journal));
        yield return ("Flows[].Truncated", With(
            input, input.State,
            input.Flows.Map<ImmutableArray<DatapathFlows>>(
                all => [.. all.Select(one => one with { Truncated = true })]),
            input.OpenFlow, input.Journal));
        yield return ("OpenFlow", With(input, input.State, input.Flows, Failed<ConntrackRules>(), input.Journal));
        yield return ("Journal", With(input, input.State, input.Flows, input.OpenFlow, Failed<JournalLine>()));
    }

    private static Reading<ImmutableArray<T>> Failed<T>() => Reading.Failed<ImmutableArray<T>>(FailedReadings.Why);

    private static Observation With(
        Observation input, HostState state, Reading<ImmutableArray<DatapathFlows>> flows,
        Reading<ImmutableArray<ConntrackRules>> openFlow, Reading<ImmutableArray<JournalLine>> journal) =>
        new(input.Intent, state) { Flows = flows, OpenFlow = openFlow, Journal = journal };

    private static async Task<Observation> ReadAsync(FixtureHost host, bool configured)
    {
        HostIntent intent = configured
            ? RecordedHost.Read(host.Paths, host.Configuration, [])
            : HostIntent.Observe;
        HostState state = await host.Reader.ReadAsync(Token);
        var unixctl = new UnixctlClient(host.Daemon, TimeProvider.System);
        return new Observation(intent, state)
        {
            Flows = await DatapathFlowSource.ReadAsync(unixctl, state, intent, Token),
            OpenFlow = await OpenFlowSource.ReadAsync(unixctl, state, Token),
            Journal = JournalSource.Read(host.Paths),
        };
    }
}
