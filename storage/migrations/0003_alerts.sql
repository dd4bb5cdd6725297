-- Alerts: what is to be told where, each place's queue, and what moderators are told. Feeds are polled by lease.

ALTER TABLE feeds ADD COLUMN rhythm TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN hub TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN topic TEXT NOT NULL DEFAULT '';
-- '' = leased to nobody. `hinted_at`: something was said to be new while it was leased.
ALTER TABLE feeds ADD COLUMN leased_by TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN leased_until TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN hinted_at TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN claim_at TEXT GENERATED ALWAYS AS (max(next_at, leased_until)) VIRTUAL;

CREATE INDEX feeds_to_claim ON feeds (claim_at) WHERE stopped = '';
CREATE INDEX subscriptions_by_show ON subscriptions (show);
CREATE INDEX subscriptions_by_place ON subscriptions (place);

-- A place with a queue. `due_at` is when its next work is due, NULL = nothing to do; `claim_at` is when somebody may
-- take it, NULL = nobody.
CREATE TABLE lanes (
    row INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    community TEXT NOT NULL REFERENCES communities (id),
    due_at TEXT,
    leased_by TEXT NOT NULL DEFAULT '',
    leased_until TEXT NOT NULL DEFAULT '',
    vouched TEXT NOT NULL DEFAULT '',
    known_until TEXT,
    blocked TEXT NOT NULL DEFAULT '',
    silenced TEXT NOT NULL DEFAULT '',
    claim_at TEXT GENERATED ALWAYS AS (
        CASE WHEN blocked = '' AND silenced = '' THEN max(due_at, leased_until) END
    ) VIRTUAL,
    UNIQUE (platform, workspace, channel)
);

CREATE INDEX lanes_to_claim ON lanes (platform, claim_at) WHERE claim_at IS NOT NULL;

-- A lane as it is read: the community is the workspace's where that is linked, and the settings are the place's own,
-- else the community's.
CREATE VIEW standing_lanes AS
SELECT o.*,
    coalesce(
        (SELECT s.value FROM settings s WHERE s.community = o.owner AND s.id = o.place || '|quiet'),
        (SELECT s.value FROM settings s WHERE s.community = o.owner AND s.id = '|quiet'), ''
    ) AS quiet_hours,
    coalesce(
        (SELECT s.value FROM settings s WHERE s.community = o.owner AND s.id = o.place || '|quiet_until'),
        (SELECT s.value FROM settings s WHERE s.community = o.owner AND s.id = '|quiet_until'), ''
    ) AS quiet_until,
    coalesce(
        (SELECT s.value FROM settings s WHERE s.community = o.owner AND s.id = o.place || '|timezone'),
        (SELECT s.value FROM settings s WHERE s.community = o.owner AND s.id = '|timezone'), ''
    ) AS timezone
FROM (
    SELECT l.*, l.platform || '/' || l.workspace || '/' || l.channel AS place,
        coalesce(
            (SELECT w.community FROM workspaces w WHERE w.platform = l.platform AND w.workspace = l.workspace),
            l.community
        ) AS owner
    FROM lanes l
) o;

-- What is told, to be told, or not told, with the reason. Shows and episodes are named as in the history: an alert
-- outlives what it tells. `made_at` is when it was stored; `first_order_at` is `order_at` as it was then: one that stepped
-- aside (quiet hours, a pause) is known by an `order_at` that is later.
CREATE TABLE alerts (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    lane INTEGER NOT NULL REFERENCES lanes (row),
    community TEXT NOT NULL REFERENCES communities (id),
    kind TEXT NOT NULL CHECK (kind IN ('new', 'burst', 'transcript', 'trouble', 'over')),
    subject TEXT NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('waiting', 'sending', 'unknown', 'held', 'posted', 'deleted', 'skipped', 'expired', 'dropped')
    ),
    reason TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    made_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    order_at TEXT NOT NULL,
    first_order_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    show TEXT,
    episode TEXT,
    subscription TEXT NOT NULL,
    quiet INTEGER NOT NULL,
    text TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    tried_at TEXT,
    posted_at TEXT,
    message TEXT NOT NULL,
    thread TEXT NOT NULL,
    digest TEXT NOT NULL,
    version INTEGER NOT NULL
);

