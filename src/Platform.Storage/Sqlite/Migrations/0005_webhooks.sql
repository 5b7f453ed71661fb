-- Webhooks: from the outbox by deliveries to what came of them; and the keys that seal secrets.

-- Null once it is fanned out; before that, from when on it may be taken. Messages that are older than webhooks are still to be told.
ALTER TABLE outbox ADD COLUMN due_at INTEGER DEFAULT 0;

CREATE INDEX outbox_due ON outbox (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE webhook_endpoints (
    id              TEXT    NOT NULL PRIMARY KEY,
    tenant          TEXT    NOT NULL,
    version         INTEGER NOT NULL CHECK (version >= 1),
    url             TEXT    NOT NULL,
    description     TEXT    NOT NULL,
    events          TEXT    NOT NULL, -- separated by spaces; empty for all
    disabled_reason INTEGER CHECK (disabled_reason BETWEEN 1 AND 3),
    disabled_at     INTEGER,
    failing_since   INTEGER,
    created_at      INTEGER NOT NULL,
    CHECK ((disabled_reason IS NULL) = (disabled_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX webhook_endpoints_of_tenant ON webhook_endpoints (tenant, created_at, id);

CREATE TABLE webhook_secrets (
    id          TEXT    NOT NULL PRIMARY KEY,
    tenant      TEXT    NOT NULL,
    owner       TEXT    NOT NULL,
    sealed      TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    valid_until INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX webhook_secrets_newest ON webhook_secrets (tenant, owner) WHERE valid_until IS NULL;

CREATE INDEX webhook_secrets_of_owner ON webhook_secrets (tenant, owner, created_at);

CREATE TABLE webhook_messages (
    row_number INTEGER NOT NULL PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    tenant     TEXT    NOT NULL,
    event_type TEXT    NOT NULL,
    task_id    TEXT,
    body       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX webhook_messages_by_age ON webhook_messages (created_at);

CREATE TABLE webhook_deliveries (
    row_number      INTEGER NOT NULL PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE,
    tenant          TEXT    NOT NULL,
    message_id      TEXT    NOT NULL REFERENCES webhook_messages (id),
    event_type      TEXT    NOT NULL,
    task_id         TEXT,
    endpoint_id     TEXT,
    url             TEXT    NOT NULL,
    lane            TEXT    NOT NULL,
    status          INTEGER NOT NULL CHECK (status BETWEEN 1 AND 4),
    attempts        INTEGER NOT NULL CHECK (attempts >= 0),
    attempts_before INTEGER NOT NULL CHECK (attempts_before BETWEEN 0 AND attempts),
    scheduled_from  INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    due_at          INTEGER,
    CHECK ((due_at IS NULL) = (status <> 1))
) STRICT;

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (lane, due_at) WHERE due_at IS NOT NULL;

CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (tenant, created_at, id);

CREATE INDEX webhook_deliveries_of_message ON webhook_deliveries (message_id);

CREATE INDEX webhook_deliveries_of_endpoint ON webhook_deliveries (endpoint_id, created_at) WHERE endpoint_id IS NOT NULL;

CREATE INDEX webhook_deliveries_of_task ON webhook_deliveries (task_id) WHERE task_id IS NOT NULL;

CREATE TABLE webhook_attempts (
    delivery_id TEXT    NOT NULL,
    number      INTEGER NOT NULL CHECK (number >= 1),
    at          INTEGER NOT NULL,
    url         TEXT    NOT NULL,
    outcome     INTEGER NOT NULL CHECK (outcome BETWEEN 1 AND 5),
    latency_ms  INTEGER NOT NULL CHECK (latency_ms >= 0),
    status_code INTEGER,
    excerpt     TEXT,
    error       TEXT,
    retry_after INTEGER, -- milliseconds
    PRIMARY KEY (delivery_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE key_ring (
    position INTEGER NOT NULL PRIMARY KEY,
    name     TEXT    NOT NULL UNIQUE,
    xml      TEXT    NOT NULL,
    added_at INTEGER NOT NULL
) STRICT;
