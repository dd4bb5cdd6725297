-- name: put_joining
-- Two episodes that a community made one.
INSERT INTO joinings (community, id, show, kept, other, kept_key, other_key)
VALUES (:community, :id, :show, :kept, :other, :kept_key, :other_key);

-- name: drop_joining
-- They are two again.
DELETE FROM joinings WHERE community = :community AND id = :id;

-- name: list_joining
-- All of a community, oldest first, or the one with this id.
SELECT r.id, r.show, r.kept, r.other, r.kept_key, r.other_key
FROM joinings r
WHERE r.community = :community AND (:id IS NULL OR r.id = :id) ORDER BY r.seq;

-- name: add_joining_log
-- How a history entry can be taken back.
INSERT INTO joining_logs (entry, body) VALUES (:entry, :body);

-- name: joining_log
-- How a history entry can be taken back.
SELECT body FROM joining_logs WHERE entry = :entry;

-- name: joining_log_of
-- What was written when an episode last took another one in, whichever community did it.
SELECT l.body FROM joinings j
JOIN history h ON h.community = j.community AND h.kind = 'joining' AND h.record = j.id AND h.after IS NOT NULL
JOIN joining_logs l ON l.entry = h.id
WHERE j.kept = :episode ORDER BY h.seq DESC LIMIT 1;

-- name: whole_episode
-- An episode as a community has it on its shelf, by its id or one that was joined into it; any community with NULL.
SELECT e.row, e.id, e.key, e.show, s.id AS show_id, t.hash,
    EXISTS (SELECT 1 FROM feed_items i WHERE i.episode = e.row) AS fed,
    EXISTS (SELECT 1 FROM resources r WHERE r.episode = e.row AND r.kind = 'transcript' AND r.state = 'used') AS fetched
FROM episodes e JOIN shows s ON s.row = e.show LEFT JOIN transcripts t ON t.episode = e.row
WHERE e.id = coalesce((SELECT a.episode FROM absorbed a WHERE a.id = :episode), :episode)
    AND (:community IS NULL OR EXISTS (SELECT 1 FROM shelves h WHERE h.show = e.show AND h.community = :community));

-- name: key_taken
-- Whether a key of a show is in use.
SELECT row FROM episodes WHERE show = :show AND key = :key;

-- name: copy_transcript
-- The same transcript on another episode.
INSERT INTO transcripts (episode, hash, made, language, lines)
SELECT :to, hash, made, language, lines FROM transcripts WHERE episode = :from;

-- name: copy_voices
-- With its voices.
INSERT INTO voices (episode, voice, label, turns, lines, words)
SELECT :to, voice, label, turns, lines, words FROM voices WHERE episode = :from;

-- name: copy_lines
-- With its lines.
INSERT INTO lines (episode, n, turn, voice, start_ms, end_ms, exact, first_word, words, text)
SELECT :to, n, turn, voice, start_ms, end_ms, exact, first_word, words, text FROM lines WHERE episode = :from;

-- name: records_of
-- Every community's records on an episode, dropped ones included; `mark` is how its id stands in the history.
SELECT community, kind, id FROM anchors WHERE episode = :episode
UNION SELECT community, 'alias', id FROM aliases WHERE episode = :episode
UNION SELECT community, 'withhold', id FROM withholds WHERE episode = :episode
UNION SELECT community, kind, record FROM history
WHERE kind IN ('alias', 'withhold') AND (instr(before, :mark) OR instr(after, :mark));

-- name: readdress_anchor
-- A record goes with the words to another episode.
UPDATE anchors SET episode = :to WHERE community = :community AND kind = :kind AND id = :id AND episode = :from;

-- name: readdress_alias
-- The same for a name that holds in one episode.
UPDATE aliases SET episode = :to
WHERE community = :community AND :kind = 'alias' AND id = :id AND episode = :from;

-- name: readdress_withhold
-- The same for a withhold of a whole episode.
UPDATE withholds SET episode = :to
WHERE community = :community AND :kind = 'withhold' AND id = :id AND episode = :from;

-- name: readdress_history
-- And for what the history says of the record.
UPDATE history SET
    before = replace(before, :from_mark, :to_mark),
    after = replace(after, :from_mark, :to_mark)
WHERE community = :community AND kind = :kind AND record = :id;

-- name: whole_withholds
-- Withholds of a whole episode, in every community.
SELECT community, id FROM withholds WHERE episode = :episode ORDER BY community, id;

-- name: copy_withhold
-- The same withhold for another episode.
INSERT INTO withholds (community, id, level, episode, person, show, reason)
SELECT community, :copy, level, :to, NULL, NULL, reason FROM withholds WHERE community = :community AND id = :id;

-- name: items_of
-- The feed items of an episode.
SELECT id FROM feed_items WHERE episode = :row ORDER BY seq;

-- name: move_items
-- Feed items (ids as JSON) go to another episode.
UPDATE feed_items SET episode = :to WHERE episode = :from AND id IN (SELECT value FROM json_each(:items));

-- name: resource_names
-- What the items of an episode point to.
SELECT kind, url FROM resources WHERE episode = :row ORDER BY seq;

-- name: copy_resource
-- One resource on another episode too, unless it is there.
INSERT INTO resources (
    episode, kind, url, type, language, rel, state, etag, modified, hash, fetched_at, next_at, failures, error
)
SELECT :to, kind, url, type, language, rel, state, etag, modified, hash, fetched_at, next_at, failures, error
FROM resources WHERE episode = :from AND kind = :kind AND url = :url
ON CONFLICT (episode, kind, url) DO NOTHING;

-- name: drop_resource
-- One resource of an episode.
DELETE FROM resources WHERE episode = :from AND kind = :kind AND url = :url;

-- name: absorb
-- From now on the id and key of this episode lead to another one.
INSERT INTO absorbed (id, show, key, episode, said) VALUES (:id, :show, :key, :to, :said);

-- name: unabsorb
-- The episode is back.
DELETE FROM absorbed WHERE id = :id;

-- name: absorbed_into
-- Episodes that were joined into this one: all, or (`said`) those whose transcript it has.
SELECT id FROM absorbed WHERE episode = :episode AND (said OR NOT :said) ORDER BY id;

-- name: redirect
-- Ids (as JSON) that lead to another episode now.
UPDATE absorbed SET episode = :to WHERE id IN (SELECT value FROM json_each(:ids));

-- name: move_shown
-- Moments shown go with the words.
UPDATE shown SET episode = :to WHERE episode = :from;

-- name: move_focus
-- What was shown last is in the other episode now.
UPDATE focus SET episode = :to WHERE episode = :from;

-- name: alerts_of_two
-- What was told of either of two episodes.
SELECT a.*, l.platform, l.workspace, l.channel FROM alerts a CROSS JOIN lanes l ON l.row = a.lane
WHERE a.episode IN (:one, :two) ORDER BY a.seq;

-- name: readdress_alert
-- It tells of another episode.
UPDATE alerts SET episode = :episode WHERE id = :id;

-- name: drop_episode
-- Nothing stands on it any more.
DELETE FROM episodes WHERE row = :row;

-- name: standing_id
-- Which episode an id that was joined into it leads to; none for any other id.
SELECT episode FROM absorbed WHERE id = :episode;
