-- What the ADO.NET providers of Orleans find in the database: membership, reminders, grain state. They send the texts of OrleansQuery
-- and nothing else, with named parameters; the keys, parameters and results are theirs, the tables are ours.
--
-- The whole file can be run again, also by a newer program while silos of an older one run: they have read their texts at their start.
-- Every fence is a predicate: a statement that lost changes nothing and says so.

CREATE SCHEMA IF NOT EXISTS orleans;

-- Name and columns are the providers'; they read it without a schema, by the search path.
CREATE TABLE IF NOT EXISTS orleans.orleansquery (
    querykey text PRIMARY KEY,
    querytext text NOT NULL
);

-- One row per cluster: every change of its membership raises the version, and only a change that knew the last version is made.
CREATE TABLE IF NOT EXISTS orleans.cluster_version (
    deployment_id text PRIMARY KEY,
    version integer NOT NULL CHECK (version >= 0),
    changed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS orleans.silo (
    deployment_id text NOT NULL REFERENCES orleans.cluster_version ON DELETE CASCADE,
    address text NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    silo_name text NOT NULL,
    host_name text NOT NULL,
    status integer NOT NULL,
    proxy_port integer NOT NULL,
    suspect_times text,
    start_time timestamptz NOT NULL,
    i_am_alive_time timestamptz NOT NULL,
    PRIMARY KEY (deployment_id, address, port, generation)
);

CREATE TABLE IF NOT EXISTS orleans.reminder (
    service_id text NOT NULL,
    grain_id text NOT NULL CHECK (length(grain_id) <= 150),
    reminder_name text NOT NULL,
    start_time timestamptz NOT NULL,
    period bigint NOT NULL,
    -- An unsigned hash, as the signed number that it arrives as; ranges are compared in that order.
    grain_hash integer NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (service_id, grain_id, reminder_name)
);

-- Every silo reads its ranges again every five minutes.
CREATE INDEX IF NOT EXISTS reminder_by_hash ON orleans.reminder (service_id, grain_hash);

-- The providers' key may have a null part. Whether it has one and what it is are two columns here, so that the key is unique and found by
-- equality alone. Their hashes of the key are hints, which nothing here needs.
CREATE TABLE IF NOT EXISTS orleans.grain_state (
    service_id text NOT NULL,
    state_name text NOT NULL,
    grain_n0 bigint NOT NULL,
    grain_n1 bigint NOT NULL,
    has_extension boolean NOT NULL,
    extension text NOT NULL,
    payload bytea,
    version integer NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service_id, state_name, grain_n0, grain_n1, extension, has_extension)
);

