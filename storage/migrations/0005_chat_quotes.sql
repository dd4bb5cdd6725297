-- What people said in chat, kept by others; codes that link workspaces; whose message a post is.

-- Of alerts that were posted, to find one by its message or thread.
CREATE INDEX alerts_by_message ON alerts (message) WHERE message <> '';
CREATE INDEX alerts_by_thread ON alerts (thread) WHERE thread <> '';

-- Words of members. No record and in no history: a deleted row is overwritten. `offered_until`: not kept, only offered
-- to be kept until then; NULL = kept.
CREATE TABLE chat_quotes (
    seq INTEGER PRIMARY KEY,
    community TEXT NOT NULL REFERENCES communities (id),
    id TEXT NOT NULL UNIQUE,
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    author TEXT NOT NULL,
    author_name TEXT NOT NULL,
    keeper TEXT NOT NULL,
    text TEXT NOT NULL,
    said_at TEXT NOT NULL,
    kept_at TEXT NOT NULL,
    url TEXT NOT NULL,
    message TEXT NOT NULL,
    offered_until TEXT
);

CREATE UNIQUE INDEX chat_quotes_kept_once ON chat_quotes (community, platform, workspace, channel, message)
WHERE message <> '' AND offered_until IS NULL;
CREATE INDEX chat_quotes_by_author ON chat_quotes (author);
CREATE INDEX chat_quotes_by_place ON chat_quotes (community, platform, workspace, channel, seq);
CREATE INDEX chat_quotes_offered ON chat_quotes (offered_until) WHERE offered_until IS NOT NULL;

-- The code that links another workspace to a community, as a digest.
CREATE TABLE link_codes (
    community TEXT PRIMARY KEY REFERENCES communities (id),
    digest TEXT NOT NULL UNIQUE,
    made_at TEXT NOT NULL,
    wrong INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Who tried wrong ones, whatever community they meant.
CREATE TABLE link_tries (
    platform TEXT NOT NULL,
    person TEXT NOT NULL,
    wrong INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (platform, person)
) WITHOUT ROWID;
