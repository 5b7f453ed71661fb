-- Slots and charges of provider accounts, and what the operator has switched.

-- A row for each slot that is taken: the key is the fence, and the last wall behind it. A task has one slot at most.
CREATE TABLE upstream_slots (
    account    text COLLATE "C" NOT NULL,
    number     integer          NOT NULL CHECK (number >= 1),
    tenant     text COLLATE "C" NOT NULL,
    task_id    text COLLATE "C" NOT NULL,
    attempt_id text COLLATE "C" NOT NULL,
    taken_at   bigint           NOT NULL,
    PRIMARY KEY (account, number),
    UNIQUE (task_id, tenant)
);

-- What attempts cost us, in millionths of a US dollar. Kinds: 1 made, 2 late, 3 possible, 4 none.
CREATE TABLE upstream_charges (
    attempt_id text COLLATE "C" NOT NULL PRIMARY KEY,
    tenant     text COLLATE "C" NOT NULL,
    task_id    text COLLATE "C" NOT NULL,
    account    text COLLATE "C" NOT NULL,
    route      text COLLATE "C" NOT NULL,
    kind       integer          NOT NULL CHECK (kind BETWEEN 1 AND 4),
    cost       bigint           NOT NULL CHECK (cost >= 0),
    at         bigint           NOT NULL,
    check_at   bigint,
    CHECK (check_at IS NULL OR kind = 3)
);

CREATE INDEX upstream_charges_by_time ON upstream_charges (at);

CREATE INDEX upstream_charges_by_task ON upstream_charges (task_id, tenant);

CREATE INDEX upstream_charges_due ON upstream_charges (check_at) WHERE check_at IS NOT NULL;

-- Route is empty for the account itself. States: 1 enabled, 2 draining, 3 disabled.
CREATE TABLE operator_switches (
    account text COLLATE "C" NOT NULL,
    route   text COLLATE "C" NOT NULL,
    state   integer          NOT NULL CHECK (state BETWEEN 1 AND 3),
    set_at  bigint           NOT NULL,
    PRIMARY KEY (account, route)
);
