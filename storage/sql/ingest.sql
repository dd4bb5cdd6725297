-- name: episode_by_key
-- The stored episode that an import would change, with all its parts.
SELECT
    e.row, e.id, e.title, e.number, e.season, e.guid, e.published, e.duration_s, e.summary,
    (SELECT json_group_array(name) FROM (SELECT name FROM people p WHERE p.episode = e.row ORDER BY p.n)) AS people,
    (SELECT json_group_array(json_array(kind, url, offset_s)) FROM (
        SELECT kind, url, offset_s FROM editions d WHERE d.episode = e.row ORDER BY d.n
    )) AS editions,
    t.hash, t.made, t.language
FROM episodes e LEFT JOIN transcripts t ON t.episode = e.row
WHERE e.show = :show AND e.key = :key;

-- name: add_episode
-- A new episode.
INSERT INTO episodes (id, show, key, title, number, season, guid, published, duration_s, summary)
VALUES (:id, :show, :key, :title, :number, :season, :guid, :published, :duration_s, coalesce(:summary, ''))
RETURNING row;

-- name: update_episode
-- What an import says; NULL says nothing.
UPDATE episodes SET
    title = :title,
    number = coalesce(:number, number),
    season = coalesce(:season, season),
    guid = coalesce(:guid, guid),
    published = coalesce(:published, published),
    duration_s = coalesce(:duration_s, duration_s),
    summary = coalesce(:summary, summary)
WHERE row = :row;

-- name: drop_people
-- Before new ones take their place.
DELETE FROM people WHERE episode = :row;

-- name: add_person
-- One name, in the order given.
INSERT INTO people (episode, n, name) VALUES (?, ?, ?);

-- name: drop_editions
-- Before new ones take their place.
DELETE FROM editions WHERE episode = :row;

-- name: add_edition
-- One outlet of an episode.
INSERT INTO editions (episode, n, kind, url, offset_s) VALUES (?, ?, ?, ?, ?);

-- name: drop_chapters
-- Before new ones take their place.
DELETE FROM chapters WHERE episode = :row;

-- name: add_chapter
-- One chapter.
INSERT INTO chapters (episode, n, start_s, end_s, title, url, source) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: drop_highlights
-- Before new ones take their place.
DELETE FROM highlights WHERE episode = :row;

-- name: add_highlight
-- One line of the page.
INSERT INTO highlights (episode, n, text, start_s, first_line, last_line) VALUES (?, ?, ?, ?, ?, ?);

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
