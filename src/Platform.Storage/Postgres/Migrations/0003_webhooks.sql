-- Webhooks: from the outbox by deliveries to what came of them; and the keys that seal secrets.

-- Null once it is fanned out; before that, from when on it may be taken. Messages that are older than webhooks are still to be told.
ALTER TABLE outbox ADD COLUMN due_at bigint DEFAULT 0;

CREATE INDEX outbox_due ON outbox (due_at, position) WHERE due_at IS NOT NULL;

CREATE TABLE webhook_endpoints (
    id              text COLLATE "C" NOT NULL PRIMARY KEY,
    tenant          text COLLATE "C" NOT NULL,
    version         bigint           NOT NULL CHECK (version >= 1),
    url             text             NOT NULL,
    description     text             NOT NULL,
    events          text             NOT NULL, -- separated by spaces; empty for all
    disabled_reason integer          CHECK (disabled_reason BETWEEN 1 AND 3),
    disabled_at     bigint,
    failing_since   bigint,
    created_at      bigint           NOT NULL,
    CHECK ((disabled_reason IS NULL) = (disabled_at IS NULL))
);

CREATE INDEX webhook_endpoints_of_tenant ON webhook_endpoints (tenant, created_at, id);

CREATE TABLE webhook_secrets (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    tenant      text COLLATE "C" NOT NULL,
    owner       text COLLATE "C" NOT NULL,
    sealed      text             NOT NULL,
    created_at  bigint           NOT NULL,
    valid_until bigint
);

CREATE UNIQUE INDEX webhook_secrets_newest ON webhook_secrets (tenant, owner) WHERE valid_until IS NULL;

CREATE INDEX webhook_secrets_of_owner ON webhook_secrets (tenant, owner, created_at);

CREATE TABLE webhook_messages (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    tenant     text COLLATE "C" NOT NULL,
    event_type text             NOT NULL,
    task_id    text COLLATE "C",
    body       text             NOT NULL,
    created_at bigint           NOT NULL
);

CREATE INDEX webhook_messages_by_age ON webhook_messages (created_at);

CREATE TABLE webhook_deliveries (
    row_number      bigint           GENERATED ALWAYS AS IDENTITY,
    id              text COLLATE "C" NOT NULL PRIMARY KEY,
    tenant          text COLLATE "C" NOT NULL,
    message_id      text COLLATE "C" NOT NULL REFERENCES webhook_messages (id),
    event_type      text             NOT NULL,
    task_id         text COLLATE "C",
    endpoint_id     text COLLATE "C",
    url             text             NOT NULL,
    lane            text COLLATE "C" NOT NULL,
    status          integer          NOT NULL CHECK (status BETWEEN 1 AND 4),
    attempts        integer          NOT NULL CHECK (attempts >= 0),
    attempts_before integer          NOT NULL CHECK (attempts_before BETWEEN 0 AND attempts),
    scheduled_from  bigint           NOT NULL,
    created_at      bigint           NOT NULL,
    due_at          bigint,
    CHECK ((due_at IS NULL) = (status <> 1))
);

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (lane, due_at) WHERE due_at IS NOT NULL;

CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (tenant, created_at, id);

CREATE INDEX webhook_deliveries_of_message ON webhook_deliveries (message_id);

CREATE INDEX webhook_deliveries_of_endpoint ON webhook_deliveries (endpoint_id, created_at) WHERE endpoint_id IS NOT NULL;

CREATE INDEX webhook_deliveries_of_task ON webhook_deliveries (task_id) WHERE task_id IS NOT NULL;

CREATE TABLE webhook_attempts (
    delivery_id text COLLATE "C" NOT NULL,
    number      integer          NOT NULL CHECK (number >= 1),
    at          bigint           NOT NULL,
    url         text             NOT NULL,
    outcome     integer          NOT NULL CHECK (outcome BETWEEN 1 AND 5),
    latency_ms  bigint           NOT NULL CHECK (latency_ms >= 0),
    status_code integer,
    excerpt     text,
    error       text,
    retry_after bigint, -- milliseconds
    PRIMARY KEY (delivery_id, number)
);

CREATE TABLE key_ring (
    position bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name     text COLLATE "C" NOT NULL UNIQUE,
    xml      text             NOT NULL,
    added_at bigint           NOT NULL
);
