using System.Globalization;
using Platform.EndToEnd.Tests.Running;

namespace Platform.Cluster.Live.Running;

/// <summary>What must hold of every task when all have ended, whatever died in between.</summary>
internal static class Ends
{
    private static readonly Dictionary<int, string> Statuses = new() { [3] = "completed", [4] = "failed", [5] = "cancelled" };

    /// <summary>Checks the tasks that were accepted, one by one, then the books as a whole.</summary>
    public static async Task CheckAsync(LiveCluster cluster, IReadOnlyDictionary<string, (Tenant Tenant, Order Order)> accepted)
    {
        var database = cluster.Database;
        var ids = accepted.Keys.ToArray();
        var ended = (await database.RowsAsync(
            "SELECT id, status, queued FROM tasks WHERE id = ANY($1)",
            static row => (Id: row.GetString(0), Status: row.GetInt32(1), Queued: row.GetBoolean(2)),
            ids)).ToDictionary(t => t.Id);

        // No accepted task is lost, and each ended as its order says.
        ended.Keys.Should().BeEquivalentTo(ids);
        ended.Values.Where(t => t.Queued || !accepted[t.Id].Order.Ends.Contains(Statuses.GetValueOrDefault(t.Status, "unfinished")))
            .Select(t => $"{t.Id}: {accepted[t.Id].Order.Prompt} ended with {t.Status}")
            .Should().BeEmpty();

        // And nothing else was accepted: a create that was repeated is one task.
        (await database.NumberAsync("SELECT count(*) FROM tasks WHERE tenant = ANY($1)", Names(accepted)))
            .Should().Be(await database.NumberAsync("SELECT count(*) FROM idempotency_keys WHERE tenant = ANY($1)", Names(accepted)));

        await OnceAsync(database, "an end", """
            SELECT task_id, count(*) FROM task_events WHERE kind IN ('completed', 'failed', 'cancelled') AND task_id = ANY($1) GROUP BY task_id
            """, ids);
        await OnceAsync(database, "a resolution", "SELECT task_id, count(*) FROM resolutions WHERE task_id = ANY($1) GROUP BY task_id", ids);
        await OnceAsync(database, "a message", "SELECT task_id, count(*) FROM outbox WHERE task_id = ANY($1) GROUP BY task_id", ids);
        await OnceAsync(database, "a hold", "SELECT task_id, count(*) FROM ledger_entries WHERE kind = 2 AND task_id = ANY($1) GROUP BY task_id", ids);
        await OnceAsync(database, "the end of its hold", "SELECT task_id, count(*) FROM ledger_entries WHERE kind IN (3, 4) AND task_id = ANY($1) GROUP BY task_id", ids);

        // Each charged once and exactly, or not at all.
        (await database.LinesAsync("SELECT id, settled FROM tasks t JOIN resolutions r ON r.task_id = t.id WHERE t.id = ANY($1)", [ids]))
            .Should().BeEquivalentTo(ended.Values.Select(t => $"{t.Id} {(t.Status == 3 ? Order.Price : 0).ToString(CultureInfo.InvariantCulture)}"));

        // The sandbox counts what it was sent: each attempt once, and nothing that is no attempt.
        (await database.LinesAsync("SELECT reference, submissions FROM sandbox_jobs WHERE submissions <> 1")).Should().BeEmpty();
        (await database.LinesAsync("""
            SELECT j.reference FROM sandbox_jobs j
            WHERE NOT EXISTS (SELECT 1 FROM task_events e WHERE e.kind = 'attempt_started' AND e.data::jsonb ->> 'attempt' = j.reference)
            """)).Should().BeEmpty();

        // A completed task had one attempt, and a video was made once.
        (await database.LinesAsync("""
            SELECT t.id, count(*) FROM tasks t JOIN task_events e ON e.task_id = t.id AND e.kind = 'attempt_started'
            WHERE t.status = 3 AND t.id = ANY($1) GROUP BY t.id HAVING count(*) <> 1
            """, [ids])).Should().BeEmpty();

        // What the API says is what the books say.
        foreach (var tenant in cluster.Customers)
        {
            var settled = await database.NumberAsync("SELECT COALESCE(sum(settled), 0)::bigint FROM resolutions WHERE tenant = $1", tenant.Id);
            var user = (await new Caller(cluster.Silos[0].Http, tenant.Key).GetAsync("/v1/credits")).Ok().GetProperty("data").GetProperty("user");
            user.GetProperty("used_credits").GetDecimal().Should().Be(settled / 100_000_000m);
            user.GetProperty("reserved_credits").GetDecimal().Should().Be(0m);
            user.GetProperty("remaining_credits").GetDecimal().Should().Be(10_000_000m - (settled / 100_000_000m));
        }

        await cluster.VerifyAsync();
    }

    private static string[] Names(IReadOnlyDictionary<string, (Tenant Tenant, Order Order)> accepted) =>
        [.. accepted.Values.Select(a => a.Tenant.Id).Distinct(StringComparer.Ordinal)];

    private static async Task OnceAsync(Database database, string what, string sql, string[] ids)
    {
        var counted = await database.RowsAsync(sql, static row => (Id: row.GetString(0), Count: row.GetInt64(1)), [ids]);
        counted.Where(c => c.Count != 1).Should().BeEmpty("each task has {0} once", what);
        counted.Should().HaveCount(ids.Length, "each task has {0}", what);
    }
}
