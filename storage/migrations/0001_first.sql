-- The first schema: shows and transcripts shared by all, and what each community owns.

CREATE TABLE communities (
    id TEXT PRIMARY KEY
) WITHOUT ROWID;

INSERT INTO communities (id) VALUES ('default');

CREATE TABLE workspaces (
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    community TEXT NOT NULL REFERENCES communities (id),
    PRIMARY KEY (platform, workspace)
) WITHOUT ROWID;

-- One row: the number of the last change, moved inside every writing transaction.
CREATE TABLE counter (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    n INTEGER NOT NULL
);

INSERT INTO counter (only, n) VALUES (1, 0);

CREATE TABLE changes (
    n INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('transcript', 'episode', 'overlay', 'removed')),
    episode TEXT
);

-- Shows: the feed's identity. What a community makes of it stands on its shelf.
CREATE TABLE shows (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    feed_url TEXT,
    page_url TEXT,
    language TEXT NOT NULL
);

CREATE INDEX shows_by_feed ON shows (feed_url);

CREATE TABLE shelves (
    community TEXT NOT NULL REFERENCES communities (id),
    show INTEGER NOT NULL REFERENCES shows (row),
    slug TEXT NOT NULL,
    private INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (community, show),
    UNIQUE (community, slug)
) WITHOUT ROWID;

