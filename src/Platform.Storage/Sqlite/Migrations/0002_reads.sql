-- What lists, statements, usage and the service's own figures are read by. Every index of a tenant's rows leads with the tenant, so
-- that no query of one tenant ever scans another's rows; those that a commit of every task writes to are as few as can be, because the
-- writer is the bottleneck.

-- Copies of what the state says, written once with the row.
ALTER TABLE tasks ADD COLUMN api_key TEXT NOT NULL DEFAULT '';
ALTER TABLE tasks ADD COLUMN quality TEXT NOT NULL DEFAULT '';
ALTER TABLE tasks ADD COLUMN end_user TEXT;

UPDATE tasks SET
    api_key = json_extract(state, '$.key'),
    quality = json_extract(state, '$.request.quality'),
    end_user = json_extract(state, '$.request.endUser');

-- Lists by the caller's own user, newest first.
CREATE INDEX tasks_by_end_user ON tasks (tenant, end_user, created_at, id) WHERE end_user IS NOT NULL;

-- Lists of what did not complete, newest first. Those of what has not ended go by the open holds, which have an index; those of what
-- has completed go by age, for most tasks complete.
CREATE INDEX tasks_unsuccessful ON tasks (tenant, status, created_at, id) WHERE status >= 4;

-- Usage: all that it groups by is in the index; only the sums come from elsewhere, the resolutions.
CREATE INDEX tasks_by_end ON tasks (tenant, ended_at, status, model, quality, api_key, end_user, id) WHERE ended_at IS NOT NULL;

-- The service's own figures of the last hours, over all tenants; new entries go to its end.
CREATE INDEX tasks_ended ON tasks (ended_at, status, model, created_at, tenant) WHERE ended_at IS NOT NULL;

-- Metadata that tasks are found by: a row for each pair of a task. A side table rather than json_extract on the state, because callers
-- look for single tasks by an id of their own, over and over, and would read and parse all of their tasks for each; tasks without
-- metadata write nothing here. Metadata never changes, and neither do these rows.
CREATE TABLE task_metadata (
    tenant     TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    value      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    task_id    TEXT    NOT NULL,
    PRIMARY KEY (tenant, key, value, created_at, task_id)
) STRICT, WITHOUT ROWID;

INSERT INTO task_metadata (tenant, key, value, created_at, task_id)
SELECT t.tenant, m.key, m.value, t.created_at, t.id
FROM tasks t, json_each(t.state, '$.request.metadata') m;

-- Entries of a task: its receipt. It leads with the task's id, as all keys that are a task's.
CREATE INDEX ledger_by_task ON ledger_entries (task_id, tenant) WHERE task_id IS NOT NULL;

-- Grants, adjustments and expiries, which are few among the entries of tasks. There is none by time: the sequence follows it, and a
-- statement reads its own tenant's entries in that order.
CREATE INDEX ledger_of_account ON ledger_entries (tenant, kind, sequence) WHERE kind IN (1, 5, 6);