-- Two feeds may use the same guid, so the show belongs to what is told.
CREATE UNIQUE INDEX alerts_told_once ON alerts (lane, subject, kind, coalesce(show, ''));
CREATE UNIQUE INDEX alerts_of_episode_once ON alerts (episode, lane, kind)
WHERE episode IS NOT NULL AND kind NOT IN ('trouble', 'over');
CREATE INDEX alerts_by_episode ON alerts (episode) WHERE episode IS NOT NULL;
CREATE INDEX alerts_queued ON alerts (lane, order_at, seq) WHERE state IN ('waiting', 'sending', 'unknown');
CREATE INDEX alerts_aside ON alerts (lane) WHERE state = 'waiting' AND order_at > first_order_at;
CREATE INDEX alerts_sending ON alerts (lane) WHERE state = 'sending';
CREATE INDEX alerts_by_community ON alerts (community, seq);
CREATE INDEX alerts_by_state ON alerts (community, state, seq) WHERE state NOT IN ('posted', 'skipped');
CREATE INDEX alerts_by_lane ON alerts (lane, seq);
CREATE INDEX alerts_by_posting ON alerts (posted_at, id) WHERE state = 'posted';
CREATE INDEX alerts_by_show ON alerts (show, made_at) WHERE kind IN ('new', 'burst');

CREATE TABLE alert_steps (
    alert INTEGER NOT NULL REFERENCES alerts (seq) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    at TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (alert, n)
) WITHOUT ROWID;

-- Why a poll took an episode for a new one, and when; the first time counts.
CREATE TABLE findings (
    show INTEGER NOT NULL REFERENCES shows (row),
    episode TEXT NOT NULL,
    at TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (show, episode)
) WITHOUT ROWID;

-- What is still to be done to posts that are there.
CREATE TABLE chores (
    alert INTEGER NOT NULL REFERENCES alerts (seq) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('thread', 'publish', 'edit')),
    lane INTEGER NOT NULL REFERENCES lanes (row),
    due_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT NOT NULL,
    PRIMARY KEY (alert, kind)
) WITHOUT ROWID;

CREATE INDEX chores_due ON chores (lane, due_at);

-- What a moderator decided about an alert, and as JSON what it was before.
CREATE TABLE rulings (
    seq INTEGER PRIMARY KEY,
    community TEXT NOT NULL REFERENCES communities (id),
    id TEXT NOT NULL,
    choice TEXT NOT NULL CHECK (choice IN ('there', 'post', 'drop')),
    was TEXT NOT NULL,
    UNIQUE (community, id)
);

-- One row for each thing that was ever wrong; `times` counts how often, so that each time has an id of its own.
CREATE TABLE troubles (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    community TEXT NOT NULL REFERENCES communities (id),
    source TEXT NOT NULL,
    what TEXT NOT NULL,
    times INTEGER NOT NULL,
    since TEXT NOT NULL,
    over_at TEXT,
    UNIQUE (source, community, what)
);

CREATE INDEX troubles_open ON troubles (community, since) WHERE over_at IS NULL;

-- Who wants to be told in a post's thread.
CREATE TABLE wishes (
    alert INTEGER NOT NULL REFERENCES alerts (seq) ON DELETE CASCADE,
    platform TEXT NOT NULL,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (alert, platform, person)
) WITHOUT ROWID;

-- The code that makes the first admin, as a digest.
CREATE TABLE codes (
    community TEXT PRIMARY KEY REFERENCES communities (id),
    digest TEXT NOT NULL,
    made_at TEXT NOT NULL,
    wrong INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Who tried wrong ones, how often in a row and when last.
CREATE TABLE code_tries (
    community TEXT NOT NULL REFERENCES codes (community) ON DELETE CASCADE,
    platform TEXT NOT NULL,
    person TEXT NOT NULL,
    wrong INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (community, platform, person)
) WITHOUT ROWID;

-- WebSub. `due` as for resources: '' = wanted and never asked, NULL = not again.
CREATE TABLE hubs (
    show INTEGER NOT NULL REFERENCES shows (row),
    role TEXT NOT NULL CHECK (role IN ('main', 'youtube')),
    id TEXT NOT NULL UNIQUE,
    hub TEXT NOT NULL,
    topic TEXT NOT NULL,
    secret TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('wanted', 'asked', 'verified', 'refused')),
    next_at TEXT,
    expires_at TEXT,
    heard_at TEXT,
    failures INTEGER NOT NULL,
    error TEXT NOT NULL,
    due TEXT GENERATED ALWAYS AS (coalesce(next_at, CASE state WHEN 'wanted' THEN '' END)) VIRTUAL,
    PRIMARY KEY (show, role)
) WITHOUT ROWID;

CREATE INDEX hubs_due ON hubs (due) WHERE due IS NOT NULL;
