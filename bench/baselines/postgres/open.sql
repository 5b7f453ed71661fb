-- Partitions as the platform has them, and an account for each connection of the baseline.
SELECT make_month(to_char(now() AT TIME ZONE 'UTC' + make_interval(months => ahead), 'YYYYMM')::integer) FROM generate_series(0, 2) ahead;

INSERT INTO accounts (tenant, version, available, held, settled, lots, answered_through, month)
SELECT 'ten_2v7h3kq9xw5m' || client, 0, 9000000000000000000, 0, 0,
    '{"v":1,"lots":[{"grant":"grt_2v7h3kq9xw5m8r4t2v7h","amount":999962890.9840}]}', 0, 0
FROM generate_series(0, 63) client;
