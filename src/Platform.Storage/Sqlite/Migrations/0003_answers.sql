-- What is known of answers: up to which entry every task was answered to its caller, and what became of each item of a batch.

-- Of what was accepted before, nothing is in doubt any more.
ALTER TABLE accounts ADD COLUMN answered_through INTEGER NOT NULL DEFAULT 0;

UPDATE accounts SET answered_through = version;

ALTER TABLE idempotency_keys ADD COLUMN batch TEXT;
