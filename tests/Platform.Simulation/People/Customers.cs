using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Grains.Contracts;
using Platform.Simulation.Kernel;

namespace Platform.Simulation.People;

/// <summary>
/// Those who call from outside, as the API does for them: they send again what was not answered, the same command at once from two
/// sides, and the same idempotency key for one body and for another.
/// </summary>
internal sealed class Customers
{
    private const int MostCreates = 24;

    private static readonly string[] Keys = ["k1", "k2", "k3", "k4"];
    private static readonly string[] Grants = ["g1", "g2", "g3", "g4", "g5", "g6"];
    private static readonly decimal[] Lengths = [3m, 3m, 3m, 4.05m, 9.9m];
    private static readonly decimal[] Amounts = [24.4944m, 30m, 60m, 100m, 250.12345678m];
    private static readonly TimeSpan[] Validity = [TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(20)];

    private readonly World _world;
    private readonly TurnQueue _turns;
    private readonly SimulatedTime _time;
    private readonly Operator _operator;
    private readonly List<TaskKey> _asked = [];
    private int _creates;

    public Customers(World world)
    {
        _world = world;
        _turns = new(world.Cluster.Ready);
        _time = new(world.Timeline);
        _operator = new(world, _time);
        Promises = new(world);
    }

    public Promises Promises { get; }

    /// <summary>Number of those that wait for an answer.</summary>
    public int Waiting { get; private set; }

    /// <summary>One of them does something.</summary>
    public void Act()
    {
        var tenant = _world.Chance.Pick(_world.Tenants);
        switch (_world.Chance.Below(20))
        {
            case < 9 when _creates < MostCreates:
                _creates++;
                Create(tenant);
                break;
            case < 13:
                Grant(tenant);
                break;
            case < 16 when _asked.Count > 0:
                Start(() => CancelAsync(_world.Chance.Pick(_asked)));
                break;
            case 16:
                Start(() => AskBalanceAsync(tenant, atRest: false));
                break;
            case 17:
                Start(() => _operator.AdjustAsync(tenant));
                break;
            case 18:
                Start(() => _operator.ExpireAsync(tenant));
                break;
            case 19:
                Start(() => CancelAsync(new(tenant, TaskId.New(_time.GetUtcNow(), _world.Chance))));
                break;
            default:
                break;
        }
    }

    /// <summary>Everybody asks what is there.</summary>
    public void AskBalances()
    {
        foreach (var tenant in _world.Tenants)
        {
            Start(() => AskBalanceAsync(tenant, atRest: true));
        }
    }

    private void Create(TenantId tenant)
    {
        var key = _world.Chance.Percent(50) ? _world.Chance.Pick(Keys) : null;
        var command = new AcceptTask
        {
            TaskId = TaskId.New(_time.GetUtcNow(), _world.Chance),
            ApiKeyId = "key_1",
            Request = new()
            {
                Model = MotionControlModel.Id,
                ImageUrl = "https://example.com/me.png",
                VideoUrl = "https://example.com/dance.mp4",
                Quality = MotionControlModel.Quality720,
                CharacterOrientation = MotionControlModel.OrientationImage,
            },
            InspectedSeconds = _world.Chance.Percent(10) ? null : _world.Chance.Pick(Lengths),
            IdempotencyKey = key,
            BodyDigest = key is null ? null : _world.Chance.Percent(85) ? "body" : "other body",
        };
        _asked.Add(new(tenant, command.TaskId));
        var times = _world.Chance.Percent(20) ? 2 : 1;
        for (var i = 0; i < times; i++)
        {
            Start(() => CreateAsync(tenant, command));
        }
    }

    private async Task CreateAsync(TenantId tenant, AcceptTask command)
    {
        var commits = _world.Books.Commits;
        if (await PersistAsync(() => Tenant(tenant).Accept(command), () => commits = _world.Books.Commits) is { } reply)
        {
            Promises.Accepted(tenant, command, reply, commits);
        }
    }

    private void Grant(TenantId tenant)
    {
        var command = new GrantCredits
        {
            GrantId = _world.Chance.Percent(70) ? _world.Chance.Pick(Grants) : $"g-{_world.Chance.Next(6)}",
            Amount = CreditAmount.From(_world.Chance.Pick(Amounts)),
            ExpiresAt = _world.Chance.Percent(50) ? Timeline.Start + _world.Timeline.Now + _world.Chance.Pick(Validity) : null,
        };
        Start(async () =>
        {
            if (await PersistAsync(() => Tenant(tenant).Grant(command)) is { } reply)
            {
                Promises.Granted(tenant, command, reply);
            }
        });
    }

    private async Task CancelAsync(TaskKey key)
    {
        var task = _world.Cluster.Reference<ITaskGrain>(null, TaskGrainKey.Format(key.Tenant, key.Id));
        var commits = _world.Books.Commits;
        if (await PersistAsync(task.Cancel, () => commits = _world.Books.Commits) is { } reply)
        {
            Promises.Cancelled(key, reply, commits);
        }
    }

    private async Task AskBalanceAsync(TenantId tenant, bool atRest)
    {
        if (await PersistAsync(Tenant(tenant).GetBalance) is { } balance)
        {
            Promises.Balanced(tenant, balance, atRest);
        }
    }

    // Most try again, some give up: then nobody knows, and all must be right nevertheless.
    private async Task<T?> PersistAsync<T>(Func<Task<T>> call, Action? before = null)
        where T : class
    {
        for (var tries = 0; tries < 4; tries++)
        {
            try
            {
                before?.Invoke();
                return await call();
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                _world.Coverage.Happened($"call failed: {error.GetType().Name}");
                if (_world.Mishaps.Happens(20))
                {
                    return null;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(300), _time);
            }
        }

        return null;
    }

    private ITenantGrain Tenant(TenantId id) => _world.Cluster.Reference<ITenantGrain>(null, id.Value);

    private void Start(Func<Task> body)
    {
        Waiting++;
        _ = _turns.Start(async () =>
        {
            try
            {
                await body();
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                _world.Require(Checks.Invariant.DecidersKeepTheRules, false, () => $"a caller met {error}");
            }

            Waiting--;
        });
    }
}
