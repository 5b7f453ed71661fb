using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Serialization;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Upstreams;
using Platform.Grains.Contracts;

namespace Platform.Grains.Tests.Wire;

public sealed class SerializationTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(9));
    private static readonly TaskId Task = new("task-unified-1-a");
    private static readonly TaskRef Ref = new() { Tenant = new("ten_1"), Id = Task };
    private static readonly RouteView RouteView = new() { RouteId = "r", State = RouteState.Disabled, Breaker = BreakerState.Open, BreakerOpenUntil = At };
    private static readonly UpstreamErrorView ErrorView = new() { At = At, RouteId = "r", Fault = new("c", "m") };

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public static TheoryData<object> Messages => new(
        new AcceptTask
        {
            TaskId = Task,
            ApiKeyId = "key",
            Request = Request(ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal).Add("a", "1").Add("B", "")),
            InspectedSeconds = 5.005m,
            IdempotencyKey = "k",
            BodyDigest = "d",
        },
        new AcceptTask { TaskId = Task, ApiKeyId = "key", Request = Request(ImmutableSortedDictionary<string, string>.Empty) },
        new AcceptTask
        {
            TaskId = Task,
            ApiKeyId = "key",
            Request = Request(ImmutableSortedDictionary<string, string>.Empty),
            Terms = new() { Quote = Quote(), MaxCredits = CreditAmount.From(0.00000001m) },
            AskedBy = "api",
        },
        new SpendingTerms { MaxCredits = CreditAmount.Zero },
        new AcceptBatch
        {
            BatchId = "batch_1",
            ApiKeyId = "key",
            Items =
            [
                new() { Task = new() { TaskId = Task, ApiKeyId = "key", Request = Request(ImmutableSortedDictionary<string, string>.Empty) } },
                new() { Error = "{}" },
            ],
            AllOrNothing = true,
            MaxCredits = CreditAmount.From(1m),
            IdempotencyKey = "k",
            BodyDigest = "d",
            AskedBy = "api",
        },
        new AcceptBatchItem { Error = "e" },
        new AcceptBatchReply
        {
            Outcome = AcceptBatchOutcome.Accepted,
            Items = [new() { Outcome = AcceptOutcome.QueueFull }, null],
            CreatedAt = At,
            AnswerKey = "k",
            ByBody = true,
        },
        new AnswerReport { Answered = ["a"], Lost = ["b", "c"] },
        Quote(),
        Quote().Price,
        new AcceptReply { Outcome = AcceptOutcome.Accepted, TaskId = Task, CreatedAt = At, Credits = CreditAmount.From(40.82400001m), UserGroup = "g" },
        new AcceptReply { Outcome = AcceptOutcome.InsufficientCredits, Available = CreditAmount.From(CreditAmount.Limit) },
        new ResolveTask
        {
            TaskId = Task,
            TaskVersion = long.MaxValue,
            End = TaskEnd.Complete,
            Result = new("results/t/0.mp4", new(long.MaxValue, "aa"), new() { Format = MediaFormat.Mp4, Width = 1, Height = 2, DurationSeconds = 5.04m, HasAudio = true }),
        },
        new ResolveTask { TaskId = Task, TaskVersion = 1, End = TaskEnd.Fail, Error = new(TaskErrorCode.UnknownError, "ä"), Fault = new("1", "") },
        new ResolveTask { TaskId = Task, TaskVersion = 1, End = TaskEnd.Cancel, UpstreamStopped = true },
        new ResolveReply { Outcome = ResolveOutcome.Stale },
        new GrantCredits { GrantId = "g", Amount = CreditAmount.From(-0.00000001m), ExpiresAt = At, Note = "n" },
        new BookReply { Outcome = BookOutcome.Refused, Reason = "r" },
        new Balance { Available = CreditAmount.From(1m), Held = CreditAmount.Zero, Settled = CreditAmount.From(0.1m) },
        new CancelReply { Outcome = TaskCancelOutcome.TooLate, Reason = "r" },
        new UpstreamNews { AttemptId = "att_1", Kind = UpstreamNewsKind.Succeeded, UpstreamTaskId = "u", OutputLocation = "https://x", OutputSeconds = 5.04m },
        new UpstreamNews { AttemptId = "att_1", Kind = UpstreamNewsKind.Failed, Error = TaskErrorCode.ServiceError, Fault = new("c", "m"), RetryElsewhere = true },
        Ref,
        new AdmitAttempt { Task = Ref, AttemptId = "att_1", RouteId = "r" },
        new AdmitReply { Outcome = AdmitOutcome.Admitted, Slot = 3 },
        new AdmitReply { Outcome = AdmitOutcome.OutOfService, Reason = "r" },
        new AttemptReport { Task = Ref, AttemptId = "att_1", RouteId = "r", News = AttemptNews.Fault, Fault = new("c", "m"), SlotWasTaken = true },
        new AttemptReport { Task = Ref, AttemptId = "att_1", RouteId = "r", FreesSlot = true },
        new SwitchUpstream { RouteId = "r", State = RouteState.Draining },
        new UpstreamAccountView
        {
            Account = "k/a",
            State = RouteState.Enabled,
            OutSince = At,
            NextProbeAt = At,
            Slots = 5,
            SlotsUsed = 4,
            Waiting = 3,
            Routes = [RouteView],
            LastErrors = [ErrorView],
        },
        RouteView,
        ErrorView,
        new TenantId("ten_1"),
        Task,
        CreditAmount.From(-CreditAmount.Limit),
        Request(ImmutableSortedDictionary<string, string>.Empty),
        new TaskError(TaskErrorCode.QuotaExceeded, "m"),
        new UpstreamFault("c", "m"));

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_ThereAndBack_IsTheSame(object message)
    {
        var serializer = _services.GetRequiredService<Serializer>();

        var back = serializer.Deserialize<object>(serializer.SerializeToArray(message));

        back.Should().BeOfType(message.GetType());
        back.Should().BeEquivalentTo(message, o => o.PreferringRuntimeMemberTypes().ComparingRecordsByMembers().ComparingByValue<TenantId>());
    }

    [Fact]
    public void AccountUnavailable_ThereAndBack_KeepsWhatItSays()
    {
        var serializer = _services.GetRequiredService<Serializer>();

        var back = serializer.Deserialize<object>(serializer.SerializeToArray<object>(
            new AccountUnavailableException("The account is read anew.", new InvalidOperationException("away"))));

        var error = back.Should().BeOfType<AccountUnavailableException>().Subject;
        error.Message.Should().Be("The account is read anew.");
        error.InnerException!.Message.Should().Be("away");
    }

    [Fact]
    public void Messages_OfTheContracts_AreAllSampled()
    {
        var contracts = typeof(AcceptTask).Assembly.GetTypes()
            .Where(t => t.IsClass && !t.IsSubclassOf(typeof(Exception)) && t.GetCustomAttribute<GenerateSerializerAttribute>() is not null);

        contracts.Should().BeSubsetOf(((System.Collections.IEnumerable)Messages).Cast<object[]>().Select(m => m[0].GetType()));
    }

    [Fact]
    public void Metadata_OfAMessage_KeepsItsOrdinalOrder()
    {
        var serializer = _services.GetRequiredService<Serializer>();
        var request = Request(ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal).Add("a", "1").Add("B", "2"));

        serializer.Deserialize<GenerationRequest>(serializer.SerializeToArray(request))!.Metadata.Keys.Should().Equal("B", "a");
    }

    private static Quote Quote() => new(
        "aa", PriceSnapshot.Of(MotionControlModel.Definition.Prices[0], "1080p", "gold", 0.95m), CreditAmount.From(54.4184m), At);

    private static GenerationRequest Request(ImmutableSortedDictionary<string, string> metadata) => new()
    {
        Model = "m",
        ImageUrl = "i",
        VideoUrl = "v",
        Prompt = "p",
        Quality = "720p",
        CharacterOrientation = "video",
        KeepSound = false,
        Watermark = true,
        ElementId = "e",
        CallbackUrl = "c",
        Metadata = metadata,
        EndUser = "u",
    };
}
