-- Feeds: what they say of shows and episodes, what is remembered of them between polls, and episodes made one.
-- `lines.exact` becomes two bits, so that 1.5 million rows stay as they are: 1 = the time is exact, 2 = garbled.

ALTER TABLE shows ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE shows ADD COLUMN summary TEXT NOT NULL DEFAULT '';
ALTER TABLE shows ADD COLUMN image TEXT;
-- Grows with every episode that comes or goes: whoever decided by the episodes read before decides again.
ALTER TABLE shows ADD COLUMN catalogue INTEGER NOT NULL DEFAULT 0;

ALTER TABLE shelves ADD COLUMN offset_s REAL NOT NULL DEFAULT 0;
ALTER TABLE shelves ADD COLUMN link_template TEXT;

ALTER TABLE episodes ADD COLUMN kind TEXT NOT NULL DEFAULT 'full' CHECK (kind IN ('full', 'trailer', 'bonus'));
ALTER TABLE episodes ADD COLUMN explicit INTEGER;
ALTER TABLE episodes ADD COLUMN image TEXT;
ALTER TABLE episodes ADD COLUMN withdrawn TEXT;

ALTER TABLE editions ADD COLUMN premiere INTEGER NOT NULL DEFAULT 0;
ALTER TABLE editions ADD COLUMN exact INTEGER NOT NULL DEFAULT 1;

ALTER TABLE chapters ADD COLUMN image TEXT;
ALTER TABLE chapters ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;

ALTER TABLE highlights ADD COLUMN end_s REAL;

-- `next_at` is '' for a feed that was never looked at: it sorts before every time. `version` grows with every writing.
CREATE TABLE feeds (
    show INTEGER NOT NULL REFERENCES shows (row),
    role TEXT NOT NULL CHECK (role IN ('main', 'youtube')),
    url TEXT NOT NULL,
    etag TEXT,
    modified TEXT,
    body_hash TEXT,
    checked_at TEXT,
    succeeded_at TEXT,
    changed_at TEXT,
    next_at TEXT NOT NULL,
    baseline_at TEXT,
    failures INTEGER NOT NULL,
    error TEXT NOT NULL,
    stopped TEXT NOT NULL,
    moved_to TEXT,
    moved_polls INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (show, role)
) WITHOUT ROWID;

CREATE INDEX shelves_by_show ON shelves (show);
CREATE INDEX feeds_due ON feeds (next_at) WHERE stopped = '';
CREATE INDEX feeds_by_url ON feeds (url);

-- What is remembered of one item of a feed; its names are JSON arrays, the latest first.
CREATE TABLE feed_items (
    seq INTEGER PRIMARY KEY,
    show INTEGER NOT NULL REFERENCES shows (row),
    id TEXT NOT NULL,
    episode INTEGER NOT NULL REFERENCES episodes (row),
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('main', 'youtube')),
    guids TEXT NOT NULL,
    links TEXT NOT NULL,
    enclosures TEXT NOT NULL,
    titles TEXT NOT NULL,
    published TEXT,
    duration_s REAL,
    fingerprint TEXT NOT NULL,
    missing INTEGER NOT NULL,
    withdrawn_at TEXT,
    UNIQUE (show, id)
);

CREATE INDEX feed_items_by_episode ON feed_items (episode);

-- What an item points to. `due` is when it is looked at next: '' = wanted and never tried, NULL = not again.
CREATE TABLE resources (
    seq INTEGER PRIMARY KEY,
    episode INTEGER NOT NULL REFERENCES episodes (row),
    kind TEXT NOT NULL CHECK (kind IN ('transcript', 'chapters', 'audio')),
    url TEXT NOT NULL,
    type TEXT NOT NULL,
    language TEXT,
    rel TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('wanted', 'used', 'spare', 'translation', 'empty', 'failed')),
    etag TEXT,
    modified TEXT,
    hash TEXT,
    fetched_at TEXT,
    next_at TEXT,
    failures INTEGER NOT NULL,
    error TEXT NOT NULL,
    due TEXT GENERATED ALWAYS AS (coalesce(next_at, CASE state WHEN 'wanted' THEN '' END)) VIRTUAL,
    UNIQUE (episode, kind, url)
);

CREATE INDEX resources_due ON resources (due) WHERE due IS NOT NULL;

-- Episodes that were made one with another: their ids and keys lead there for good. `said` = its transcript went along.
CREATE TABLE absorbed (
    id TEXT PRIMARY KEY,
    show INTEGER NOT NULL REFERENCES shows (row),
    key TEXT NOT NULL,
    episode TEXT NOT NULL REFERENCES episodes (id),
    said INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX absorbed_by_key ON absorbed (show, key);
CREATE INDEX absorbed_by_episode ON absorbed (episode);

-- Which episodes a community made one, as a record beside the others.
CREATE TABLE joinings (
    seq INTEGER PRIMARY KEY,
    community TEXT NOT NULL REFERENCES communities (id),
    id TEXT NOT NULL,
    show TEXT NOT NULL REFERENCES shows (id),
    kept TEXT NOT NULL,
    other TEXT NOT NULL,
    kept_key TEXT NOT NULL,
    other_key TEXT NOT NULL,
    UNIQUE (community, id)
);

-- How to take back a joining or a splitting: what both episodes were before and after, as JSON.
CREATE TABLE joining_logs (
    entry TEXT PRIMARY KEY REFERENCES history (id),
    body TEXT NOT NULL
) WITHOUT ROWID;
