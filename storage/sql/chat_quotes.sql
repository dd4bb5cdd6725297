-- name: alert_of_message
-- The alert that was posted as a message of a workspace, or whose thread it is.
SELECT a.*, l.platform, l.workspace, l.channel
FROM (
    SELECT seq FROM alerts INDEXED BY alerts_by_message WHERE message = :id AND message <> ''
    UNION SELECT seq FROM alerts INDEXED BY alerts_by_thread WHERE thread = :id AND thread <> ''
) found
CROSS JOIN alerts a ON a.seq = found.seq CROSS JOIN lanes l ON l.row = a.lane
WHERE a.community = :community AND l.platform = :platform AND l.workspace = :workspace
ORDER BY a.episode IS NULL, a.seq DESC LIMIT 1;

-- name: add_chat_quote
-- Words kept, or offered to be kept; a message that is kept already stays as it is.
INSERT INTO chat_quotes (
    community, id, platform, workspace, channel, author, author_name, keeper, text, said_at, kept_at, url, message,
    offered_until
) VALUES (
    :community, :id, :platform, :workspace, :channel, :author, :author_name, :keeper, :text, :said_at, :kept_at, :url,
    :message, :offered_until
) ON CONFLICT DO NOTHING RETURNING id;

-- name: chat_quotes
-- What was kept here, newest first; NULL = in any place.
SELECT * FROM chat_quotes
WHERE community = :community AND offered_until IS NULL
    AND (:platform IS NULL OR (platform = :platform AND workspace = :workspace AND channel = :channel))
ORDER BY seq DESC LIMIT :limit OFFSET :offset;

-- name: chat_quote
-- One that was kept.
SELECT * FROM chat_quotes WHERE community = :community AND id = :id AND offered_until IS NULL;

-- name: chat_offer
-- One that is offered to be kept.
SELECT * FROM chat_quotes WHERE community = :community AND id = :id AND offered_until > :now;

-- name: drop_chat_offers
-- Those whose time is over.
DELETE FROM chat_quotes WHERE offered_until IS NOT NULL AND offered_until <= :now;

-- name: drop_chat_quotes
-- Kept or offered ones; NULL = of any community, whichever, whoever's.
DELETE FROM chat_quotes
WHERE (:community IS NULL OR community = :community) AND (:id IS NULL OR id = :id)
    AND (:author IS NULL OR author = :author)
RETURNING offered_until;

-- name: put_link_code
-- The one code of a community that is valid.
INSERT INTO link_codes (community, digest, made_at) VALUES (:community, :digest, :now)
ON CONFLICT (community) DO UPDATE SET digest = excluded.digest, made_at = excluded.made_at, wrong = 0;

-- name: link_code
-- Whose code this is.
SELECT community, digest, made_at FROM link_codes WHERE digest = :digest AND made_at > :since;

-- name: count_wrong_link
-- A wrong one was tried: of whichever was meant.
UPDATE link_codes SET wrong = wrong + 1;

-- name: drop_spent_link_codes
-- None is valid that is too old or was guessed at too often.
DELETE FROM link_codes WHERE made_at <= :since OR wrong >= :wrong;

-- name: drop_link_code
-- It is used up.
DELETE FROM link_codes WHERE community = :community;

-- name: count_wrong_link_try
-- Somebody tried a wrong one; after a rest they begin again.
INSERT INTO link_tries (platform, person, wrong, at) VALUES (:platform, :person, 1, :now)
ON CONFLICT DO UPDATE SET wrong = iif(at > :since, wrong + 1, 1), at = excluded.at;

-- name: wrong_link_tries
-- How often somebody tried wrong ones of late.
SELECT wrong FROM link_tries WHERE platform = :platform AND person = :person AND at > :since;

-- name: unlink_workspace
-- It belongs to the community no more.
DELETE FROM workspaces WHERE community = :community AND platform = :platform AND workspace = :workspace;