WITH texts (querykey, querytext) AS (
VALUES

-- Clustering --------------------------------------------------------------------------------------------------------------------------

('InsertMembershipVersionKey', $query$
WITH made AS (
    INSERT INTO orleans.cluster_version (deployment_id, version) VALUES (@DeploymentId, 0)
    ON CONFLICT (deployment_id) DO NOTHING
    RETURNING 1)
SELECT count(*)::integer FROM made
$query$),

('MembershipReadAllKey', $query$
SELECT v.deployment_id AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
    s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes, s.start_time AS StartTime,
    s.i_am_alive_time AS IAmAliveTime, v.version AS Version
FROM orleans.cluster_version v
LEFT JOIN orleans.silo s ON s.deployment_id = v.deployment_id
WHERE v.deployment_id = @DeploymentId
$query$),

('MembershipReadRowKey', $query$
SELECT v.deployment_id AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
    s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes, s.start_time AS StartTime,
    s.i_am_alive_time AS IAmAliveTime, v.version AS Version
FROM orleans.cluster_version v
LEFT JOIN orleans.silo s
    ON s.deployment_id = v.deployment_id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
WHERE v.deployment_id = @DeploymentId
$query$),

-- The version's row is the lock: of two that know the same version, the second finds another one. A silo that is there already keeps
-- the version as it is, too; should one come in between, the primary key fails the whole statement.
('InsertMembershipKey', $query$
WITH raised AS (
    UPDATE orleans.cluster_version SET version = version + 1, changed_at = now()
    WHERE deployment_id = @DeploymentId AND version = @Version
        AND NOT EXISTS (
            SELECT 1 FROM orleans.silo
            WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
    RETURNING deployment_id),
joined AS (
    INSERT INTO orleans.silo (
        deployment_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, i_am_alive_time)
    SELECT deployment_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
    FROM raised
    RETURNING 1)
SELECT count(*)::integer FROM joined
$query$),

-- The silo's row is locked first, so that it cannot be cleaned away between the two updates.
('UpdateMembershipKey', $query$
WITH held AS (
    SELECT deployment_id FROM orleans.silo
    WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
    FOR UPDATE),
raised AS (
    UPDATE orleans.cluster_version v SET version = v.version + 1, changed_at = now()
    FROM held
    WHERE v.deployment_id = held.deployment_id AND v.version = @Version
    RETURNING v.deployment_id),
changed AS (
    UPDATE orleans.silo s SET status = @Status, suspect_times = @SuspectTimes, i_am_alive_time = @IAmAliveTime
    FROM raised
    WHERE s.deployment_id = raised.deployment_id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
    RETURNING 1)
SELECT count(*)::integer FROM changed
$query$),

('UpdateIAmAlivetimeKey', $query$
UPDATE orleans.silo SET i_am_alive_time = @IAmAliveTime
WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$query$),

('GatewaysQueryKey', $query$
SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation
FROM orleans.silo
WHERE deployment_id = @DeploymentId AND status = @Status AND proxy_port > 0
$query$),

('DeleteMembershipTableEntriesKey', $query$
DELETE FROM orleans.cluster_version WHERE deployment_id = @DeploymentId
$query$),

-- 3 is the status of a silo that is active.
('CleanupDefunctSiloEntriesKey', $query$
DELETE FROM orleans.silo WHERE deployment_id = @DeploymentId AND i_am_alive_time < @IAmAliveTime AND status <> 3
$query$),

-- Reminders ---------------------------------------------------------------------------------------------------------------------------

('UpsertReminderRowKey', $query$
INSERT INTO orleans.reminder AS r (service_id, grain_id, reminder_name, start_time, period, grain_hash, version)
VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
ON CONFLICT (service_id, grain_id, reminder_name) DO UPDATE
SET start_time = excluded.start_time, period = excluded.period, grain_hash = excluded.grain_hash, version = r.version + 1
RETURNING version AS Version
$query$),

('ReadReminderRowsKey', $query$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
FROM orleans.reminder
WHERE service_id = @ServiceId AND grain_id = @GrainId
$query$),

('ReadReminderRowKey', $query$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
FROM orleans.reminder
WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName
$query$),

('ReadRangeRows1Key', $query$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
FROM orleans.reminder
WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
$query$),

-- The range goes over the end of the ring.
('ReadRangeRows2Key', $query$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
FROM orleans.reminder
WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
$query$),

('DeleteReminderRowKey', $query$
WITH gone AS (
    DELETE FROM orleans.reminder
    WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName AND version = @Version
    RETURNING 1)
SELECT count(*)::integer FROM gone
$query$),

('DeleteReminderRowsKey', $query$
DELETE FROM orleans.reminder WHERE service_id = @ServiceId
$query$),

-- Grain state -------------------------------------------------------------------------------------------------------------------------

('ReadFromStorageKey', $query$
SELECT payload AS PayloadBinary, version AS Version
FROM orleans.grain_state
WHERE service_id = @ServiceId AND state_name = @GrainTypeString AND grain_n0 = @GrainIdN0 AND grain_n1 = @GrainIdN1
    AND extension = COALESCE(@GrainIdExtensionString::text, '') AND has_extension = (@GrainIdExtensionString::text IS NOT NULL)
$query$),

-- One row, always: the new version, or null where it lost. Of two first writes the second one loses.
('WriteToStorageKey', $query$
WITH changed AS (
    UPDATE orleans.grain_state SET payload = @PayloadBinary, version = version + 1, changed_at = now()
    WHERE service_id = @ServiceId AND state_name = @GrainTypeString AND grain_n0 = @GrainIdN0 AND grain_n1 = @GrainIdN1
        AND extension = COALESCE(@GrainIdExtensionString::text, '') AND has_extension = (@GrainIdExtensionString::text IS NOT NULL)
        AND version = @GrainStateVersion::integer
    RETURNING version),
made AS (
    INSERT INTO orleans.grain_state (service_id, state_name, grain_n0, grain_n1, extension, has_extension, payload, version)
    SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1,
        COALESCE(@GrainIdExtensionString::text, ''), @GrainIdExtensionString::text IS NOT NULL, @PayloadBinary, 1
    WHERE @GrainStateVersion::integer IS NULL
    ON CONFLICT DO NOTHING
    RETURNING version)
SELECT COALESCE((SELECT version FROM changed), (SELECT version FROM made)) AS NewGrainStateVersion
$query$),

('ClearStorageKey', $query$
WITH changed AS (
    UPDATE orleans.grain_state SET payload = NULL, version = version + 1, changed_at = now()
    WHERE service_id = @ServiceId AND state_name = @GrainTypeString AND grain_n0 = @GrainIdN0 AND grain_n1 = @GrainIdN1
        AND extension = COALESCE(@GrainIdExtensionString::text, '') AND has_extension = (@GrainIdExtensionString::text IS NOT NULL)
        AND version = @GrainStateVersion::integer
    RETURNING version)
SELECT (SELECT version FROM changed) AS NewGrainStateVersion
$query$),

('DeleteStorageKey', $query$
WITH gone AS (
    DELETE FROM orleans.grain_state
    WHERE service_id = @ServiceId AND state_name = @GrainTypeString AND grain_n0 = @GrainIdN0 AND grain_n1 = @GrainIdN1
        AND extension = COALESCE(@GrainIdExtensionString::text, '') AND has_extension = (@GrainIdExtensionString::text IS NOT NULL)
        AND version = @GrainStateVersion::integer
    RETURNING version)
SELECT (SELECT version + 1 FROM gone) AS NewGrainStateVersion
$query$)

)
INSERT INTO orleans.orleansquery AS q (querykey, querytext)
SELECT querykey, querytext FROM texts
ON CONFLICT (querykey) DO UPDATE SET querytext = excluded.querytext
WHERE q.querytext <> excluded.querytext;
