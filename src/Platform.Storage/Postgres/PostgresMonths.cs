using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Platform.Storage.Postgres;

/// <summary>
/// Makes the partitions of the months to come: at migration, and every few hours while the program runs. Nothing waits for it: what has no
/// partition is written to the default one.
/// </summary>
internal sealed partial class PostgresMonths(PostgresEngine engine, TimeProvider clock, ILogger<PostgresMonths> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(6);

    /// <summary>Makes what is missing, each month on its own.</summary>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        for (var ahead = 0; ahead <= engine.Options.MonthsAhead; ahead++)
        {
            // From the first of the month: the 31st plus a month is not in every month.
            await MakeAsync(TaskMonth.Of(new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(ahead)), cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await MakeAsync(stoppingToken);
            }
            catch (StorageException failure)
            {
                LogFailed(failure);
            }
        }
    }

    private async Task MakeAsync(int month, CancellationToken cancellationToken)
    {
        await using var connection = await engine.OpenAsync(cancellationToken);
        try
        {
            // An audit may hold the default partition for long, and who waits for it makes all writers wait: rather another time.
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var bounded = new NpgsqlCommand("SET LOCAL lock_timeout = '1s'", connection))
            {
                await bounded.ExecuteNonQueryAsync(cancellationToken);
            }

            var made = await PostgresEngine.AllAsync(
                connection, new PostgresStatement("SELECT make_month($1)").Bind(month), static row => row.Boolean(0), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (!made[0])
            {
                LogStays(month);
            }
        }
        catch (NpgsqlException failure)
        {
            LogFailed(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The partitions of coming months could not be made; the next try is in some hours.")]
    private partial void LogFailed(Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Month {Month} has rows in the default partition, or is closed: it gets no partitions of its own.")]
    private partial void LogStays(int month);
}