CREATE TABLE private_places (
    community TEXT NOT NULL,
    show INTEGER NOT NULL,
    n INTEGER NOT NULL,
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    PRIMARY KEY (community, show, n),
    FOREIGN KEY (community, show) REFERENCES shelves (community, show) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE private_roles (
    community TEXT NOT NULL,
    show INTEGER NOT NULL,
    n INTEGER NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (community, show, n),
    FOREIGN KEY (community, show) REFERENCES shelves (community, show) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE episodes (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    show INTEGER NOT NULL REFERENCES shows (row),
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    number INTEGER,
    season INTEGER,
    guid TEXT,
    published TEXT,
    duration_s REAL,
    summary TEXT NOT NULL DEFAULT '',
    UNIQUE (show, key)
);

CREATE TABLE people (
    episode INTEGER NOT NULL REFERENCES episodes (row),
    n INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (episode, n)
) WITHOUT ROWID;

CREATE TABLE editions (
    episode INTEGER NOT NULL REFERENCES episodes (row),
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    offset_s REAL NOT NULL,
    PRIMARY KEY (episode, n)
) WITHOUT ROWID;

CREATE TABLE chapters (
    episode INTEGER NOT NULL REFERENCES episodes (row),
    n INTEGER NOT NULL,
    start_s REAL NOT NULL,
    end_s REAL,
    title TEXT NOT NULL,
    url TEXT,
    source TEXT NOT NULL,
    PRIMARY KEY (episode, n)
) WITHOUT ROWID;

CREATE TABLE highlights (
    episode INTEGER NOT NULL REFERENCES episodes (row),
    n INTEGER NOT NULL,
    text TEXT NOT NULL,
    start_s REAL,
    first_line INTEGER,
    last_line INTEGER,
    PRIMARY KEY (episode, n)
) WITHOUT ROWID;

CREATE TABLE transcripts (
    episode INTEGER PRIMARY KEY REFERENCES episodes (row),
    hash TEXT NOT NULL,
    made TEXT NOT NULL CHECK (made IN ('publisher', 'machine', 'corrected')),
    language TEXT NOT NULL,
    lines INTEGER NOT NULL
);

-- The speakers of one transcript as the source writes them; lines name them by their small number.
CREATE TABLE voices (
    episode INTEGER NOT NULL REFERENCES transcripts (episode) ON DELETE CASCADE,
    voice INTEGER NOT NULL,
    label TEXT,
    turns INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    words INTEGER NOT NULL,
    PRIMARY KEY (episode, voice)
) WITHOUT ROWID;

-- 1.5 million rows for 2,000 episodes: times are whole milliseconds, and no second index is kept.
CREATE TABLE lines (
    episode INTEGER NOT NULL REFERENCES transcripts (episode) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    voice INTEGER NOT NULL,
    start_ms INTEGER,
    end_ms INTEGER,
    exact INTEGER NOT NULL,
    first_word INTEGER NOT NULL,
    words INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (episode, n)
) WITHOUT ROWID;

-- What a community owns. `seq` keeps the order in which records were made.
CREATE TABLE aliases (
    seq INTEGER PRIMARY KEY,
    community TEXT NOT NULL REFERENCES communities (id),
    id TEXT NOT NULL,
    show TEXT NOT NULL REFERENCES shows (id),
    episode TEXT REFERENCES episodes (id),
    label TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (community, id)
);

CREATE TABLE fixes (
    seq INTEGER PRIMARY KEY,
    community TEXT NOT NULL REFERENCES communities (id),
    id TEXT NOT NULL,
    field TEXT NOT NULL CHECK (field IN ('text', 'speaker', 'time')),
    value TEXT NOT NULL,
    UNIQUE (community, id)
);

-- Exactly one of an anchor (a row in `anchors`), an episode or a person.
CREATE TABLE withholds (
    seq INTEGER PRIMARY KEY,
    community TEXT NOT NULL REFERENCES communities (id),
    id TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('not_featured', 'hidden', 'erased')),
    episode TEXT REFERENCES episodes (id),
    person TEXT,
    show TEXT REFERENCES shows (id),
    reason TEXT NOT NULL,
    CHECK (episode IS NULL OR person IS NULL),
    UNIQUE (community, id)
);

CREATE TABLE nicknames (
    seq INTEGER PRIMARY KEY,
    community TEXT NOT NULL REFERENCES communities (id),
    id TEXT NOT NULL,
    words TEXT NOT NULL,
    UNIQUE (community, id)
);

CREATE TABLE saved_quotes (
    seq INTEGER PRIMARY KEY,
    community TEXT NOT NULL REFERENCES communities (id),
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    saved TEXT NOT NULL,
    speaker TEXT,
    note TEXT NOT NULL,
    UNIQUE (community, id)
);

CREATE TABLE settings (
    seq INTEGER PRIMARY KEY,
    community TEXT NOT NULL REFERENCES communities (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    place TEXT NOT NULL,
    UNIQUE (community, id)
);

CREATE TABLE grants (
    seq INTEGER PRIMARY KEY,
    community TEXT NOT NULL REFERENCES communities (id),
    id TEXT NOT NULL,
    subject TEXT NOT NULL,
    role INTEGER NOT NULL,
    UNIQUE (community, id)
);

CREATE TABLE subscriptions (
    seq INTEGER PRIMARY KEY,
    community TEXT NOT NULL REFERENCES communities (id),
    id TEXT NOT NULL,
    show TEXT NOT NULL REFERENCES shows (id),
    place TEXT NOT NULL,
    options TEXT NOT NULL,
    UNIQUE (community, id)
);

CREATE TABLE reports (
    seq INTEGER PRIMARY KEY,
    community TEXT NOT NULL REFERENCES communities (id),
    id TEXT NOT NULL,
    wrong TEXT NOT NULL,
    reporter TEXT NOT NULL,
    state TEXT NOT NULL,
    UNIQUE (community, id)
);

-- Where each anchored record was made, and what is known of where its words stand now. A dropped record keeps its row
-- (`live` = 0), so that undo knows the way through transcripts that came in between.
CREATE TABLE anchors (
    community TEXT NOT NULL REFERENCES communities (id),
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    live INTEGER NOT NULL,
    episode TEXT NOT NULL REFERENCES episodes (id),
    first_word INTEGER NOT NULL,
    words INTEGER NOT NULL,
    hash TEXT NOT NULL,
    text TEXT NOT NULL,
    start_s REAL,
    found INTEGER NOT NULL,
    -- The last place where the words were found: position, the source's words there, and its moment.
    last_first INTEGER NOT NULL,
    last_words INTEGER NOT NULL,
    last_said TEXT NOT NULL,
    last_start_s REAL,
    last_end_s REAL,
    PRIMARY KEY (community, kind, id)
) WITHOUT ROWID;

CREATE INDEX anchors_by_episode ON anchors (episode);

-- The stretches of the present transcript that an anchored record reaches. None when it is lost; a lost withhold keeps
-- those that it must go on hiding.
CREATE TABLE spans (
    community TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    n INTEGER NOT NULL,
    first_word INTEGER NOT NULL,
    words INTEGER NOT NULL,
    first_line INTEGER NOT NULL,
    last_line INTEGER NOT NULL,
    start_s REAL,
    PRIMARY KEY (community, kind, id, n),
    FOREIGN KEY (community, kind, id) REFERENCES anchors (community, kind, id) ON DELETE CASCADE
) WITHOUT ROWID;

-- Who changed what; `before` and `after` are records as JSON.
CREATE TABLE history (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    community TEXT NOT NULL REFERENCES communities (id),
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    kind TEXT NOT NULL,
    record TEXT NOT NULL,
    before TEXT,
    after TEXT,
    undone INTEGER NOT NULL DEFAULT 0,
    undoes TEXT REFERENCES history (id)
);

CREATE INDEX history_by_community ON history (community, seq);
CREATE INDEX history_by_record ON history (community, kind, record, seq);

-- What places and people saw, and state behind buttons. Nothing is derived from these, so they move no counter.
CREATE TABLE shown (
    seq INTEGER PRIMARY KEY,
    community TEXT NOT NULL REFERENCES communities (id),
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    episode TEXT NOT NULL REFERENCES episodes (id),
    first_word INTEGER NOT NULL,
    words INTEGER NOT NULL,
    hash TEXT NOT NULL,
    start_s REAL
);

CREATE INDEX shown_by_place ON shown (community, platform, workspace, channel, seq);

CREATE TABLE focus (
    community TEXT NOT NULL REFERENCES communities (id),
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    person TEXT NOT NULL,
    episode TEXT NOT NULL REFERENCES episodes (id),
    at TEXT NOT NULL,
    PRIMARY KEY (community, platform, workspace, channel, person)
) WITHOUT ROWID;

CREATE TABLE states (
    id TEXT PRIMARY KEY,
    community TEXT NOT NULL REFERENCES communities (id),
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (community, hash)
) WITHOUT ROWID;

CREATE TABLE cache (
    key TEXT PRIMARY KEY,
    body TEXT NOT NULL
) WITHOUT ROWID;
