-- The first schema. Credits are integers of 10^-8 credits, times are unix milliseconds, documents are JSON with a version of their own.
-- What is compared or sorted as text is compared byte by byte ("C"), as the program does, whatever the locale of the database.
--
-- What grows is partitioned by month (yyyymm, UTC). Rows of a task go by the month in the task's id, which is a function of it, so that
-- a key of id, tenant and month is as unique as one of id and tenant. Entries of the ledger go by a month that never falls within an
-- account, so that what is cut off with an old month is always the beginning of a ledger. What has no partition falls into the default
-- one: a month that nobody made in time costs nothing but that it cannot be cut off.
--
-- There are no foreign keys between partitioned tables: an old month could not leave, and each accept would pay for the checks of rows
-- that its own statement writes.

CREATE TABLE tenants (
    id              text COLLATE "C" NOT NULL PRIMARY KEY,
    name            text             NOT NULL,
    user_group      text             NOT NULL,
    status          integer          NOT NULL CHECK (status BETWEEN 1 AND 3),
    may_use_sandbox boolean          NOT NULL,
    created_at      bigint           NOT NULL
);

CREATE TABLE api_keys (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    tenant      text COLLATE "C" NOT NULL REFERENCES tenants (id),
    name        text             NOT NULL,
    secret_hash text COLLATE "C" NOT NULL UNIQUE,
    created_at  bigint           NOT NULL,
    expires_at  bigint,
    revoked_at  bigint
);

-- Rows change in place while their page has room. The month is that of the last entry.
CREATE TABLE accounts (
    tenant           text COLLATE "C" NOT NULL PRIMARY KEY,
    version          bigint           NOT NULL CHECK (version >= 0),
    available        bigint           NOT NULL CHECK (available >= 0),
    held             bigint           NOT NULL CHECK (held >= 0),
    settled          bigint           NOT NULL CHECK (settled >= 0),
    lots             text             NOT NULL,
    answered_through bigint           NOT NULL CHECK (answered_through BETWEEN 0 AND version),
    month            integer          NOT NULL
) WITH (fillfactor = 50);

-- Only ever added to. Entries of tasks are named after them, so that one index finds an operation, keeps it from being booked twice in
-- a month, and finds all entries of a task.
CREATE TABLE ledger_entries (
    tenant          text COLLATE "C" NOT NULL,
    sequence        bigint           NOT NULL CHECK (sequence >= 1),
    kind            integer          NOT NULL CHECK (kind BETWEEN 1 AND 6),
    operation_id    text COLLATE "C" NOT NULL,
    task_id         text COLLATE "C",
    grants          bigint           NOT NULL,
    available       bigint           NOT NULL,
    held            bigint           NOT NULL,
    revenue         bigint           NOT NULL,
    expired         bigint           NOT NULL,
    available_after bigint           NOT NULL CHECK (available_after >= 0),
    held_after      bigint           NOT NULL CHECK (held_after >= 0),
    at              bigint           NOT NULL,
    note            text,
    expires_at      bigint,
    month           integer          NOT NULL,
    PRIMARY KEY (tenant, sequence, month),
    UNIQUE (operation_id, kind, tenant, month),
    CHECK (grants + available + held + revenue + expired = 0),
    CHECK (kind NOT IN (2, 3, 4) OR (task_id IS NOT NULL AND operation_id = task_id))
) PARTITION BY RANGE (month);

-- Grants, adjustments and expiries, which are few among the entries of tasks.
CREATE INDEX ledger_of_account ON ledger_entries (tenant, kind, sequence) WHERE kind IN (1, 5, 6);

-- Grants and adjustments that were booked, in whatever month: their ids are unique for ever.
CREATE TABLE account_operations (
    operation_id text COLLATE "C" NOT NULL,
    tenant       text COLLATE "C" NOT NULL,
    PRIMARY KEY (operation_id, tenant)
);

