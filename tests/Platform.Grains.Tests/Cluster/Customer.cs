using System.Diagnostics;
using System.Runtime.CompilerServices;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Grains.Contracts;

namespace Platform.Grains.Tests.Cluster;

/// <summary>A tenant of one test, and what it does.</summary>
public sealed class Customer(ClusterFixture fixture, TenantId id)
{
    /// <summary>Credits of five seconds at 720p: what a task of the tests reserves, and what it costs.</summary>
    public static readonly CreditAmount FiveSeconds = CreditAmount.From(40.824m);

    private static readonly TimeSpan RealPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Blink = TimeSpan.FromMilliseconds(4);

    public TenantId Id => id;

    public TenantScript Script => fixture.World.Script(id.Value);

    public ITenantGrain Grain => fixture.Grains.GetGrain<ITenantGrain>(id.Value);

    public static async Task<Customer> NewAsync(ClusterFixture fixture, decimal credits = 1000m, bool sandbox = false)
    {
        var customer = new Customer(fixture, new("ten_" + fixture.World.Next(10)));
        await fixture.World.Memory.AddTenantAsync(
            new() { Id = customer.Id, Name = "test", MayUseSandbox = sandbox, CreatedAt = fixture.World.Time.GetUtcNow() }, CancellationToken.None);
        if (credits > 0)
        {
            (await customer.Grain.Grant(new() { GrantId = "g1", Amount = CreditAmount.From(credits) })).Outcome.Should().Be(BookOutcome.Booked);
        }

        return customer;
    }

    public TaskId NewTaskId() => TaskId.New(fixture.World.Time.GetUtcNow(), fixture.World);

    public ITaskGrain Task(TaskId task) => fixture.Grains.GetGrain<ITaskGrain>(TaskGrainKey.Format(id, task));

    public AcceptTask Command(
        TaskId? task = null, string? key = null, string digest = "d", decimal? seconds = 5m, string quality = MotionControlModel.Quality720) => new()
        {
            TaskId = task ?? NewTaskId(),
            ApiKeyId = "key_1",
            Request = new()
            {
                Model = MotionControlModel.Id,
                ImageUrl = "https://example.com/a.jpg",
                VideoUrl = "https://example.com/a.mp4",
                Quality = quality,
                CharacterOrientation = MotionControlModel.OrientationVideo,
            },
            InspectedSeconds = seconds,
            IdempotencyKey = key,
            BodyDigest = key is null ? null : digest,
        };

    /// <summary>A request without an idempotency key, which its body tells from others.</summary>
    public AcceptTask Plain(string digest = "d", string askedBy = "api-1", string apiKey = "key_1") =>
        Command() with { BodyDigest = digest, AskedBy = askedBy, ApiKeyId = apiKey };

    /// <summary>A batch of tasks of five seconds.</summary>
    public AcceptBatch Batch(int items, bool allOrNothing = false, string? key = null, string digest = "d") => new()
    {
        BatchId = "batch_" + fixture.World.Next(10),
        ApiKeyId = "key_1",
        Items = [.. Enumerable.Range(0, items).Select(_ => new AcceptBatchItem { Task = Command() })],
        AllOrNothing = allOrNothing,
        IdempotencyKey = key,
        BodyDigest = digest,
        AskedBy = "api-1",
    };

    public async Task<TaskId> AcceptAsync(AcceptTask? command = null)
    {
        command ??= Command();
        (await Grain.Accept(command)).Outcome.Should().Be(AcceptOutcome.Accepted);
        return command.TaskId;
    }

    public async Task<GenerationTask> FindAsync(TaskId task) =>
        await fixture.World.Memory.FindAsync(id, task, CancellationToken.None) ?? throw new InvalidOperationException("no such task");

    public Task<GenerationTask> EndAsync(TaskId task, TimeSpan? step = null) => UntilAsync(task, t => t.IsTerminal, step);

    /// <summary>Lets time pass until a task is as it should be.</summary>
    /// <param name="task">The task.</param>
    /// <param name="reached">How it should be.</param>
    /// <param name="step">How much time passes at once; zero for none at all.</param>
    /// <param name="what">Filled in by the compiler.</param>
    public async Task<GenerationTask> UntilAsync(
        TaskId task, Func<GenerationTask, bool> reached, TimeSpan? step = null, [CallerArgumentExpression(nameof(reached))] string what = "")
    {
        GenerationTask? found = null;
        await UntilAsync(async () => reached(found = await FindAsync(task)), step, () => $"{what}; it is {found?.Phase}");
        return found!;
    }

    public Task UntilAsync(Func<bool> reached, TimeSpan? step = null, [CallerArgumentExpression(nameof(reached))] string what = "") =>
        UntilAsync(() => System.Threading.Tasks.Task.FromResult(reached()), step, () => what);

    public async Task<IReadOnlyList<LedgerEntry>> LedgerAsync() =>
        [.. (await fixture.World.Memory.ListEntriesAsync(id, null, 1000, CancellationToken.None)).Reverse()];

    public async Task<IReadOnlyList<TaskEvent>> HistoryAsync(TaskId task) => await fixture.World.Memory.HistoryAsync(id, task, CancellationToken.None);

    /// <summary>What must be of the account when all tasks have ended.</summary>
    public async Task ShouldHaveAsync(decimal available, decimal settled)
    {
        var balance = await Grain.GetBalance();
        balance.Should().Be(new Balance
        {
            Available = CreditAmount.From(available),
            Held = CreditAmount.Zero,
            Settled = CreditAmount.From(settled),
        });
        var stored = await fixture.World.Memory.LoadAsync(id, CancellationToken.None);
        stored.Available.Should().Be(balance.Available);
        stored.Holds.Should().BeEmpty();
    }

    private async Task UntilAsync(Func<Task<bool>> reached, TimeSpan? step, Func<string> what)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            for (var look = 0; look < 5; look++)
            {
                if (await reached())
                {
                    return;
                }

                await System.Threading.Tasks.Task.Delay(Blink, TimeProvider.System);
            }

            if (Stopwatch.GetElapsedTime(since) > RealPatience)
            {
                throw new TimeoutException("It never came: " + what());
            }

            fixture.World.Time.Advance(step ?? TimeSpan.FromSeconds(1));
        }
    }
}

/// <summary>A test on the shared cluster: whatever it did, the books are right afterwards.</summary>
[Collection(SharedCluster.Name)]
public abstract class GrainTest(ClusterFixture fixture) : IAsyncLifetime
{
    protected ClusterFixture Fixture => fixture;

    protected World World => fixture.World;

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        fixture.Configure(options =>
        {
            options.TasksInFlight = 20;
            options.QueueLength = 1000;
        });
        fixture.World.Accounts = [];
        fixture.World.Routes = World.Usual;
        foreach (var kind in new[] { World.Alpha, World.Beta, World.Gamma, World.Blind })
        {
            // What one test has worn out must not be missing in the next.
            await fixture.Account(kind).Switch(new() { State = RouteState.Enabled });
        }

        await fixture.World.AssertSoundAsync();
    }

    protected Task<Customer> NewCustomerAsync(decimal credits = 1000m, bool sandbox = false) => Customer.NewAsync(fixture, credits, sandbox);
}
