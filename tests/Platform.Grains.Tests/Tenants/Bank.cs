using Microsoft.Extensions.Time.Testing;
using Platform.Domain;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Grains.Contracts;
using Platform.Grains.Tenants;
using Platform.Storage.Memory;

namespace Platform.Grains.Tests.Tenants;

/// <summary>One account in one store, with as many group commits over it as there may be activations.</summary>
internal sealed class Bank : IIdSource
{
    private int _ids;

    public Bank() => Accounts = new(Memory);

    public static Tenant Owner { get; } = new() { Id = new("ten_bank"), Name = "bank", CreatedAt = DateTimeOffset.UnixEpoch };

    /// <summary>Credits of the least task, three seconds.</summary>
    public static CreditAmount Price { get; } = CreditAmount.From(24.4944m);

    public MemoryStore Memory { get; } = new();

    public FaultyAccounts Accounts { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public AdmissionLimits Limits { get; set; } = new(1000, 0);

    public GrainOptions Options { get; } = new();

    public List<AccountUnit> Told { get; } = [];

    public List<Exception> Broken { get; } = [];

    /// <summary>Runs as a grain does: one turn at a time.</summary>
    public static Task OnGrainAsync(Func<Task> body) => Task.Factory.StartNew(
        body, CancellationToken.None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();

    public async Task<GroupCommit> OpenAsync(Action<AccountUnit>? onCommitted = null) => new(
        await Memory.LoadAsync(Owner.Id, CancellationToken.None), Accounts, Time, Options, onCommitted ?? Told.Add, Broken.Add, version => version);

    public async Task GrantAsync(CreditAmount amount) =>
        (await (await OpenAsync()).ExecuteAsync(Grant($"g{++_ids}", amount)))!.Outcome.Should().Be(BookOutcome.Booked);

    public GrantOperation Grant(string id, CreditAmount amount, DateTimeOffset? expiresAt = null) =>
        new(new() { GrantId = id, Amount = amount, ExpiresAt = expiresAt }, Owner.Id, null, Accounts);

    public TaskId NewTaskId() => TaskId.New(Time.GetUtcNow(), this);

    public AcceptOperation Accept(TaskId? task = null, string? key = null)
    {
        var model = MotionControlModel.Definition;
        return new(
            new Admission(new()
            {
                TaskId = task ?? NewTaskId(),
                ApiKeyId = "key_1",
                Request = new()
                {
                    Model = model.Id,
                    ImageUrl = "https://example.com/a.jpg",
                    VideoUrl = "https://example.com/a.mp4",
                    Quality = MotionControlModel.Quality720,
                    CharacterOrientation = MotionControlModel.OrientationVideo,
                },
                InspectedSeconds = 3m,
                IdempotencyKey = key,
                BodyDigest = "d",
            },
            Owner,
            model,
            PriceSnapshot.Of(model.Prices[0], MotionControlModel.Quality720, Owner.Group, 1m),
            mayServe: true,
            TimeSpan.FromSeconds(30)),
            Limits);
    }

    public async Task<ResolveOperation> CancelAsync(TaskId task)
    {
        var found = (await Memory.FindAsync(Owner.Id, task, CancellationToken.None))!;
        return new(new() { TaskId = task, TaskVersion = found.Version, End = TaskEnd.Cancel }, found, Limits, this, Memory);
    }

    /// <summary>Lets time pass until something has ended, whatever it waits for.</summary>
    public async Task PassAsync(Task until)
    {
        for (var i = 0; i < 1000 && !until.IsCompleted; i++)
        {
            await Task.WhenAny(until, Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System));
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        until.IsCompleted.Should().BeTrue("nothing may hang");
    }

    public async Task AssertSoundAsync() =>
        (await BooksAudit.RunAsync(Memory, 10, CancellationToken.None)).Findings.Should().BeEmpty();

    public string Next(int length) => Interlocked.Increment(ref _ids).ToString("D8").PadLeft(length, '0')[^length..];

    /// <summary>Another activation of a tenant's grain: commits to its account without its knowing.</summary>
    internal sealed class Outsider(MemoryStore memory, TenantId tenant)
    {
        public async Task<TaskId> AcceptAsync(AcceptTask command, DateTimeOffset now)
        {
            var bank = new Bank();
            bank.Time.SetUtcNow(now);
            var commits = new GroupCommit(
                await memory.LoadAsync(tenant, CancellationToken.None), memory, bank.Time, bank.Options, _ => { }, _ => { }, version => version);
            var model = MotionControlModel.Definition;
            var reply = await commits.ExecuteAsync(new AcceptOperation(
                new Admission(
                    command,
                    Owner with { Id = tenant },
                    model,
                    PriceSnapshot.Of(model.Prices[0], command.Request.Quality, Owner.Group, 1m),
                    mayServe: true,
                    bank.Options.TaskLease),
                bank.Limits));
            return reply!.TaskId!.Value;
        }
    }
}