CREATE TABLE tasks (
    tenant     text COLLATE "C" NOT NULL,
    id         text COLLATE "C" NOT NULL,
    month      integer          NOT NULL,
    version    bigint           NOT NULL CHECK (version >= 1),
    status     integer          NOT NULL CHECK (status BETWEEN 1 AND 5),
    phase      text             NOT NULL,
    model      text COLLATE "C" NOT NULL,
    created_at bigint           NOT NULL,
    ended_at   bigint,
    due_at     bigint,
    shard      integer          NOT NULL,
    queued     boolean          NOT NULL,
    state      text             NOT NULL,
    api_key    text COLLATE "C" NOT NULL,
    quality    text COLLATE "C" NOT NULL,
    end_user   text COLLATE "C",
    PRIMARY KEY (id, tenant, month),
    CHECK ((ended_at IS NULL) = (status <= 2)),
    CHECK ((due_at IS NULL) = (status >= 3))
) PARTITION BY RANGE (month);

CREATE INDEX tasks_by_age ON tasks (tenant, created_at, id);

CREATE INDEX tasks_due ON tasks (shard, due_at) WHERE due_at IS NOT NULL;

CREATE INDEX tasks_by_end_user ON tasks (tenant, end_user, created_at, id) WHERE end_user IS NOT NULL;

CREATE INDEX tasks_unsuccessful ON tasks (tenant, status, created_at, id) WHERE status >= 4;

CREATE INDEX tasks_by_end ON tasks (tenant, ended_at) WHERE ended_at IS NOT NULL;

CREATE INDEX tasks_ended ON tasks (ended_at) WHERE ended_at IS NOT NULL;

-- Events in order: by the version of the task that their commit made, then by their place in the commit.
CREATE TABLE task_events (
    task_id  text COLLATE "C" NOT NULL,
    tenant   text COLLATE "C" NOT NULL,
    month    integer          NOT NULL,
    version  bigint           NOT NULL CHECK (version >= 1),
    position integer          NOT NULL CHECK (position >= 0),
    at       bigint           NOT NULL,
    kind     text             NOT NULL,
    data     text             NOT NULL,
    PRIMARY KEY (task_id, tenant, version, position, month)
) PARTITION BY RANGE (month);

-- Metadata that tasks are found by: a row for each pair of a task. It never changes, and neither do these rows.
CREATE TABLE task_metadata (
    tenant     text COLLATE "C" NOT NULL,
    key        text COLLATE "C" NOT NULL,
    value      text COLLATE "C" NOT NULL,
    created_at bigint           NOT NULL,
    task_id    text COLLATE "C" NOT NULL,
    month      integer          NOT NULL,
    PRIMARY KEY (tenant, key, value, created_at, task_id, month)
) PARTITION BY RANGE (month);

CREATE TABLE holds (
    task_id  text COLLATE "C" NOT NULL,
    tenant   text COLLATE "C" NOT NULL,
    month    integer          NOT NULL,
    sequence bigint           NOT NULL CHECK (sequence >= 1),
    amount   bigint           NOT NULL CHECK (amount >= 0),
    slices   text             NOT NULL,
    queued   boolean          NOT NULL,
    settled  bigint           NOT NULL CHECK (settled >= 0),
    released bigint           NOT NULL CHECK (released >= 0),
    ended_at bigint,
    PRIMARY KEY (task_id, tenant, month),
    CHECK (settled + released = CASE WHEN ended_at IS NULL THEN 0 ELSE amount END),
    CHECK (ended_at IS NULL OR NOT queued)
) PARTITION BY RANGE (month);

CREATE INDEX holds_open ON holds (tenant) WHERE ended_at IS NULL;

