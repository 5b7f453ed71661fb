using Platform.Domain.Credits;
using Platform.Domain.Secrets;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;

namespace Platform.Conformance.Store;

/// <summary>The ports of webhooks of one open store, and what makes tasks end.</summary>
public sealed record WebhookPorts(
    IAccountStore Accounts, IWebhookDeliveries Deliveries, IWebhookEndpointStore Endpoints, IWebhookLog Log, IKeyRingStore Keys);

/// <summary>What every store must do for webhooks.</summary>
public abstract class WebhookStoreConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TenantId Ann = new("ten_ann");
    private static readonly TenantId Bob = new("ten_bob");

    private WebhookPorts _ports = null!;
    private Account _account = Account.Open(Ann);
    private int _tasks;

    private IWebhookDeliveries Deliveries => _ports.Deliveries;

    private IWebhookEndpointStore Endpoints => _ports.Endpoints;

    private IWebhookLog Log => _ports.Log;

    /// <summary>Opens an empty store; called once for each test.</summary>
    protected abstract ValueTask<WebhookPorts> OpenAsync();

    /// <summary>Closes the store and opens it again with what it kept. A store that keeps nothing returns null.</summary>
    protected abstract ValueTask<WebhookPorts?> ReopenAsync();

    /// <summary>Closes the store and forgets what it kept.</summary>
    protected abstract ValueTask CloseAsync();

    async Task IAsyncLifetime.InitializeAsync()
    {
        _ports = await OpenAsync();
        await CommitAsync(Units.Grant(_account, "grant", 1000m, Noon));
    }

    async Task IAsyncLifetime.DisposeAsync() => await CloseAsync();

    [Fact]
    public async Task ClaimOutboxAsync_EndedTask_IsTakenOnceAndComesBackAfterTheLease()
    {
        var ended = await EndTaskAsync();

        var first = await ClaimAsync(Noon);
        var second = await ClaimAsync(Noon.AddSeconds(29));
        await RestartAsync();
        var third = await ClaimAsync(Noon.AddSeconds(30));

        first.Should().ContainSingle();
        first[0].Message.Should().Be(ended);
        first[0].Task.Id.Should().Be(ended.TaskId);
        first[0].Task.IsTerminal.Should().BeTrue();
        first[0].Task.Tenant.Should().Be(Ann);
        second.Should().BeEmpty("it is held");
        third.Should().ContainSingle("whoever held it is dead");
    }

    [Fact]
    public async Task ClaimOutboxAsync_ManyAtOnce_EachMessageIsTakenByOne()
    {
        for (var i = 0; i < 20; i++)
        {
            await EndTaskAsync();
        }

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Deliveries.ClaimOutboxAsync(Noon, Noon + Lease, 5, default))));

        var taken = claims.SelectMany(c => c).Select(i => i.Message.Id).ToList();
        taken.Should().OnlyHaveUniqueItems();
        (await ClaimAsync(Noon)).Select(i => i.Message.Id).Concat(taken).Should().OnlyHaveUniqueItems().And.HaveCount(20);
    }

    [Fact]
    public async Task FanOutAsync_Twice_WritesOnce()
    {
        var ended = await EndTaskAsync();
        var message = Message(ended.Id);
        var first = new FannedOut(ended.Id, message, FanOut.Plan(message, "https://a.example/x", [], Noon));
        var second = new FannedOut(ended.Id, message, FanOut.Plan(message, "https://a.example/x", [Endpoint("we_late")], Noon));

        (await Deliveries.FanOutAsync([first], default)).Should().Be(1);
        (await Deliveries.FanOutAsync([second, first], default)).Should().Be(0);

        await RestartAsync();
        (await ListAsync()).Should().ContainSingle().Which.Delivery.Should().Be(first.Deliveries[0]);
        (await ClaimAsync(Noon.AddDays(1))).Should().BeEmpty();
    }

    [Fact]
    public async Task FanOutAsync_NobodyToTell_IsDone()
    {
        var ended = await EndTaskAsync();

        (await Deliveries.FanOutAsync([new(ended.Id, null, [])], default)).Should().Be(1);

        (await ClaimAsync(Noon.AddDays(1))).Should().BeEmpty();
        (await ListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task ClaimLaneAsync_DueDeliveries_GivesThemWithBodyAddressAndSecretsAndHoldsThem()
    {
        var endpoint = await AddEndpointAsync("we_a");
        await Endpoints.RotateSecretAsync(Secret("whs_2", "we_a", Noon.AddMinutes(1)), Noon.AddHours(1), default);
        await EnqueueAsync(endpoint, 3);
        await Endpoints.UpdateEndpointAsync(endpoint with { Url = "https://moved.example/", Version = 2 }, default);
        var now = Noon.AddMinutes(2);

        var two = await Deliveries.ClaimLaneAsync(Lane("we_a"), now, now + Lease, 2, default);
        var rest = await Deliveries.ClaimLaneAsync(Lane("we_a"), now, now + Lease, 2, default);
        var none = await Deliveries.ClaimLaneAsync(Lane("we_a"), now, now + Lease, 2, default);
        await RestartAsync();
        var again = await Deliveries.ClaimLaneAsync(Lane("we_a"), now + Lease, now + Lease + Lease, 10, default);

        two.Deliveries.Select(d => d.Delivery.MessageId).Should().Equal("msg_0", "msg_1");
        two.Deliveries[0].Body.Should().Be("{\"n\":\"msg_0 – é💃\"}");
        two.Deliveries[0].Delivery.Url.Should().Be("https://moved.example/");
        two.Endpoint!.Id.Should().Be("we_a");
        two.SealedSecrets.Should().Equal("sealed whs_2", "sealed whs_we_a");
        rest.Deliveries.Should().ContainSingle();
        none.Deliveries.Should().BeEmpty();
        again.Deliveries.Should().HaveCount(3);
        (await Deliveries.ClaimLaneAsync(Lane("we_a"), Noon.AddHours(2), Noon.AddHours(3), 1, default)).SealedSecrets
            .Should().Equal(["sealed whs_2"], "the old one has ended");
    }

    [Fact]
    public async Task ClaimLaneAsync_ManyAtOnce_EachDeliveryIsTakenByOne()
    {
        await EnqueueAsync(await AddEndpointAsync("we_a"), 20);

        var claims = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => Deliveries.ClaimLaneAsync(Lane("we_a"), Noon, Noon + Lease, 4, default))));
        var rest = await Deliveries.ClaimLaneAsync(Lane("we_a"), Noon, Noon + Lease, 20, default);

        claims.Append(rest).SelectMany(c => c.Deliveries).Select(d => d.Delivery.Id).Should().OnlyHaveUniqueItems().And.HaveCount(20);
    }

    [Fact]
    public async Task ClaimLaneAsync_EndpointThatIsGone_DiscardsWhatWaitsForIt()
    {
        var message = Message("msg_0");
        await Deliveries.EnqueueAsync(message, FanOut.Plan(message, null, [Endpoint("we_gone")], Noon), default);

        (await Deliveries.ClaimLaneAsync(Lane("we_gone"), Noon, Noon + Lease, 1, default)).Deliveries.Should().BeEmpty();

        (await ListAsync()).Should().ContainSingle().Which.Delivery.Status.Should().Be(DeliveryStatus.Discarded);
        (await Deliveries.FindDueLanesAsync(Noon, null, 10, default)).Should().BeEmpty();
    }

    [Fact]
    public async Task FindDueLanesAsync_Pages_NamesEachReceiverThatHasSomethingDueOnce()
    {
        foreach (var id in (string[])["we_a", "we_b", "we_c"])
        {
            await EnqueueAsync(await AddEndpointAsync(id), 2, prefix: id);
        }

        var later = Message("msg_later");
        await Deliveries.EnqueueAsync(later, FanOut.Plan(later, "https://later.example/", [], Noon.AddMinutes(1)), default);
        await Deliveries.ClaimLaneAsync(Lane("we_b"), Noon, Noon + Lease, 10, default);

        var first = await Deliveries.FindDueLanesAsync(Noon, null, 1, default);
        var next = await Deliveries.FindDueLanesAsync(Noon, first[0], 10, default);

        first.Should().Equal(Lane("we_a"));
        next.Should().Equal(Lane("we_c"));
        (await Deliveries.FindDueLanesAsync(Noon.AddMinutes(2), null, 10, default)).Should().HaveCount(4);
        (await Deliveries.FindDueLanesAsync(Noon.AddTicks(-1), null, 10, default)).Should().BeEmpty();
    }

    [Fact]
    public async Task RecordAsync_FailureThenSuccess_IsKeptWithItsTries()
    {
        await EnqueueAsync(await AddEndpointAsync("we_a"), 1);
        var failed = await TryAsync("we_a", Noon, Answer(503, "é💃") with { RetryAfter = TimeSpan.FromSeconds(7) });
        (await FindEndpointAsync("we_a")).FailingSince.Should().Be(Noon);

        var succeeded = await TryAsync("we_a", failed.DueAt!.Value, Answer(200, "ok"));
        await RestartAsync();

        var logged = (await ListAsync()).Should().ContainSingle().Subject;
        logged.Delivery.Status.Should().Be(DeliveryStatus.Succeeded);
        logged.Delivery.Attempts.Should().Be(2);
        logged.Delivery.DueAt.Should().BeNull();
        logged.Attempts.Should().BeEquivalentTo([failed.Attempt, succeeded.Attempt], o => o.WithStrictOrdering());
        (await FindEndpointAsync("we_a")).FailingSince.Should().BeNull();
        (await Log.FindDeliveryAsync(Ann, logged.Delivery.Id, default)).Should().BeEquivalentTo(logged);
        (await Log.FindDeliveryAsync(Bob, logged.Delivery.Id, default)).Should().BeNull();
    }

    [Fact]
    public async Task RecordAsync_TheSameTryTwice_CountsOnce()
    {
        await EnqueueAsync(await AddEndpointAsync("we_a"), 1);
        var failed = await TryAsync("we_a", Noon, Answer(500, ""));
        var late = failed with { DueAt = Noon.AddDays(9) };

        await Deliveries.RecordAsync([late], default);

        var logged = (await ListAsync()).Single();
        logged.Delivery.DueAt.Should().Be(failed.DueAt);
        logged.Attempts.Should().ContainSingle();
    }

    [Fact]
    public async Task RecordAsync_SuccessBesideAFailureOfTheSameNumber_IsNotForgotten()
    {
        await EnqueueAsync(await AddEndpointAsync("we_a"), 1);
        var claimed = await Deliveries.ClaimLaneAsync(Lane("we_a"), Noon, Noon + Lease, 1, default);
        var delivery = claimed.Deliveries[0].Delivery;

        await Deliveries.RecordAsync([Record(delivery, Noon, Answer(500, ""))], default);
        await Deliveries.RecordAsync([Record(delivery, Noon, Answer(204, ""))], default);

        (await ListAsync()).Single().Delivery.Status.Should().Be(DeliveryStatus.Succeeded);
    }

    [Fact]
    public async Task RecordAsync_ManyInOneGroup_AreAllKept()
    {
        await EnqueueAsync(await AddEndpointAsync("we_a"), 30);
        var claimed = await Deliveries.ClaimLaneAsync(Lane("we_a"), Noon, Noon + Lease, 30, default);

        await Deliveries.RecordAsync([.. claimed.Deliveries.Select(d => Record(d.Delivery, Noon, Answer(200, "")))], default);

        (await ListAsync()).Should().HaveCount(30).And.OnlyContain(d => d.Delivery.Status == DeliveryStatus.Succeeded && d.Attempts.Count == 1);
    }

    [Fact]
    public async Task DisableAsync_Enabled_DisablesDiscardsAndTellsOthersOnce()
    {
        await EnqueueAsync(await AddEndpointAsync("we_a"), 2);
        var other = await AddEndpointAsync("we_b");
        var told = Message("msg_told") with { EventType = WebhookEvents.EndpointDisabled, TaskId = null };
        var disabling = new EndpointDisabling("we_a", EndpointDisabledReason.Gone, Noon, told, FanOut.Plan(told, null, [other], Noon));

        (await Deliveries.DisableAsync(disabling, default)).Should().BeTrue();
        (await Deliveries.DisableAsync(disabling with { Reason = EndpointDisabledReason.Failing }, default)).Should().BeFalse();

        var disabled = await FindEndpointAsync("we_a");
        disabled.DisabledReason.Should().Be(EndpointDisabledReason.Gone);
        disabled.DisabledAt.Should().Be(Noon);
        (await ListAsync()).Where(d => d.Delivery.EndpointId == "we_a").Should().OnlyContain(d => d.Delivery.Status == DeliveryStatus.Discarded);
        (await Deliveries.FindDueLanesAsync(Noon, null, 10, default)).Should().Equal(Lane("we_b"));
    }

    [Fact]
    public async Task RecordAsync_FailureOfADiscardedDelivery_KeepsItDiscarded()
    {
        await EnqueueAsync(await AddEndpointAsync("we_a"), 1);
        var claimed = await Deliveries.ClaimLaneAsync(Lane("we_a"), Noon, Noon + Lease, 1, default);
        await Deliveries.DisableAsync(new("we_a", EndpointDisabledReason.Gone, Noon, null, []), default);

        await Deliveries.RecordAsync([Record(claimed.Deliveries[0].Delivery, Noon, Answer(500, ""))], default);

        var logged = (await ListAsync()).Single();
        logged.Delivery.Status.Should().Be(DeliveryStatus.Discarded);
        logged.Delivery.Attempts.Should().Be(1);
        (await FindEndpointAsync("we_a")).FailingSince.Should().BeNull("it is not called any more");
    }

    [Fact]
    public async Task AddEndpointAsync_UpToTheLimit_KeepsAllAndRefusesOneMore()
    {
        var endpoint = Endpoint("we_a") with
        {
            Events = [WebhookEvents.TaskFailed, WebhookEvents.EndpointDisabled],
            Description = "für „alle“ 💃",
        };
        (await Endpoints.AddEndpointAsync(endpoint, Secret("whs_a", "we_a", Noon), 2, default)).Should().BeTrue();
        (await Endpoints.AddEndpointAsync(Endpoint("we_b") with { CreatedAt = Noon.AddSeconds(1) }, Secret("whs_b", "we_b", Noon), 2, default)).Should().BeTrue();
        (await Endpoints.AddEndpointAsync(Endpoint("we_c"), Secret("whs_c", "we_c", Noon), 2, default)).Should().BeFalse();
        (await Endpoints.AddEndpointAsync(Endpoint("we_d") with { Tenant = Bob }, Secret("whs_d", "we_d", Noon) with { Tenant = Bob }, 2, default))
            .Should().BeTrue("it is another tenant's");

        await RestartAsync();

        (await FindEndpointAsync("we_a")).Should().BeEquivalentTo(endpoint);
        (await Endpoints.ListEndpointsAsync([Ann], default)).Select(e => e.Id).Should().Equal("we_a", "we_b");
        (await Endpoints.ListEndpointsAsync([Ann, Bob], default)).Should().HaveCount(3);
        (await Endpoints.ListSecretsAsync(Ann, "we_c", Noon, default)).Should().BeEmpty();
        (await Endpoints.FindEndpointAsync(Bob, "we_a", default)).Should().BeNull();
    }

    [Fact]
    public async Task AddEndpointAsync_ManyAtOnce_NeverOneTooMany()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(
            () => Endpoints.AddEndpointAsync(Endpoint($"we_{i}"), Secret($"whs_{i}", $"we_{i}", Noon), 5, default))));

        added.Count(a => a).Should().Be(5);
        (await Endpoints.ListEndpointsAsync([Ann], default)).Should().HaveCount(5);
    }

    [Fact]
    public async Task UpdateEndpointAsync_ByVersion_OneWinsAndEnablingCleansTheRecord()
    {
        var endpoint = await AddEndpointAsync("we_a");
        await EnqueueAsync(endpoint, 1);
        await TryAsync("we_a", Noon, Answer(500, ""));
        var off = endpoint with { Version = 2, DisabledReason = EndpointDisabledReason.ByTenant, DisabledAt = Noon, Events = [WebhookEvents.TaskFailed] };

        (await Endpoints.UpdateEndpointAsync(off, default)).Should().BeTrue();
        (await Endpoints.UpdateEndpointAsync(off with { Url = "https://lost.example/" }, default)).Should().BeFalse();
        (await Endpoints.UpdateEndpointAsync(off with { Tenant = Bob, Version = 3 }, default)).Should().BeFalse();

        var disabled = await FindEndpointAsync("we_a");
        disabled.Should().BeEquivalentTo(off with { FailingSince = Noon });
        (await ListAsync()).Single().Delivery.Status.Should().Be(DeliveryStatus.Discarded);
        (await Endpoints.UpdateEndpointAsync(disabled with { Version = 3, DisabledReason = null, DisabledAt = null }, default)).Should().BeTrue();
        (await FindEndpointAsync("we_a")).FailingSince.Should().BeNull();
    }

    [Fact]
    public async Task RemoveEndpointAsync_Own_ForgetsItAndItsSecretsAndKeepsTheLog()
    {
        await EnqueueAsync(await AddEndpointAsync("we_a"), 1);

        (await Endpoints.RemoveEndpointAsync(Bob, "we_a", default)).Should().BeFalse();
        (await Endpoints.RemoveEndpointAsync(Ann, "we_a", default)).Should().BeTrue();
        (await Endpoints.RemoveEndpointAsync(Ann, "we_a", default)).Should().BeFalse();

        (await Endpoints.ListSecretsAsync(Ann, "we_a", Noon, default)).Should().BeEmpty();
        var logged = (await ListAsync()).Single();
        logged.Delivery.Status.Should().Be(DeliveryStatus.Discarded);
        (await Log.RedeliverAsync(Ann, logged.Delivery.Id, Noon, default)).Should().BeFalse("there is nobody to deliver to");
    }

    [Fact]
    public async Task RotateSecretAsync_Often_KeepsTheNewestAndEndsTheOthersInTime()
    {
        await Endpoints.EnsureSecretAsync(Secret("whs_0", WebhookSecret.OfCallbacks, Noon), default);
        await Endpoints.EnsureSecretAsync(Secret("whs_x", WebhookSecret.OfCallbacks, Noon), default);
        for (var i = 1; i <= 5; i++)
        {
            await Endpoints.RotateSecretAsync(Secret($"whs_{i}", WebhookSecret.OfCallbacks, Noon.AddMinutes(i)), Noon.AddMinutes(i).AddHours(1), default);
        }

        await RestartAsync();
        var valid = await Endpoints.ListSecretsAsync(Ann, WebhookSecret.OfCallbacks, Noon.AddMinutes(5), default);

        valid.Select(s => s.Id).Should().Equal(["whs_5", "whs_4", "whs_3", "whs_2"], "more than that would be too many");
        valid.Select(s => s.ValidUntil).Should().Equal(null, Noon.AddMinutes(65), Noon.AddMinutes(64), Noon.AddMinutes(63));
        (await Endpoints.ListSecretsAsync(Bob, WebhookSecret.OfCallbacks, Noon, default)).Should().BeEmpty();
        (await Endpoints.ListSecretsAsync(Ann, WebhookSecret.OfCallbacks, Noon.AddMinutes(64), default)).Select(s => s.Id).Should().Equal("whs_5", "whs_4");

        await Endpoints.RotateSecretAsync(Secret("whs_now", WebhookSecret.OfCallbacks, Noon.AddMinutes(10)), Noon.AddMinutes(10), default);
        (await Endpoints.ListSecretsAsync(Ann, WebhookSecret.OfCallbacks, Noon.AddMinutes(10), default)).Select(s => s.Id).Should().Equal("whs_now");
    }

    [Fact]
    public async Task ListDeliveriesAsync_FiltersAndPages_NewestFirstAndOnlyOwn()
    {
        var endpoint = await AddEndpointAsync("we_a");
        for (var i = 0; i < 6; i++)
        {
            var message = Message($"msg_{i}") with
            {
                TaskId = Samples.TaskId(i / 2),
                EventType = i % 2 == 0 ? WebhookEvents.TaskCompleted : WebhookEvents.TaskFailed,
            };
            await Deliveries.EnqueueAsync(message, FanOut.Plan(message, i < 3 ? "https://a.example/x" : null, i < 3 ? [] : [endpoint], Noon.AddSeconds(i / 2)), default);
        }

        var foreign = Message("msg_bob") with { Tenant = Bob };
        await Deliveries.EnqueueAsync(foreign, FanOut.Plan(foreign, "https://a.example/x", [], Noon), default);
        var all = await ListAsync();

        all.Should().HaveCount(6);
        all.Select(d => (d.Delivery.CreatedAt, d.Delivery.Id)).Should().BeInDescendingOrder(
            Comparer<(DateTimeOffset At, string Id)>.Create((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : string.CompareOrdinal(a.Id, b.Id)));
        var pages = new List<LoggedDelivery>();
        for (DeliveryCursor? after = null; ;)
        {
            var page = await ListAsync(q => q with { Limit = 2, After = after });
            if (page.Count == 0)
            {
                break;
            }

            pages.AddRange(page);
            after = new(page[^1].Delivery.CreatedAt, page[^1].Delivery.Id);
        }

        pages.Select(d => d.Delivery.Id).Should().Equal(all.Select(d => d.Delivery.Id));
        (await ListAsync(q => q with { EndpointId = "we_a" })).Should().HaveCount(3);
        (await ListAsync(q => q with { CallbacksOnly = true })).Should().HaveCount(3);
        (await ListAsync(q => q with { TaskId = Samples.TaskId(1) })).Should().HaveCount(2);
        (await ListAsync(q => q with { EventType = WebhookEvents.TaskFailed })).Should().HaveCount(3);
        (await ListAsync(q => q with { Status = DeliveryStatus.Succeeded })).Should().BeEmpty();
        (await ListAsync(q => q with { Status = DeliveryStatus.Pending, From = Noon.AddSeconds(1), To = Noon.AddSeconds(2) })).Should().HaveCount(2);
    }

    [Fact]
    public async Task RedeliverAsync_Ended_BeginsTheScheduleAnew()
    {
        await EnqueueAsync(await AddEndpointAsync("we_a"), 1);
        await TryAsync("we_a", Noon, Answer(200, ""));
        var id = (await ListAsync()).Single().Delivery.Id;
        var later = Noon.AddDays(2);

        (await Log.RedeliverAsync(Bob, id, later, default)).Should().BeFalse();
        (await Log.RedeliverAsync(Ann, "dlv_none", later, default)).Should().BeFalse();
        (await Log.RedeliverAsync(Ann, id, later, default)).Should().BeTrue();

        var delivery = (await ListAsync()).Single().Delivery;
        delivery.Status.Should().Be(DeliveryStatus.Pending);
        (delivery.Attempts, delivery.AttemptsBefore, delivery.ScheduledFrom, delivery.DueAt).Should().Be((1, 1, later, later));
        var failed = await TryAsync("we_a", later, Answer(500, ""));
        failed.Attempt.Number.Should().Be(2);
        failed.DueAt.Should().Be(later.AddSeconds(5));
    }

    [Fact]
    public async Task RedeliverAsync_WhileItIsTried_IsNotUndoneByTheFailureOfThatTry()
    {
        var message = Message("msg_0");
        await Deliveries.EnqueueAsync(message, FanOut.Plan(message, "https://a.example/x", [], Noon), default);
        var lane = DeliveryLane.OfCallback(Ann, "https://a.example/x");
        var claimed = (await Deliveries.ClaimLaneAsync(lane, Noon, Noon + Lease, 1, default)).Deliveries[0].Delivery;
        await Deliveries.RecordAsync([Record(claimed, Noon, Answer(410, ""))], default);
        await Log.RedeliverAsync(Ann, claimed.Id, Noon.AddSeconds(1), default);
        var stale = claimed with { Attempts = 1 };

        await Deliveries.RecordAsync([Record(stale, Noon, Answer(410, ""))], default);

        var delivery = (await ListAsync()).Single().Delivery;
        delivery.Status.Should().Be(DeliveryStatus.Pending);
        delivery.Attempts.Should().Be(2);
    }

    [Fact]
    public async Task RedeliverSinceAsync_FailedOrAll_CountsThem()
    {
        var endpoint = await AddEndpointAsync("we_a");
        await EnqueueAsync(endpoint, 1, prefix: "old", at: Noon.AddHours(-1));
        await EnqueueAsync(endpoint, 3);
        var claimed = await Deliveries.ClaimLaneAsync(Lane("we_a"), Noon, Noon + Lease, 10, default);
        await Deliveries.RecordAsync([.. claimed.Deliveries.Select((d, i) => Record(d.Delivery, Noon, Answer(i < 2 ? 200 : 410, "")))], default);

        (await Log.RedeliverSinceAsync(Ann, "we_a", Noon, alsoSucceeded: false, Noon.AddDays(1), default)).Should().Be(2);
        (await Log.RedeliverSinceAsync(Ann, "we_a", Noon, alsoSucceeded: true, Noon.AddDays(1), default)).Should().Be(3);
        (await Log.RedeliverSinceAsync(Bob, "we_a", Noon, alsoSucceeded: true, Noon.AddDays(1), default)).Should().Be(0);

        (await ListAsync()).Count(d => d.Delivery.DueAt == Noon.AddDays(1)).Should().Be(3);
    }

    [Fact]
    public async Task PurgeAsync_Old_ForgetsWhatNothingWaitsFor()
    {
        var endpoint = await AddEndpointAsync("we_a");
        await EnqueueAsync(endpoint, 1, prefix: "done");
        await TryAsync("we_a", Noon, Answer(200, ""));
        await EnqueueAsync(endpoint, 1, prefix: "waits");
        await EnqueueAsync(endpoint, 1, prefix: "new", at: Noon.AddDays(1));

        (await Deliveries.PurgeAsync(Noon.AddHours(1), 10, default)).Should().Be(1);
        (await Deliveries.PurgeAsync(Noon.AddHours(1), 10, default)).Should().Be(0);

        (await ListAsync()).Select(d => d.Delivery.MessageId).Should().BeEquivalentTo("new_0", "waits_0");
    }

    [Fact]
    public async Task AddKeyAsync_KeyRing_KeepsEachOnceInOrder()
    {
        await _ports.Keys.AddKeyAsync(new("key-1", "<a>é</a>"), Noon, default);
        await _ports.Keys.AddKeyAsync(new("key-2", "<b/>"), Noon, default);
        await _ports.Keys.AddKeyAsync(new("key-1", "<c/>"), Noon, default);

        await RestartAsync();

        (await _ports.Keys.LoadKeysAsync(default)).Should().Equal(new StoredKey("key-1", "<a>é</a>"), new StoredKey("key-2", "<b/>"));
    }

    private static string Lane(string endpoint) => DeliveryLane.OfEndpoint(Ann, endpoint);

    private static WebhookMessage Message(string id, DateTimeOffset? at = null) => new()
    {
        Id = id,
        Tenant = Ann,
        EventType = WebhookEvents.TaskCompleted,
        TaskId = Samples.TaskId(1),
        Body = $"{{\"n\":\"{id} – é💃\"}}",
        CreatedAt = at ?? Noon,
    };

    private static WebhookEndpoint Endpoint(string id) => new()
    {
        Id = id,
        Tenant = Ann,
        Version = 1,
        Url = $"https://{id.Replace('_', '-')}.example/hook",
        CreatedAt = Noon,
    };

    private static WebhookSecret Secret(string id, string owner, DateTimeOffset at) =>
        new() { Id = id, Tenant = Ann, Owner = owner, Sealed = $"sealed {id}", CreatedAt = at };

    private static AttemptResult Answer(int status, string body) => new(
        status is >= 200 and < 300 ? AttemptOutcome.Succeeded : AttemptOutcome.Answered, TimeSpan.FromMilliseconds(12))
    {
        StatusCode = status,
        BodyExcerpt = body,
    };

    private static DeliveryRecord Record(WebhookDelivery delivery, DateTimeOffset at, AttemptResult result) =>
        DeliveryRecord.Of(delivery, at, delivery.Url, result, at, jitter: 0.5);

    private async Task<WebhookEndpoint> AddEndpointAsync(string id)
    {
        var endpoint = Endpoint(id);
        (await Endpoints.AddEndpointAsync(endpoint, Secret($"whs_{id}", id, Noon), 20, default)).Should().BeTrue();
        return endpoint;
    }

    private async Task<WebhookEndpoint> FindEndpointAsync(string id) =>
        await Endpoints.FindEndpointAsync(Ann, id, default) ?? throw new InvalidOperationException($"There is no endpoint {id}.");

    private async Task EnqueueAsync(WebhookEndpoint endpoint, int count, string prefix = "msg", DateTimeOffset? at = null)
    {
        for (var i = 0; i < count; i++)
        {
            var message = Message($"{prefix}_{i}", at);
            await Deliveries.EnqueueAsync(message, FanOut.Plan(message, null, [endpoint], at ?? Noon), default);
        }
    }

    private async Task<DeliveryRecord> TryAsync(string endpoint, DateTimeOffset now, AttemptResult result)
    {
        var claimed = await Deliveries.ClaimLaneAsync(Lane(endpoint), now, now + Lease, 1, default);
        var record = Record(claimed.Deliveries.Should().ContainSingle().Subject.Delivery, now, result);
        await Deliveries.RecordAsync([record], default);
        return record;
    }

    private Task<IReadOnlyList<LoggedDelivery>> ListAsync(Func<DeliveryQuery, DeliveryQuery>? with = null)
    {
        var query = new DeliveryQuery { Tenant = Ann, Limit = 101 };
        return Log.ListDeliveriesAsync(with?.Invoke(query) ?? query, default);
    }

    private async Task<IReadOnlyList<OutboxItem>> ClaimAsync(DateTimeOffset now) => await Deliveries.ClaimOutboxAsync(now, now + Lease, 100, default);

    private async Task<OutboxMessage> EndTaskAsync()
    {
        var id = Samples.TaskId(100 + _tasks++);
        await CommitAsync(Units.Accept(_account, id, 1m, Noon));
        var unit = Units.Resolve(_account, Samples.Task(Ann, id, Noon, CreditAmount.From(1m)), 0.5m, Noon);
        await CommitAsync(unit);
        return unit.Resolved[0].Outbox;
    }

    private async Task CommitAsync(AccountUnit unit)
    {
        (await _ports.Accounts.CommitAsync(unit, default)).Should().Be(new Domain.CommitOutcome.Committed());
        _account = unit.After;
    }

    private async Task RestartAsync() => _ports = await ReopenAsync() ?? _ports;
}
