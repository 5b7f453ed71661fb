using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Platform.Domain;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Upstreams;
using Platform.Storage.Memory;

namespace Platform.Grains.Tests.Cluster;

/// <summary>Everything around the grains: one store, one clock, the upstreams, the media. All silos of a cluster share it.</summary>
public sealed class World : IRouteTable, IIdSource, IRandomSource, IInputMedia, IResultMedia, IUpstreamLinks, IUpstreamAccounts
{
    /// <summary>The cheapest; can stop jobs and find them. The only one that serves 1080p.</summary>
    public const string Alpha = "alpha";

    /// <summary>The next; cannot stop jobs.</summary>
    public const string Beta = "beta";

    /// <summary>The dearest; can do all.</summary>
    public const string Gamma = "gamma";

    /// <summary>Cheaper than all, for tenants of the sandbox only; can neither stop nor find.</summary>
    public const string Blind = "blind";

    private readonly ConcurrentDictionary<string, TenantScript> _scripts = new(StringComparer.Ordinal);
    private long _ids;

    public World()
    {
        Upstreams =
        [
            new(this, Alpha, canCancel: true, canFind: true),
            new(this, Beta, canCancel: false, canFind: true),
            new(this, Gamma, canCancel: true, canFind: true),
            new(this, Blind, canCancel: false, canFind: false),
        ];
        Stores = new(this);
        Receivers = new(Time);
    }

    public static QueryOutcome Succeeded { get; } = new QueryOutcome.Succeeded(new("blob:out", 5m));

    public static QueryOutcome Running { get; } = new QueryOutcome.Running();

    public static UpstreamFault Fault { get; } = new("test", "It was told to.");

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public MemoryStore Memory { get; } = new();

    public ProbedStore Stores { get; }

    public FakeReceivers Receivers { get; }

    public ImmutableArray<FakeUpstream> Upstreams { get; }

    /// <summary>Accounts with a limit; those that are not here have none.</summary>
    public IReadOnlyList<UpstreamAccount> Accounts { get; set; } = [];

    public IReadOnlyList<Route> Routes { get; set; } = Usual;

    /// <summary>The routes of a test that says nothing of them.</summary>
    public static IReadOnlyList<Route> Usual { get; } =
    [
        RouteTo(Gamma, 0.09m, MotionControlModel.Quality720),
        RouteTo(Alpha, 0.05m, MotionControlModel.Quality720, MotionControlModel.Quality1080),
        RouteTo(Beta, 0.07m, MotionControlModel.Quality720),
        RouteTo(Blind, 0.01m, MotionControlModel.Quality720) with { IsSandbox = true },
    ];

    public static InputCopy GoodInput(MediaKind kind) => kind == MediaKind.Image
        ? new InputCopy.Copied(new(1000, "aa"), new() { Format = MediaFormat.Jpeg, Width = 1024, Height = 1024 })
        : GoodVideo(5m);

    public static InputCopy GoodVideo(decimal seconds) => new InputCopy.Copied(
        new(5000, "bb"), new() { Format = MediaFormat.Mp4, Width = 720, Height = 1280, DurationSeconds = seconds });

    public static ResultCopy GoodResult(decimal seconds) => new ResultCopy.Stored(
        new(9000, "cc"), new() { Format = MediaFormat.Mp4, Width = 720, Height = 1280, DurationSeconds = seconds });

    public TenantScript Script(string tenant) => _scripts.GetOrAdd(tenant, _ => new());

    public string Next(int length) => Interlocked.Increment(ref _ids).ToString("D10").PadLeft(length, '0')[^length..];

    public double NextDouble() => 0.5;

    Task<InputInspection> IInputMedia.InspectAsync(TenantId tenant, string url, long maxBytes, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("The API looks, the grains copy.");

    Task<InputCopy> IInputMedia.CopyAsync(TenantId tenant, string url, string targetKey, long maxBytes, CancellationToken cancellationToken) =>
        Script(tenant.Value).OnCopy(targetKey.EndsWith("image", StringComparison.Ordinal) ? MediaKind.Image : MediaKind.Video);

    string IUpstreamLinks.Input(TenantId tenant, TaskId task, CopiedInput input, DateTimeOffset expiresAt) =>
        $"https://platform.test/{tenant}/{task}/{input.Kind}?expires={expiresAt.ToUnixTimeSeconds()}";

    string IUpstreamLinks.Callback(CallbackAddress address) =>
        $"https://platform.test/callbacks/{address.Tenant}/{address.Task}/{address.AttemptId}";

    bool IUpstreamLinks.IsOurs(CallbackAddress address, string mac) => throw new InvalidOperationException("The API verifies, the grains make.");

    Task<ResultCopy> IResultMedia.StoreAsync(UpstreamOutput output, string targetKey, CancellationToken cancellationToken) =>
        Script(targetKey.Split('/')[1]).OnStore();

    /// <summary>What must hold after every test: the books are right, and nobody pays twice for one task.</summary>
    public async Task AssertSoundAsync()
    {
        foreach (var slot in await Memory.ListSlotsAsync(null, CancellationToken.None))
        {
            (await Memory.FindAsync(slot.Task.Tenant, slot.Task.Id, CancellationToken.None))!.OccupiedSlot.Should().Be(slot.Slot, "no slot leaks");
        }

        (await BooksAudit.RunAsync(Memory, 10, CancellationToken.None)).Findings.Should().BeEmpty();
        foreach (var upstream in Upstreams)
        {
            foreach (var sends in upstream.Requests.Where(r => !Script(r.Tenant).UpstreamsLie).GroupBy(r => r.Reference, StringComparer.Ordinal))
            {
                sends.Should().OnlyContain(s => !s.WasThere, "a request is not sent again where the first had arrived");
                sends.Select(s => s.Account).Distinct(StringComparer.Ordinal).Should().ContainSingle("a reference belongs to one account");
                var task = await Memory.FindAsync(new(sends.First().Tenant), new(sends.First().Task), CancellationToken.None);
                sends.Count().Should().BeLessThanOrEqualTo(task!.Attempts.Single(a => a.Id == sends.Key).Sends, "every send is recorded before it");
            }
        }

        Upstreams.SelectMany(u => u.Jobs).Where(j => !j.Free && !Script(j.Tenant).UpstreamsLie)
            .GroupBy(j => j.Task, StringComparer.Ordinal)
            .Should().OnlyContain(jobs => jobs.Count() == 1, "two upstreams never charge for one task by our doing");
    }

    private static Route RouteTo(string kind, decimal cost, params string[] qualities) => new()
    {
        Id = "route-" + kind,
        Model = MotionControlModel.Id,
        Upstream = kind,
        Account = "acc-" + kind,
        CostPerSecondUsd = qualities.ToImmutableSortedDictionary(q => q, _ => cost, StringComparer.Ordinal),
    };
}
