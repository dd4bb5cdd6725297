-- name: episodes_by_key
-- The stored episodes that imports would change (keys as JSON).
SELECT
    e.row, e.id, e.key, e.title, e.number, e.season, e.guid, e.published, e.duration_s, e.summary,
    e.kind, e.explicit, e.image, e.withdrawn, t.hash, t.made, t.language
FROM json_each(:keys) j
CROSS JOIN episodes e ON e.show = :show AND e.key = j.value
LEFT JOIN transcripts t ON t.episode = e.row;

-- name: episode_facts
-- What one episode has beside its parts.
SELECT
    e.row, e.id, e.key, e.title, e.number, e.season, e.guid, e.published, e.duration_s, e.summary,
    e.kind, e.explicit, e.image, e.withdrawn
FROM episodes e WHERE e.row = :row;

-- name: standing_key
-- The key of the episode that one with this key was joined into, unless the key is in use again.
SELECT e.key FROM absorbed a JOIN episodes e ON e.id = a.episode
WHERE a.show = :show AND a.key = :key
    AND NOT EXISTS (SELECT 1 FROM episodes o WHERE o.show = :show AND o.key = :key);

-- name: last_episode_row
-- New episodes get the rows after it.
SELECT coalesce(max(row), 0) AS row FROM episodes;

-- name: people_of
-- The names of many episodes (rows as JSON).
SELECT episode, name FROM people WHERE episode IN (SELECT value FROM json_each(:rows)) ORDER BY episode, n;

-- name: editions_of
-- The outlets of many episodes (rows as JSON).
SELECT episode, kind, url, offset_s, premiere, exact FROM editions
WHERE episode IN (SELECT value FROM json_each(:rows)) ORDER BY episode, n;

-- name: chapters_of
-- The chapters of many episodes (rows as JSON), hidden ones where they stand.
SELECT episode, n, start_s, end_s, title, url, source, image, hidden FROM chapters
WHERE episode IN (SELECT value FROM json_each(:rows)) ORDER BY episode, n;

-- name: highlights_of
-- What publishers pulled out of many episodes (rows as JSON).
SELECT episode, text, start_s, first_line, last_line, end_s FROM highlights
WHERE episode IN (SELECT value FROM json_each(:rows)) ORDER BY episode, n;

-- name: garbled_lines
-- Which lines of a transcript are marked as garbled.
SELECT n FROM lines WHERE episode = :row AND exact >= 2;

-- name: add_episode
-- A new episode.
INSERT INTO episodes (
    row, id, show, key, title, number, season, guid, published, duration_s, summary, kind, explicit, image, withdrawn
) VALUES (
    :row, :id, :show, :key, :title, :number, :season, :guid, :published, :duration_s, :summary,
    :kind, :explicit, :image, :withdrawn
);

-- name: update_episode
-- All of its facts: those that an import says nothing about are given as they were.
UPDATE episodes SET
    title = :title, number = :number, season = :season, guid = :guid, published = :published,
    duration_s = :duration_s, summary = :summary, kind = :kind, explicit = :explicit, image = :image,
    withdrawn = :withdrawn
WHERE row = :row;

-- name: drop_people
-- Before new ones take their place.
DELETE FROM people WHERE episode = :row;

-- name: add_people
-- One name, in the order given.
INSERT INTO people (episode, n, name) VALUES (?, ?, ?);

-- name: drop_editions
-- Before new ones take their place.
DELETE FROM editions WHERE episode = :row;

-- name: add_editions
-- One outlet of an episode.
INSERT INTO editions (episode, n, kind, url, offset_s, premiere, exact) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: drop_chapters
-- Before new ones take their place.
DELETE FROM chapters WHERE episode = :row;

-- name: add_chapters
-- One chapter.
INSERT INTO chapters (episode, n, start_s, end_s, title, url, source, image, hidden)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: drop_highlights
-- Before new ones take their place.
DELETE FROM highlights WHERE episode = :row;

-- name: add_highlights
-- One line of the page.
INSERT INTO highlights (episode, n, text, start_s, first_line, last_line, end_s) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: drop_transcript
-- The old lines and voices go with it.
DELETE FROM transcripts WHERE episode = :row;

-- name: add_transcript
-- What is known of a transcript as a whole.
INSERT INTO transcripts (episode, hash, made, language, lines) VALUES (:row, :hash, :made, :language, :lines);

-- name: retell_transcript
-- The same lines, made another way or named another language.
UPDATE transcripts SET made = :made, language = :language WHERE episode = :row;

-- name: add_voice
-- One speaker of a transcript.
INSERT INTO voices (episode, voice, label, turns, lines, words) VALUES (?, ?, ?, ?, ?, ?);

-- name: add_line
-- One line.
INSERT INTO lines (episode, n, turn, voice, start_ms, end_ms, exact, first_word, words, text)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
