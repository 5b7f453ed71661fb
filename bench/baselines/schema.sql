-- A frozen copy of the platform's schema (the migrations 0001 and 0002 of src/Platform.Storage/Sqlite, one after the other): the baseline
-- writes the same rows with the same indexes, constraints and triggers, whatever becomes of the platform.

-- The first schema. Credits are integers of 10^-8 credits, times are unix milliseconds, documents are JSON with a version of their own.
--
-- Keys that are a task's lead with the task id, not with the tenant: ids begin with the time, so that new rows of all tenants meet on
-- the last few pages of each tree and a group of accepts writes few pages.

CREATE TABLE tenants (
    id              TEXT    NOT NULL PRIMARY KEY,
    name            TEXT    NOT NULL,
    user_group      TEXT    NOT NULL,
    status          INTEGER NOT NULL CHECK (status BETWEEN 1 AND 3),
    may_use_sandbox INTEGER NOT NULL CHECK (may_use_sandbox IN (0, 1)),
    created_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
    id          TEXT    NOT NULL PRIMARY KEY,
    tenant      TEXT    NOT NULL REFERENCES tenants (id),
    name        TEXT    NOT NULL,
    secret_hash TEXT    NOT NULL UNIQUE,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER,
    revoked_at  INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    tenant    TEXT    NOT NULL PRIMARY KEY,
    version   INTEGER NOT NULL CHECK (version >= 0),
    available INTEGER NOT NULL CHECK (available >= 0),
    held      INTEGER NOT NULL CHECK (held >= 0),
    settled   INTEGER NOT NULL CHECK (settled >= 0),
    lots      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Only ever added to.
CREATE TABLE ledger_entries (
    tenant          TEXT    NOT NULL,
    sequence        INTEGER NOT NULL CHECK (sequence >= 1),
    kind            INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 6),
    operation_id    TEXT    NOT NULL,
    task_id         TEXT,
    grants          INTEGER NOT NULL,
    available       INTEGER NOT NULL,
    held            INTEGER NOT NULL,
    revenue         INTEGER NOT NULL,
    expired         INTEGER NOT NULL,
    available_after INTEGER NOT NULL CHECK (available_after >= 0),
    held_after      INTEGER NOT NULL CHECK (held_after >= 0),
    at              INTEGER NOT NULL,
    note            TEXT,
    expires_at      INTEGER,
    PRIMARY KEY (tenant, sequence),
    CHECK (grants + available + held + revenue + expired = 0)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX ledger_operations ON ledger_entries (operation_id, kind, tenant);

CREATE TRIGGER ledger_entries_stay BEFORE UPDATE ON ledger_entries
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry is never changed');
END;

CREATE TRIGGER ledger_entries_last BEFORE DELETE ON ledger_entries
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry is never deleted');
END;

-- With a row number, because its rows are large: they go to the end of the table, and only small index entries are spread.
CREATE TABLE tasks (
    row_number INTEGER NOT NULL PRIMARY KEY,
    tenant     TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    version    INTEGER NOT NULL CHECK (version >= 1),
    status     INTEGER NOT NULL CHECK (status BETWEEN 1 AND 5),
    phase      TEXT    NOT NULL,
    model      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at   INTEGER,
    due_at     INTEGER,
    shard      INTEGER NOT NULL,
    queued     INTEGER NOT NULL CHECK (queued IN (0, 1)),
    state      TEXT    NOT NULL,
    CHECK ((ended_at IS NULL) = (status <= 2)),
    CHECK ((due_at IS NULL) = (status >= 3))
) STRICT;

CREATE UNIQUE INDEX tasks_by_id ON tasks (id, tenant);

CREATE INDEX tasks_by_age ON tasks (tenant, created_at, id);

CREATE INDEX tasks_due ON tasks (shard, due_at) WHERE due_at IS NOT NULL;

-- Events in order: by the version of the task that their commit made, then by their place in the commit.
CREATE TABLE task_events (
    task_id  TEXT    NOT NULL,
    tenant   TEXT    NOT NULL,
    version  INTEGER NOT NULL CHECK (version >= 1),
    position INTEGER NOT NULL CHECK (position >= 0),
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    data     TEXT    NOT NULL,
    PRIMARY KEY (task_id, tenant, version, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE holds (
    task_id  TEXT    NOT NULL,
    tenant   TEXT    NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence >= 1),
    amount   INTEGER NOT NULL CHECK (amount >= 0),
    slices   TEXT    NOT NULL,
    queued   INTEGER NOT NULL CHECK (queued IN (0, 1)),
    settled  INTEGER NOT NULL CHECK (settled >= 0),
    released INTEGER NOT NULL CHECK (released >= 0),
    ended_at INTEGER,
    PRIMARY KEY (task_id, tenant),
    FOREIGN KEY (task_id, tenant) REFERENCES tasks (id, tenant),
    CHECK (settled + released = CASE WHEN ended_at IS NULL THEN 0 ELSE amount END),
    CHECK (ended_at IS NULL OR queued = 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX holds_open ON holds (tenant) WHERE ended_at IS NULL;

CREATE TABLE resolutions (
    task_id        TEXT    NOT NULL,
    tenant         TEXT    NOT NULL,
    outcome        INTEGER NOT NULL CHECK (outcome BETWEEN 3 AND 5),
    settled        INTEGER NOT NULL CHECK (settled >= 0),
    released       INTEGER NOT NULL CHECK (released >= 0),
    billed_seconds INTEGER NOT NULL CHECK (billed_seconds >= 0),
    at             INTEGER NOT NULL,
    PRIMARY KEY (task_id, tenant),
    FOREIGN KEY (task_id, tenant) REFERENCES tasks (id, tenant),
    CHECK (outcome = 3 OR settled = 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    position   INTEGER NOT NULL PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    task_id    TEXT    NOT NULL,
    tenant     TEXT    NOT NULL,
    event_type TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (task_id, tenant),
    FOREIGN KEY (task_id, tenant) REFERENCES tasks (id, tenant)
) STRICT;

CREATE TABLE idempotency_keys (
    tenant      TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    body_digest TEXT    NOT NULL,
    task_id     TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;

-- A removed file keeps its row, so that a listing can go on behind it.
CREATE TABLE files (
    id         TEXT    NOT NULL PRIMARY KEY,
    tenant     TEXT    NOT NULL,
    file_name  TEXT    NOT NULL,
    format     INTEGER NOT NULL CHECK (format BETWEEN 1 AND 4),
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    seconds    TEXT,
    has_audio  INTEGER NOT NULL CHECK (has_audio IN (0, 1)),
    length     INTEGER NOT NULL CHECK (length >= 0),
    sha256     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    removed    INTEGER NOT NULL CHECK (removed IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX files_by_age ON files (tenant, created_at, id);

CREATE TABLE sandbox_jobs (
    row_number      INTEGER NOT NULL PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE,
    reference       TEXT    NOT NULL UNIQUE,
    request         TEXT    NOT NULL,
    submissions     INTEGER NOT NULL CHECK (submissions >= 1),
    status          INTEGER NOT NULL CHECK (status BETWEEN 1 AND 5),
    created_at      INTEGER NOT NULL,
    ready_at        INTEGER NOT NULL,
    lease_until     INTEGER,
    output_key      TEXT,
    output_seconds  TEXT,
    failure_code    TEXT,
    failure_message TEXT,
    CHECK ((lease_until IS NULL) = (status <> 2)),
    CHECK ((output_key IS NULL) = (status <> 3)),
    CHECK ((failure_code IS NULL) = (status <> 4))
) STRICT;

CREATE INDEX sandbox_jobs_open ON sandbox_jobs (created_at) WHERE status <= 2;

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
