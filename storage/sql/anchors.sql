-- name: anchors_on
-- Every community's anchored records on an episode, dropped ones included.
SELECT * FROM anchors WHERE episode = :episode ORDER BY community, kind, id;

-- name: anchor_of
-- What is known of one record's place.
SELECT * FROM anchors WHERE community = :community AND kind = :kind AND id = :id;

-- name: known_place
-- Where an anchor's words stand now, if a record of the community has the same anchor.
SELECT a.found, s.first_line, s.last_line
FROM anchors a LEFT JOIN spans s ON s.community = a.community AND s.kind = a.kind AND s.id = a.id AND a.found = 1
WHERE a.community = :community AND a.episode = :episode
    AND a.first_word = :first_word AND a.words = :words AND a.hash = :hash
ORDER BY a.found DESC LIMIT 1;

-- name: put_anchor
-- Keep a record's anchor with where its words stand.
INSERT INTO anchors (
    community, kind, id, live, episode, first_word, words, hash, text, start_s,
    found, last_first, last_words, last_said, last_start_s, last_end_s
) VALUES (
    :community, :kind, :id, 1, :episode, :first_word, :words, :hash, :text, :start_s,
    :found, :last_first, :last_words, :last_said, :last_start_s, :last_end_s
) ON CONFLICT (community, kind, id) DO UPDATE SET
    live = 1, episode = excluded.episode, first_word = excluded.first_word, words = excluded.words,
    hash = excluded.hash, text = excluded.text, start_s = excluded.start_s, found = excluded.found,
    last_first = excluded.last_first, last_words = excluded.last_words, last_said = excluded.last_said,
    last_start_s = excluded.last_start_s, last_end_s = excluded.last_end_s;

-- name: keep_anchor
-- The same words as before: only the record is new, or back.
UPDATE anchors SET live = 1, text = :text, start_s = :start_s WHERE community = :community AND kind = :kind AND id = :id;

-- name: rest_anchor
-- The record is dropped; its place is still followed for undo.
UPDATE anchors SET live = 0 WHERE community = :community AND kind = :kind AND id = :id;

-- name: move_anchor
-- After the transcript changed: found here, or lost with its last place kept.
UPDATE anchors SET
    found = :found, last_first = :last_first, last_words = :last_words, last_said = :last_said,
    last_start_s = :last_start_s, last_end_s = :last_end_s
WHERE community = :community AND kind = :kind AND id = :id;

-- name: drop_spans
-- Before a record's stretches are told anew.
DELETE FROM spans WHERE community = :community AND kind = :kind AND id = :id;

-- name: add_span
-- One stretch that a record reaches.
INSERT INTO spans (community, kind, id, n, first_word, words, first_line, last_line, start_s)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: lost
-- Records whose words are no longer found.
SELECT id FROM anchors
WHERE community = :community AND live = 1 AND found = 0
    AND kind IN ('fix', 'withhold', 'nickname', 'saved_quote')
ORDER BY kind, id;

-- name: lost_on
-- Records on an episode whose words are no longer found: of one community, or (NULL) of all.
SELECT id FROM anchors
WHERE episode = :episode AND live = 1 AND found = 0
    AND kind IN ('fix', 'withhold', 'nickname', 'saved_quote')
    AND (:community IS NULL OR community = :community)
ORDER BY community, kind, id;

-- name: placed_fixes
-- Where a community's fixes reach, oldest first.
SELECT a.episode, e.show, s.first_word, s.words, s.first_line, s.last_line, s.start_s, f.field, f.value
FROM fixes f
JOIN anchors a ON a.community = f.community AND a.kind = 'fix' AND a.id = f.id
JOIN episodes e ON e.id = a.episode
JOIN spans s ON s.community = a.community AND s.kind = a.kind AND s.id = a.id
WHERE f.community = :community ORDER BY f.seq, s.n;

-- name: placed_withholds
-- Where a community's withholds of lines reach.
SELECT a.episode, s.first_word, s.words, w.level
FROM withholds w
JOIN anchors a ON a.community = w.community AND a.kind = 'withhold' AND a.id = w.id
JOIN spans s ON s.community = a.community AND s.kind = a.kind AND s.id = a.id
WHERE w.community = :community;

-- name: wide_withholds
-- A community's withholds of episodes and people.
SELECT episode, person, show, level FROM withholds
WHERE community = :community AND (episode IS NOT NULL OR person IS NOT NULL);

-- name: community_aliases
-- How a community calls speakers, oldest first.
SELECT show, episode, label, name FROM aliases WHERE community = :community ORDER BY seq;

-- name: record_spans
-- Where anchored records of a community stand: JSON array of [kind, id].
SELECT a.kind, a.id, a.episode, e.row, e.show, a.first_word, a.words, a.hash, s.first_line, s.last_line
FROM json_each(:records) r
CROSS JOIN anchors a ON a.community = :community
    AND a.kind = json_extract(r.value, '$[0]') AND a.id = json_extract(r.value, '$[1]')
JOIN episodes e ON e.id = a.episode
LEFT JOIN spans s ON s.community = a.community AND s.kind = a.kind AND s.id = a.id;
