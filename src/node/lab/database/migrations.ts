// The history of a lab's tables, one migration per change, the same SQL on PGlite and on PostgreSQL. What was released is never edited.

/** Statements by the name of their migration, in the order of names. `schema.ts` tells what the columns hold. */
export const migrations: Readonly<Record<string, readonly string[]>> = {
  "0001-first": [
    `CREATE TABLE mesascope.lab (
      "only" boolean PRIMARY KEY DEFAULT true CHECK ("only"),
      id text NOT NULL,
      built_at timestamptz,
      reconciled_at timestamptz NOT NULL DEFAULT 'epoch'
    )`,
    `CREATE TABLE mesascope.event_head ("only" boolean PRIMARY KEY DEFAULT true CHECK ("only"), number bigint NOT NULL)`,
    "INSERT INTO mesascope.event_head (number) VALUES (0)",
    "CREATE SEQUENCE mesascope.ledger_number",
    "CREATE TABLE mesascope.applied (id text PRIMARY KEY, number bigint NOT NULL)",
    `CREATE TABLE mesascope.jobs (
      key text COLLATE "C" PRIMARY KEY,
      kind text NOT NULL,
      code text NOT NULL,
      state text NOT NULL CHECK (state IN ('blocked', 'queued', 'held', 'running', 'done', 'failed', 'cancelled')),
      priority integer NOT NULL,
      attempt integer NOT NULL DEFAULT 0,
      failures integer NOT NULL DEFAULT 0,
      losses integer NOT NULL DEFAULT 0,
      run text COLLATE "C",
      world text NOT NULL,
      organism text,
      network text NOT NULL,
      optimizer text NOT NULL,
      seed bigint NOT NULL,
      name text NOT NULL,
      ledger_number bigint NOT NULL,
      position integer NOT NULL,
      created_at timestamptz NOT NULL,
      started_at timestamptz,
      finished_at timestamptz,
      worker text,
      progress jsonb,
      outcome jsonb,
      training_return double precision,
      oracle_share double precision,
      verdict text,
      objective text,
      seconds double precision,
      environment_steps bigint,
      error_code text,
      error_message text,
      ticket uuid,
      CHECK (ticket IS NULL OR state IN ('queued', 'running'))
    )`,
    "CREATE INDEX jobs_run ON mesascope.jobs (run) WHERE run IS NOT NULL",
    "CREATE UNIQUE INDEX jobs_ticket ON mesascope.jobs (ticket) WHERE ticket IS NOT NULL",
    "CREATE INDEX jobs_waiting ON mesascope.jobs (state, code) WHERE state IN ('blocked', 'queued', 'held', 'running')",
    "CREATE INDEX jobs_created ON mesascope.jobs (ledger_number, position, key)",
    "CREATE INDEX jobs_finished ON mesascope.jobs (finished_at, key)",
    `CREATE TABLE mesascope.specs (
      key text COLLATE "C" PRIMARY KEY,
      spec jsonb NOT NULL
    )`,
    `CREATE TABLE mesascope.sweeps (
      name text PRIMARY KEY,
      priority integer NOT NULL,
      is_paused boolean NOT NULL DEFAULT false,
      ledger_number bigint NOT NULL,
      accepted_at timestamptz NOT NULL
    )`,
    `CREATE TABLE mesascope.sweep_jobs (
      sweep text NOT NULL,
      job text COLLATE "C" NOT NULL,
      position integer NOT NULL,
      PRIMARY KEY (sweep, job)
    )`,
    "CREATE INDEX sweep_jobs_job ON mesascope.sweep_jobs (job)",
    `CREATE TABLE mesascope.curves (
      job text COLLATE "C" NOT NULL,
      attempt integer NOT NULL,
      first_row integer NOT NULL,
      rows jsonb NOT NULL,
      PRIMARY KEY (job, attempt, first_row)
    )`,
    `CREATE TABLE mesascope.events (
      number bigint PRIMARY KEY,
      at timestamptz NOT NULL,
      kind text NOT NULL,
      job text,
      sweep text,
      data jsonb NOT NULL
    )`,
    "CREATE INDEX events_progress ON mesascope.events (at) WHERE kind = 'progress'",
    `CREATE TABLE mesascope.workers (
      name text PRIMARY KEY,
      code text NOT NULL,
      host text NOT NULL,
      slots integer NOT NULL,
      started_at timestamptz NOT NULL,
      heartbeat_at timestamptz NOT NULL,
      trouble text
    )`,
  ],
  "0002-what-sweeps-want": [
    "ALTER TABLE mesascope.sweeps ADD COLUMN is_cancelled boolean NOT NULL DEFAULT false, ADD COLUMN asked_priority integer",
  ],
  "0003-database-id": ["ALTER TABLE mesascope.lab ADD COLUMN database_id uuid NOT NULL DEFAULT gen_random_uuid()"],
  "0004-configs": [
    `CREATE TABLE mesascope.configs (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      hash bytea NOT NULL UNIQUE,
      value jsonb NOT NULL
    )`,
    "ALTER TABLE mesascope.jobs ADD COLUMN config bigint, ADD COLUMN distribution bigint",
    // Hashes first: what is sorted and joined stays small.
    `CREATE TABLE mesascope.hashed AS
      SELECT key, sha256(convert_to(((spec -> 'recipe') - 'distribution' - 'seed')::text, 'UTF8')) AS config,
        sha256(convert_to((spec -> 'recipe' -> 'distribution')::text, 'UTF8')) AS distribution
      FROM mesascope.specs WHERE spec ->> 'kind' = 'train'`,
    `INSERT INTO mesascope.configs (hash, value)
      SELECT first.hash, (SELECT (spec -> 'recipe') - 'distribution' - 'seed' FROM mesascope.specs WHERE specs.key = first.key)
      FROM (SELECT config AS hash, min(key) AS key FROM mesascope.hashed GROUP BY config) AS first`,
    `INSERT INTO mesascope.configs (hash, value)
      SELECT first.hash, (SELECT spec -> 'recipe' -> 'distribution' FROM mesascope.specs WHERE specs.key = first.key)
      FROM (SELECT distribution AS hash, min(key) AS key FROM mesascope.hashed GROUP BY distribution) AS first
      ON CONFLICT DO NOTHING`,
    `UPDATE mesascope.jobs SET config = configs.id, distribution = distributions.id
      FROM mesascope.hashed
      JOIN mesascope.configs ON configs.hash = hashed.config
      JOIN mesascope.configs AS distributions ON distributions.hash = hashed.distribution
      WHERE hashed.key = coalesce(jobs.run, jobs.key)`,
    "DROP TABLE mesascope.hashed",
  ],
  "0005-ages": [
    "ALTER TABLE mesascope.events ADD COLUMN written_at timestamptz NOT NULL DEFAULT now()",
    "ALTER TABLE mesascope.curves ADD COLUMN told_at timestamptz NOT NULL DEFAULT now()",
    "DROP INDEX mesascope.events_progress",
    "CREATE INDEX events_progress ON mesascope.events (written_at) WHERE kind = 'progress'",
    "CREATE INDEX events_others ON mesascope.events (written_at) WHERE kind != 'progress'",
    "CREATE INDEX curves_told ON mesascope.curves (told_at)",
  ],
  // For what is asked every half minute and seldom there.
  "0006-seldom-there": [
    "CREATE INDEX jobs_without_config ON mesascope.jobs (key) WHERE config IS NULL",
    "CREATE INDEX jobs_cancelled ON mesascope.jobs (key) WHERE state = 'cancelled'",
  ],
  "0007-heard-of": ["ALTER TABLE mesascope.jobs ADD COLUMN heard_at timestamptz"],
  // A list by configuration is found in the index, a tenth of the table, which holds all that a job came to.
  "0008-lists-by-configuration": [
    "DROP INDEX mesascope.jobs_created",
    "CREATE INDEX jobs_created ON mesascope.jobs (ledger_number, position, key) INCLUDE (config, distribution, seed, kind, state)",
  ],
  // Processes of a version before the seventh, which go on beside, take jobs without saying that they hear of them.
  "0009-heard-attempt": ["ALTER TABLE mesascope.jobs ADD COLUMN heard_attempt integer"],
  // Every list asks what else the runs of its names are configured to.
  "0010-configurations-by-name": [
    "CREATE INDEX jobs_named_configs ON mesascope.jobs (name, world, network, optimizer, config, distribution)",
  ],
};
