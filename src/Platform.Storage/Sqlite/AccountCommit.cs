using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Storage.Commits;
using Platform.Storage.Json;

namespace Platform.Storage.Sqlite;

/// <summary>
/// Writes an account's unit. Its documents are made by the caller's thread, before the unit waits for the writer, which is the
/// bottleneck.
/// </summary>
internal sealed class AccountCommit
{
    private readonly AccountUnit _unit;
    private readonly byte[] _lots;
    private readonly TaskRow[] _accepted;
    private readonly byte[][] _slices;
    private readonly string?[] _batches;
    private readonly TaskRow[] _resolved;

    public AccountCommit(AccountUnit unit)
    {
        UnitShape.Check(unit);
        _unit = unit;
        _lots = LotCodec.Write(unit.After.Lots);
        _accepted = [.. unit.Accepted.Select(a => new TaskRow(a.Task, a.Events, a.DueAt))];
        _slices = [.. unit.Accepted.Select(a => LotCodec.Write(a.Hold.Slices))];
        _batches = [.. unit.Accepted.Select(a => a.Idempotency?.Batch is { } batch ? BatchCodec.Write(batch) : null)];
        _resolved = [.. unit.Resolved.Select(r => new TaskRow(r.Task, r.Events, dueAt: null))];
    }

    /// <summary>Writes all of the unit, or nothing where it loses a fence.</summary>
    public CommitOutcome Run(SqliteConnection database)
    {
        if (UnitFences.FirstLost(_unit, new SqliteFenceView(database)) is { } lost)
        {
            return lost;
        }

        WriteAccount(database);
        for (var i = 0; i < _accepted.Length; i++)
        {
            var accepted = _unit.Accepted[i];
            _accepted[i].Insert(database, accepted.Hold.Queued);
            InsertHold(database, accepted.Hold, _slices[i]);
            if (accepted.Idempotency is { } record)
            {
                WriteIdempotencyKey(database, record, _batches[i]);
            }
        }

        foreach (var entry in _unit.Entries)
        {
            InsertEntry(database, entry);
        }

        for (var i = 0; i < _resolved.Length; i++)
        {
            _resolved[i].Update(database, _unit.Resolved[i].ExpectedVersion);
            Resolve(database, _unit.Resolved[i]);
        }

        foreach (var promoted in _unit.Promoted)
        {
            Promote(database, promoted);
        }

        return new CommitOutcome.Committed();
    }

    private void WriteAccount(SqliteConnection database)
    {
        var after = _unit.After;
        database
            .Prepare("""
                INSERT INTO accounts (tenant, version, available, held, settled, lots, answered_through) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                ON CONFLICT (tenant) DO UPDATE SET version = ?2, available = ?3, held = ?4, settled = ?5, lots = ?6, answered_through = ?7
                """)
            .Bind(1, _unit.Tenant.Value)
            .Bind(2, after.Version)
            .Bind(3, after.Available)
            .Bind(4, after.Held)
            .Bind(5, after.Settled)
            .Bind(6, _lots)
            .Bind(7, after.AnsweredThrough)
            .Execute();
    }

    private void InsertHold(SqliteConnection database, Hold hold, byte[] slices) => database
        .Prepare("""
            INSERT INTO holds (task_id, tenant, sequence, amount, slices, queued, settled, released)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0)
            """)
        .Bind(1, hold.TaskId.Value)
        .Bind(2, _unit.Tenant.Value)
        .Bind(3, hold.Sequence)
        .Bind(4, hold.Amount)
        .Bind(5, slices)
        .Bind(6, hold.Queued)
        .Execute();

    private void WriteIdempotencyKey(SqliteConnection database, IdempotencyRecord record, string? batch) => database
        .Prepare("INSERT OR REPLACE INTO idempotency_keys (tenant, key, body_digest, task_id, created_at, batch) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .Bind(1, _unit.Tenant.Value)
        .Bind(2, record.Key)
        .Bind(3, record.BodyDigest)
        .Bind(4, record.TaskId.Value)
        .Bind(5, record.CreatedAt)
        .Bind(6, batch)
        .Execute();

    private void InsertEntry(SqliteConnection database, LedgerEntry entry) => database
        .Prepare("""
            INSERT INTO ledger_entries (
                tenant, sequence, kind, operation_id, task_id, grants, available, held, revenue, expired,
                available_after, held_after, at, note, expires_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
            """)
        .Bind(1, _unit.Tenant.Value)
        .Bind(2, entry.Sequence)
        .Bind(3, (int)entry.Kind)
        .Bind(4, entry.OperationId)
        .Bind(5, entry.TaskId?.Value)
        .Bind(6, entry.Postings.Grants)
        .Bind(7, entry.Postings.Available)
        .Bind(8, entry.Postings.Held)
        .Bind(9, entry.Postings.Revenue)
        .Bind(10, entry.Postings.Expired)
        .Bind(11, entry.AvailableAfter)
        .Bind(12, entry.HeldAfter)
        .Bind(13, entry.At)
        .Bind(14, entry.Note)
        .Bind(15, entry.ExpiresAt)
        .Execute();

    private void Resolve(SqliteConnection database, ResolvedTask resolved)
    {
        var resolution = resolved.Resolution;
        var ended = database
            .Prepare("""
                UPDATE holds SET settled = ?3, released = ?4, ended_at = ?5, queued = 0
                WHERE task_id = ?1 AND tenant = ?2 AND ended_at IS NULL
                """)
            .Bind(1, resolution.TaskId.Value)
            .Bind(2, _unit.Tenant.Value)
            .Bind(3, resolution.Settled)
            .Bind(4, resolution.Released)
            .Bind(5, resolution.At)
            .Execute();
        Expect(ended == 1, resolution.TaskId, "has no open hold to resolve");
        database
            .Prepare("""
                INSERT INTO resolutions (task_id, tenant, outcome, settled, released, billed_seconds, at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                """)
            .Bind(1, resolution.TaskId.Value)
            .Bind(2, _unit.Tenant.Value)
            .Bind(3, (int)resolution.Outcome)
            .Bind(4, resolution.Settled)
            .Bind(5, resolution.Released)
            .Bind(6, resolution.BilledSeconds)
            .Bind(7, resolution.At)
            .Execute();
        database
            .Prepare("INSERT INTO outbox (id, task_id, tenant, event_type, created_at) VALUES (?1, ?2, ?3, ?4, ?5)")
            .Bind(1, resolved.Outbox.Id)
            .Bind(2, resolved.Outbox.TaskId.Value)
            .Bind(3, _unit.Tenant.Value)
            .Bind(4, resolved.Outbox.EventType)
            .Bind(5, resolved.Outbox.CreatedAt)
            .Execute();
    }

    private void Promote(SqliteConnection database, PromotedTask promoted)
    {
        var holds = database
            .Prepare("UPDATE holds SET queued = 0 WHERE task_id = ?1 AND tenant = ?2 AND ended_at IS NULL")
            .Bind(1, promoted.TaskId.Value)
            .Bind(2, _unit.Tenant.Value)
            .Execute();
        var tasks = database
            .Prepare("UPDATE tasks SET queued = 0, due_at = ?3 WHERE id = ?1 AND tenant = ?2")
            .Bind(1, promoted.TaskId.Value)
            .Bind(2, _unit.Tenant.Value)
            .Bind(3, promoted.DueAt)
            .Execute();
        Expect(holds == 1 && tasks == 1, promoted.TaskId, "has no open hold to promote");
    }

    private static void Expect(bool holds, TaskId task, string otherwise)
    {
        if (!holds)
        {
            throw new StorageException($"Task {task} {otherwise}.");
        }
    }
}