CREATE TABLE resolutions (
    task_id        text COLLATE "C" NOT NULL,
    tenant         text COLLATE "C" NOT NULL,
    month          integer          NOT NULL,
    outcome        integer          NOT NULL CHECK (outcome BETWEEN 3 AND 5),
    settled        bigint           NOT NULL CHECK (settled >= 0),
    released       bigint           NOT NULL CHECK (released >= 0),
    billed_seconds integer          NOT NULL CHECK (billed_seconds >= 0),
    at             bigint           NOT NULL,
    PRIMARY KEY (task_id, tenant, month),
    CHECK (outcome = 3 OR settled = 0)
) PARTITION BY RANGE (month);

CREATE SEQUENCE outbox_positions;

CREATE TABLE outbox (
    position   bigint           NOT NULL DEFAULT nextval('outbox_positions'),
    id         text COLLATE "C" NOT NULL,
    task_id    text COLLATE "C" NOT NULL,
    tenant     text COLLATE "C" NOT NULL,
    month      integer          NOT NULL,
    event_type text             NOT NULL,
    created_at bigint           NOT NULL,
    PRIMARY KEY (task_id, tenant, month),
    UNIQUE (id, month)
) PARTITION BY RANGE (month);

CREATE TABLE idempotency_keys (
    tenant      text COLLATE "C" NOT NULL,
    key         text COLLATE "C" NOT NULL,
    body_digest text             NOT NULL,
    task_id     text COLLATE "C" NOT NULL,
    created_at  bigint           NOT NULL,
    batch       text,
    PRIMARY KEY (tenant, key)
);

-- A removed file keeps its row, so that a listing can go on behind it.
CREATE TABLE files (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    tenant     text COLLATE "C" NOT NULL,
    file_name  text             NOT NULL,
    format     integer          NOT NULL CHECK (format BETWEEN 1 AND 4),
    width      integer          NOT NULL,
    height     integer          NOT NULL,
    seconds    numeric,
    has_audio  boolean          NOT NULL,
    length     bigint           NOT NULL CHECK (length >= 0),
    sha256     text             NOT NULL,
    created_at bigint           NOT NULL,
    removed    boolean          NOT NULL
);

CREATE INDEX files_by_age ON files (tenant, created_at, id);

CREATE TABLE sandbox_jobs (
    row_number      bigint           NOT NULL GENERATED ALWAYS AS IDENTITY,
    id              text COLLATE "C" NOT NULL PRIMARY KEY,
    reference       text COLLATE "C" NOT NULL UNIQUE,
    request         text             NOT NULL,
    submissions     integer          NOT NULL CHECK (submissions >= 1),
    status          integer          NOT NULL CHECK (status BETWEEN 1 AND 5),
    created_at      bigint           NOT NULL,
    ready_at        bigint           NOT NULL,
    lease_until     bigint,
    output_key      text,
    output_seconds  numeric,
    failure_code    text,
    failure_message text,
    CHECK ((lease_until IS NULL) = (status <> 2)),
    CHECK ((output_key IS NULL) = (status <> 3)),
    CHECK ((failure_code IS NULL) = (status <> 4))
);

CREATE INDEX sandbox_jobs_open ON sandbox_jobs (created_at, row_number) WHERE status <= 2;

