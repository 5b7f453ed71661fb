\set random random(1, 9000000000000000000)
BEGIN;
SELECT version FROM accounts WHERE tenant = 'ten_2v7h3kq9xw5m0' FOR UPDATE \gset
UPDATE accounts SET version = version + 1, available = available - 4082400000, held = held + 4082400000, month = to_char(now() AT TIME ZONE 'UTC', 'YYYYMM')::integer,
    lots = '{"v":1,"lots":[{"grant":"grt_2v7h3kq9xw5m8r4t2v7h","amount":999962890.9840}]}'
WHERE tenant = 'ten_2v7h3kq9xw5m0' AND available >= 4082400000 ;
INSERT INTO tasks (tenant, id, month, version, status, phase, model, created_at, ended_at, due_at, shard, queued, state, api_key, quality, end_user)
VALUES ('ten_2v7h3kq9xw5m0', 'task-unified-' || extract(epoch FROM now())::bigint || '-' || lpad(to_hex(:random::bigint), 16, '0'), to_char(now() AT TIME ZONE 'UTC', 'YYYYMM')::integer, 1, 1, 'accepted', 'kling-v3-motion-control', (extract(epoch FROM now()) * 1000)::bigint, NULL, (extract(epoch FROM now()) * 1000)::bigint + 3600000, (:random::bigint % 16)::integer, true,
    '{"v":1,"key":"key_2v7h3kq9xw5m8r4t","request":{"model":"kling-v3-motion-control","image":"http://127.0.0.1:8080/v1/files/file_2v7h3kq9xw5m8r4t2v7h/content?expires=1800000000&signature=aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hI5kL7nO9q","video":"http://127.0.0.1:8080/v1/files/file_2v7h3kq9xw5m8r4t2v7h/content?expires=1800000000&signature=aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hI5kL7nO9q","prompt":"A girl wearing a gray loose T-shirt and denim shorts","quality":"720p","orientation":"image","sound": true},"price":{"version":1,"base":8.1648,"quality":1,"group":"default","groupFactor":1,"unit":8.1648,"rounding":1,"perUsd":72},"reservedSeconds":5,"inspectedSeconds":5,"reserved":40.8240,"queueDeadline":1800000000000,"generationTimeout":3600000,"estimatedSeconds":180,"phase":{"is":"accepted"}}', 'key_2v7h3kq9xw5m8r4t', '720p', NULL);
INSERT INTO task_events (task_id, tenant, month, version, position, at, kind, data)
VALUES ('task-unified-' || extract(epoch FROM now())::bigint || '-' || lpad(to_hex(:random::bigint), 16, '0'), 'ten_2v7h3kq9xw5m0', to_char(now() AT TIME ZONE 'UTC', 'YYYYMM')::integer, 1, 0, (extract(epoch FROM now()) * 1000)::bigint, 'accepted', '{"v":1,"reserved":40.8240,"reservedSeconds":5,"queued": true}');
INSERT INTO holds (task_id, tenant, month, sequence, amount, slices, queued, settled, released)
VALUES ('task-unified-' || extract(epoch FROM now())::bigint || '-' || lpad(to_hex(:random::bigint), 16, '0'), 'ten_2v7h3kq9xw5m0', to_char(now() AT TIME ZONE 'UTC', 'YYYYMM')::integer, :version + 1, 4082400000, '{"v":1,"lots":[{"grant":"grt_2v7h3kq9xw5m8r4t2v7h","amount":40.8240}]}', true, 0, 0);
INSERT INTO ledger_entries (tenant, sequence, kind, operation_id, task_id, grants, available, held, revenue, expired, available_after, held_after, at, month)
VALUES ('ten_2v7h3kq9xw5m0', :version + 1, 2, 'task-unified-' || extract(epoch FROM now())::bigint || '-' || lpad(to_hex(:random::bigint), 16, '0'), 'task-unified-' || extract(epoch FROM now())::bigint || '-' || lpad(to_hex(:random::bigint), 16, '0'), 0, -4082400000, 4082400000, 0, 0, 1000000000, 4082400000, (extract(epoch FROM now()) * 1000)::bigint, to_char(now() AT TIME ZONE 'UTC', 'YYYYMM')::integer);
COMMIT;
