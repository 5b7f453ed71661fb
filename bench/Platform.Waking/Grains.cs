using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Platform.Waking;

/// <summary>A task that wants to be woken once, at its due time. Key: its number.</summary>
[Alias("bench.task")]
public interface IDueTask : IGrainWithIntegerKey
{
    /// <summary>Sets a reminder for itself.</summary>
    [Alias("Remind")]
    Task Remind(TimeSpan inTime);

    /// <summary>It is due.</summary>
    [Alias("Wake"), OneWay]
    Task Wake();
}

/// <summary>Looks every two seconds for what is due in its shard. Key: the shard.</summary>
[Alias("bench.sweeper")]
public interface ISweeper : IGrainWithIntegerKey
{
    /// <summary>Makes sure that it lives.</summary>
    [Alias("Start")]
    Task Start();
}

internal sealed class DueTask(Wakes wakes) : Grain, IDueTask, IRemindable
{
    private const string Name = "due";

    // The shortest period that Orleans allows unless told otherwise.
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    public async Task Remind(TimeSpan inTime) => await this.RegisterOrUpdateReminder(Name, inTime, Period);

    public Task Wake()
    {
        wakes.Add(this.GetPrimaryKeyLong());
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        wakes.Add(this.GetPrimaryKeyLong());
        if (await this.GetReminder(Name) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }

        DeactivateOnIdle();
    }
}

internal sealed class Sweeper(NpgsqlDataSource database) : Grain, ISweeper
{
    // The platform's own numbers: shards, interval, batch, lease.
    public const int Shards = 16;
    private const int Batch = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(SweepAsync, new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = Interval, KeepAlive = true });
        return Task.CompletedTask;
    }

    public Task Start() => Task.CompletedTask;

    private async Task SweepAsync()
    {
        await using var command = database.CreateCommand("""
            WITH due AS (
                SELECT id FROM due_task WHERE shard = $1 AND due_at <= now() AND NOT woken ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED)
            UPDATE due_task t SET due_at = t.due_at + interval '30 seconds', claims = claims + 1 FROM due WHERE t.id = due.id RETURNING t.id
            """);
        command.Parameters.Add(new() { Value = (int)this.GetPrimaryKeyLong() });
        command.Parameters.Add(new() { Value = Batch });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            _ = GrainFactory.GetGrain<IDueTask>(reader.GetInt64(0)).Wake();
        }
    }
}

/// <summary>Writes down who was woken when, in one statement a moment: the same for both ways.</summary>
internal sealed class Wakes(NpgsqlDataSource database) : BackgroundService
{
    private readonly System.Threading.Channels.Channel<(long Task, DateTime At)> _woken =
        System.Threading.Channels.Channel.CreateUnbounded<(long, DateTime)>();

    public void Add(long task) => _woken.Writer.TryWrite((task, TimeProvider.System.GetUtcNow().UtcDateTime));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var tasks = new List<long>();
        var times = new List<DateTime>();
        while (await _woken.Reader.WaitToReadAsync(stoppingToken))
        {
            tasks.Clear();
            times.Clear();
            while (_woken.Reader.TryRead(out var wake))
            {
                tasks.Add(wake.Task);
                times.Add(wake.At);
            }

            await using var command = database.CreateCommand("""
                WITH w AS (SELECT DISTINCT ON (task) task, at FROM unnest($1::bigint[], $2::timestamptz[]) AS u (task, at) ORDER BY task, at)
                UPDATE due_task t SET woken = true, woken_at = COALESCE(t.woken_at, w.at) FROM w WHERE t.id = w.task
                """);
            command.Parameters.Add(new() { Value = tasks.ToArray() });
            command.Parameters.Add(new() { Value = times.ToArray() });
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
