-- name: episodes
-- Episodes of these shows, newest first, without those withheld (given as ids).
SELECT
    e.row, e.id, e.show, e.key, e.title, e.number, e.season, e.guid, e.published, e.duration_s, e.summary,
    e.kind, e.explicit, e.image, e.withdrawn,
    (SELECT json_group_array(name) FROM (SELECT name FROM people p WHERE p.episode = e.row ORDER BY p.n)) AS people,
    (SELECT json_group_array(json_array(kind, url, offset_s, premiere, exact)) FROM (
        SELECT kind, url, offset_s, premiere, exact FROM editions d WHERE d.episode = e.row ORDER BY d.n
    )) AS editions,
    coalesce(t.lines, 0) AS lines, coalesce(t.made, 'publisher') AS made
FROM episodes e LEFT JOIN transcripts t ON t.episode = e.row
WHERE e.show IN (SELECT value FROM json_each(:shows))
    AND e.id NOT IN (SELECT value FROM json_each(:withheld))
ORDER BY e.published IS NULL, e.published DESC, e.number IS NULL, e.number DESC, e.key DESC
LIMIT :limit OFFSET :offset;

-- name: episode
-- One episode, whoever asks: the caller checks its show.
SELECT
    e.row, e.id, e.show, e.key, e.title, e.number, e.season, e.guid, e.published, e.duration_s, e.summary,
    e.kind, e.explicit, e.image, e.withdrawn,
    (SELECT json_group_array(name) FROM (SELECT name FROM people p WHERE p.episode = e.row ORDER BY p.n)) AS people,
    (SELECT json_group_array(json_array(kind, url, offset_s, premiere, exact)) FROM (
        SELECT kind, url, offset_s, premiere, exact FROM editions d WHERE d.episode = e.row ORDER BY d.n
    )) AS editions,
    coalesce(t.lines, 0) AS lines, coalesce(t.made, 'publisher') AS made
FROM episodes e LEFT JOIN transcripts t ON t.episode = e.row
WHERE e.id = :episode;

-- name: episode_places
-- Rows and shows of these episodes (ids as JSON); the id of one that was absorbed leads to where it went.
SELECT j.value AS asked, e.id, e.row, e.show
FROM json_each(:episodes) j
CROSS JOIN episodes e ON e.id = coalesce((SELECT a.episode FROM absorbed a WHERE a.id = j.value), j.value);

-- name: episode_count
-- How many episodes and transcripts these shows have.
SELECT count(*) AS episodes, count(t.episode) AS transcripts
FROM episodes e LEFT JOIN transcripts t ON t.episode = e.row
WHERE e.show IN (SELECT value FROM json_each(:shows))
    AND e.id NOT IN (SELECT value FROM json_each(:withheld));

-- name: chapters
-- An episode's chapters in order of time; those that only change the picture last, when asked for.
SELECT n, start_s, end_s, title, url, source, image, hidden FROM chapters
WHERE episode = :row AND (:hidden OR NOT hidden) ORDER BY hidden, n;

-- name: highlights
-- What the publisher pulled out, in the page's order.
SELECT text, start_s, first_line, last_line, end_s FROM highlights WHERE episode = :row ORDER BY n;

-- name: voices
-- Who speaks in which transcripts (ids as JSON, NULL = all), as the source writes them.
SELECT e.id, e.row, e.show, v.label, v.turns, v.lines, v.words
FROM voices v JOIN episodes e ON e.row = v.episode
WHERE :episodes IS NULL OR e.id IN (SELECT value FROM json_each(:episodes));

-- name: transcript_changes
-- Episodes whose lines may be others since a change.
SELECT DISTINCT episode FROM changes
WHERE n > :n AND kind IN ('transcript', 'removed') AND episode IS NOT NULL;

-- name: lines
-- A whole transcript as the source has it.
SELECT l.n, l.turn, v.label, l.start_ms / 1000.0, l.end_ms / 1000.0, l.exact, l.first_word, l.words, l.text
FROM lines l JOIN voices v ON v.episode = l.episode AND v.voice = l.voice
WHERE l.episode = :row ORDER BY l.n;

-- name: lines_at_words
-- The lines that hold some of these words.
SELECT l.n, l.turn, v.label, l.start_ms / 1000.0, l.end_ms / 1000.0, l.exact, l.first_word, l.words, l.text
FROM lines l JOIN voices v ON v.episode = l.episode AND v.voice = l.voice
WHERE l.episode = :row AND l.first_word < :end AND l.first_word + l.words > :first ORDER BY l.n;

-- name: ranges
-- Many stretches at once: JSON array of [episode row, first line, last line]; `i` counts them.
SELECT
    l.n, l.turn, v.label, l.start_ms / 1000.0, l.end_ms / 1000.0, l.exact, l.first_word, l.words, l.text, r.key AS i
FROM json_each(:ranges) r
CROSS JOIN lines l ON l.episode = json_extract(r.value, '$[0]')
    AND l.n BETWEEN json_extract(r.value, '$[1]') AND json_extract(r.value, '$[2]')
JOIN voices v ON v.episode = l.episode AND v.voice = l.voice
ORDER BY r.key, l.n;

-- name: indexed_episode
-- What the index's builder needs of an episode beside its lines.
SELECT e.row, e.id, s.id AS show, t.language
FROM episodes e JOIN shows s ON s.row = e.show JOIN transcripts t ON t.episode = e.row
WHERE e.id = :episode;

-- name: indexed_episodes
-- Every episode that has a transcript.
SELECT e.id FROM transcripts t JOIN episodes e ON e.row = t.episode ORDER BY t.episode;