-- A wall behind the fences: what a statement must have done, or the whole transaction goes.
CREATE FUNCTION demand(holds boolean, otherwise text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF holds IS NOT TRUE THEN
        RAISE EXCEPTION '%', otherwise;
    END IF;
    RETURN true;
END $$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a ledger entry is never changed or deleted';
END $$;

CREATE TRIGGER ledger_entries_stay BEFORE UPDATE OR DELETE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER ledger_entries_last BEFORE TRUNCATE ON ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Months: made ahead, closed and cut off when they are old.

CREATE TABLE closed_months (
    month     integer NOT NULL PRIMARY KEY,
    closed_at timestamptz NOT NULL DEFAULT now()
);

-- Where each ledger stood when a month was closed: its remaining entries go on from the last of these.
CREATE TABLE closings (
    tenant    text COLLATE "C" NOT NULL,
    month     integer          NOT NULL REFERENCES closed_months (month),
    sequence  bigint           NOT NULL,
    available bigint           NOT NULL,
    held      bigint           NOT NULL,
    revenue   bigint           NOT NULL,
    PRIMARY KEY (tenant, month)
);

CREATE FUNCTION monthly_tables() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['tasks', 'task_events', 'task_metadata', 'holds', 'resolutions', 'outbox', 'ledger_entries']
$$;

-- Makes the partitions of a month that are missing. False where some of its rows are in the default partition already: there they stay.
CREATE FUNCTION make_month(wanted integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    strays boolean;
BEGIN
    IF wanted <= (SELECT COALESCE(max(month), 0) FROM closed_months) THEN
        RETURN false;
    END IF;

    -- One at a time: who comes second finds them made.
    PERFORM pg_advisory_xact_lock(hashtext('platform make_month'));
    FOREACH parent IN ARRAY monthly_tables() LOOP
        IF to_regclass(format('%I', parent || '_' || wanted)) IS NOT NULL THEN
            CONTINUE;
        END IF;
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE month = $1)', parent || '_default') INTO strays USING wanted;
        IF strays THEN
            RETURN false;
        END IF;

        -- To attach a table disturbs less than to make it in place: writers of other months go on.
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', parent || '_' || wanted, parent);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', parent, parent || '_' || wanted, wanted, wanted + 1);
    END LOOP;
    RETURN true;
END $$;

-- Closes a month and cuts it off: its tables stay beside the others, to be archived and dropped. All months before it must be closed, no
-- task of it may be unfinished, and it must be over for more than a month, so that no clock of any silo still writes to it.
CREATE FUNCTION close_month(wanted integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    strays boolean;
    newest integer := to_char((now() AT TIME ZONE 'UTC') - interval '2 months', 'YYYYMM')::integer;
BEGIN
    PERFORM demand(wanted <= newest, format('month %s is not over for long enough; %s is the newest that can be closed', wanted, newest));
    PERFORM demand(NOT EXISTS (SELECT FROM closed_months WHERE month >= wanted), format('month %s is closed', wanted));
    PERFORM demand(NOT EXISTS (SELECT FROM ledger_entries WHERE month < wanted), format('there are entries before month %s: close those months first', wanted));
    PERFORM demand(NOT EXISTS (SELECT FROM tasks WHERE month BETWEEN 1 AND wanted - 1), format('there are tasks before month %s: close those months first', wanted));
    PERFORM demand(NOT EXISTS (SELECT FROM tasks WHERE month = wanted AND ended_at IS NULL), format('month %s has tasks that have not ended', wanted));
    FOREACH parent IN ARRAY monthly_tables() LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE month = $1)', parent || '_default') INTO strays USING wanted;
        PERFORM demand(NOT strays, format('month %s has rows in %s_default and stays', wanted, parent));
    END LOOP;

    INSERT INTO closed_months (month) VALUES (wanted);
    INSERT INTO closings (tenant, month, sequence, available, held, revenue)
    SELECT DISTINCT ON (e.tenant) e.tenant, wanted, e.sequence, e.available_after, e.held_after,
        sum(e.revenue) OVER (PARTITION BY e.tenant)
        + COALESCE((SELECT c.revenue FROM closings c WHERE c.tenant = e.tenant ORDER BY c.month DESC LIMIT 1), 0)
    FROM ledger_entries e
    WHERE e.month = wanted
    ORDER BY e.tenant, e.sequence DESC;

    FOREACH parent IN ARRAY monthly_tables() LOOP
        IF to_regclass(format('%I', parent || '_' || wanted)) IS NOT NULL THEN
            EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', parent, parent || '_' || wanted);
        END IF;
    END LOOP;
END $$;

DO $$
DECLARE
    parent text;
BEGIN
    FOREACH parent IN ARRAY monthly_tables() LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', parent || '_default', parent);
    END LOOP;
END $$;
