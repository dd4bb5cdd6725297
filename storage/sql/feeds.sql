-- name: put_feed
-- The state of a feed, new or in place of the old one. Whoever leased it has done with it; what was said to be new
-- meanwhile is looked for at once.
INSERT INTO feeds (
    show, role, url, etag, modified, body_hash, checked_at, succeeded_at, changed_at, next_at, baseline_at,
    failures, error, stopped, moved_to, moved_polls, rhythm, hub, topic, version
) VALUES (
    :row, :role, :url, :etag, :modified, :body_hash, :checked_at, :succeeded_at, :changed_at, :next_at, :baseline_at,
    :failures, :error, :stopped, :moved_to, :moved_polls, :rhythm, :hub, :topic, 1
) ON CONFLICT (show, role) DO UPDATE SET
    url = excluded.url, etag = excluded.etag, modified = excluded.modified, body_hash = excluded.body_hash,
    checked_at = excluded.checked_at, succeeded_at = excluded.succeeded_at, changed_at = excluded.changed_at,
    next_at = CASE hinted_at WHEN '' THEN excluded.next_at ELSE min(excluded.next_at, hinted_at) END,
    baseline_at = excluded.baseline_at, failures = excluded.failures, error = excluded.error,
    stopped = excluded.stopped, moved_to = excluded.moved_to, moved_polls = excluded.moved_polls,
    rhythm = excluded.rhythm, hub = excluded.hub, topic = excluded.topic, version = version + 1,
    leased_by = '', leased_until = '', hinted_at = ''
RETURNING version;

-- name: feed_version
-- Which writing of a feed's state is stored.
SELECT version FROM feeds WHERE show = :row AND role = :role;

-- name: catalogue
-- How often episodes of a show came or went.
SELECT catalogue FROM shows WHERE id = :show;

-- name: move_catalogue
-- Episodes of the show came or went.
UPDATE shows SET catalogue = catalogue + 1 WHERE row = :show;

-- name: note_poll
-- The state after a poll, unless the feed was dropped or written anew since it was read (:version, NULL = not asked).
UPDATE feeds SET
    url = :url, etag = :etag, modified = :modified, body_hash = :body_hash, checked_at = :checked_at,
    succeeded_at = :succeeded_at, changed_at = :changed_at, baseline_at = :baseline_at,
    next_at = CASE hinted_at WHEN '' THEN :next_at ELSE min(:next_at, hinted_at) END,
    failures = :failures, error = :error, stopped = :stopped, moved_to = :moved_to, moved_polls = :moved_polls,
    rhythm = :rhythm, hub = :hub, topic = :topic, version = version + 1,
    leased_by = '', leased_until = '', hinted_at = ''
WHERE show = (SELECT row FROM shows WHERE id = :show) AND role = :role AND version = coalesce(:version, version);

-- name: feed
-- One feed of a show.
SELECT s.id AS show, f.role, f.url, f.etag, f.modified, f.body_hash, f.checked_at, f.succeeded_at, f.changed_at,
    f.next_at, f.baseline_at, f.failures, f.error, f.stopped, f.moved_to, f.moved_polls, f.rhythm, f.hub, f.topic,
    f.version
FROM shows s JOIN feeds f ON f.show = s.row
WHERE s.id = :show AND f.role = :role;

-- name: feeds
-- The feeds of every show on a shelf.
SELECT s.id AS show, f.role, f.url, f.etag, f.modified, f.body_hash, f.checked_at, f.succeeded_at, f.changed_at,
    f.next_at, f.baseline_at, f.failures, f.error, f.stopped, f.moved_to, f.moved_polls, f.rhythm, f.hub, f.topic,
    f.version
FROM feeds f JOIN shows s ON s.row = f.show
WHERE EXISTS (SELECT 1 FROM shelves h WHERE h.show = f.show)
ORDER BY s.id, f.role;

-- name: due_feeds
-- Feeds to be polled now, longest due first.
SELECT s.id AS show, f.role, f.url, f.etag, f.modified, f.body_hash, f.checked_at, f.succeeded_at, f.changed_at,
    f.next_at, f.baseline_at, f.failures, f.error, f.stopped, f.moved_to, f.moved_polls, f.rhythm, f.hub, f.topic,
    f.version
FROM feeds f CROSS JOIN shows s ON s.row = f.show
WHERE f.stopped = '' AND f.next_at <= :now
    AND EXISTS (SELECT 1 FROM shelves h WHERE h.show = f.show)
ORDER BY f.next_at LIMIT :limit;

-- name: claimable_feeds
-- Feeds that may be taken and polled now, longest due first.
SELECT s.id AS show, f.role, f.url, f.etag, f.modified, f.body_hash, f.checked_at, f.succeeded_at, f.changed_at,
    f.next_at, f.baseline_at, f.failures, f.error, f.stopped, f.moved_to, f.moved_polls, f.rhythm, f.hub, f.topic,
    f.version
FROM feeds f INDEXED BY feeds_to_claim CROSS JOIN shows s ON s.row = f.show
WHERE f.stopped = '' AND f.claim_at <= :now
    AND EXISTS (SELECT 1 FROM shelves h WHERE h.show = f.show)
ORDER BY f.claim_at LIMIT :limit;

-- name: lease_feed
-- It is this run's until then, or until its state is written.
UPDATE feeds SET leased_by = :run, leased_until = :until
WHERE show = (SELECT row FROM shows WHERE id = :show) AND role = :role;

-- name: next_feed_at
-- When the next feed may be taken.
SELECT f.claim_at AS at FROM feeds f INDEXED BY feeds_to_claim
WHERE f.stopped = '' AND EXISTS (SELECT 1 FROM shelves h WHERE h.show = f.show)
ORDER BY f.claim_at LIMIT 1;

-- name: hint_feed
-- Something may be new: the feed is due now, and again after a poll that runs already.
UPDATE feeds SET
    next_at = min(next_at, :now),
    hinted_at = CASE WHEN leased_until > :now THEN :now ELSE '' END
WHERE show = (SELECT row FROM shows WHERE id = :show) AND role = :role AND stopped = '';

-- name: shelves_of_show
-- A show as each community has it on its shelf.
SELECT
    h.community, s.row, s.id, h.slug, s.title, s.feed_url, s.page_url, s.language, h.private,
    s.author, s.summary, s.image, h.offset_s, h.link_template,
    (SELECT json_group_array(json_array(platform, workspace, channel)) FROM (
        SELECT platform, workspace, channel FROM private_places p
        WHERE p.community = h.community AND p.show = h.show ORDER BY p.n
    )) AS places,
    (SELECT json_group_array(role) FROM (
        SELECT role FROM private_roles r WHERE r.community = h.community AND r.show = h.show ORDER BY r.n
    )) AS roles
FROM shows s CROSS JOIN shelves h ON h.show = s.row
WHERE s.row = :row;

-- name: news_episodes
-- Which episodes of a show have these keys (as JSON).
SELECT e.key, e.id FROM json_each(:keys) j CROSS JOIN episodes e ON e.show = :row AND e.key = j.value;

-- name: told_lately
-- In each place, how many episodes of a show were to be told since :hour, and whether a burst line was.
SELECT l.platform, l.workspace, l.channel,
    sum(a.kind = 'new' AND a.state <> 'skipped' AND a.made_at > :hour) AS recent, max(a.kind = 'burst') AS summed_up
FROM alerts a CROSS JOIN lanes l ON l.row = a.lane
WHERE a.show = :show AND a.kind IN ('new', 'burst') AND a.made_at > :hour
GROUP BY a.lane;

-- name: show_of_feed
-- The show whose main feed has this address, without those that are private on any shelf.
SELECT s.id FROM shows s
WHERE s.row IN (
        SELECT f.show FROM feeds f WHERE f.url = :url AND f.role = 'main'
        UNION SELECT o.row FROM shows o WHERE o.feed_url = :url
    )
    AND NOT EXISTS (SELECT 1 FROM shelves h WHERE h.show = s.row AND h.private)
ORDER BY s.row LIMIT 1;

-- name: drop_feed
-- Forget a feed; what came from it stays.
DELETE FROM feeds WHERE show = (SELECT row FROM shows WHERE id = :show) AND role = :role;

-- name: tell_show
-- What a feed says of its show; a row comes back when something changes by it.
UPDATE shows SET
    title = coalesce(:title, title), author = coalesce(:author, author), summary = coalesce(:summary, summary),
    image = coalesce(:image, image), page_url = coalesce(:page_url, page_url), language = coalesce(:language, language)
WHERE row = :row AND (
    title IS NOT coalesce(:title, title) OR author IS NOT coalesce(:author, author)
    OR summary IS NOT coalesce(:summary, summary) OR image IS NOT coalesce(:image, image)
    OR page_url IS NOT coalesce(:page_url, page_url) OR language IS NOT coalesce(:language, language)
)
RETURNING row;

-- name: known_items
-- What is remembered of a show's items, in the order in which they were first stored.
SELECT i.id, e.key AS episode, i.first_seen, i.last_seen, i.role, i.guids, i.links, i.enclosures, i.titles,
    i.published, i.duration_s, i.fingerprint, i.missing, i.withdrawn_at
FROM shows s CROSS JOIN feed_items i ON i.show = s.row CROSS JOIN episodes e ON e.row = i.episode
WHERE s.id = :show ORDER BY i.seq;

-- name: put_feed_item
-- One item, new or in place of what was remembered of it.
INSERT INTO feed_items (
    show, id, episode, first_seen, last_seen, role, guids, links, enclosures, titles, published, duration_s,
    fingerprint, missing, withdrawn_at
) VALUES (
    :row, :id, (SELECT e.row FROM episodes e WHERE e.show = :row AND e.key = :episode), :first_seen, :last_seen,
    :role, :guids, :links, :enclosures, :titles, :published, :duration_s, :fingerprint, :missing, :withdrawn_at
) ON CONFLICT (show, id) DO UPDATE SET
    episode = excluded.episode, first_seen = excluded.first_seen, last_seen = excluded.last_seen,
    role = excluded.role, guids = excluded.guids, links = excluded.links, enclosures = excluded.enclosures,
    titles = excluded.titles, published = excluded.published, duration_s = excluded.duration_s,
    fingerprint = excluded.fingerprint, missing = excluded.missing, withdrawn_at = excluded.withdrawn_at;

-- name: moved_items
-- Where items (ids as JSON) stand that belong to an episode into which others were joined: those others' keys too.
SELECT i.id, e.key AS kept, a.key AS absorbed
FROM absorbed a CROSS JOIN episodes e ON e.id = a.episode CROSS JOIN feed_items i ON i.episode = e.row
WHERE a.show = :row AND i.id IN (SELECT value FROM json_each(:items));

-- name: add_resource
-- Something that an item points to; one that is known keeps its state.
INSERT INTO resources (
    episode, kind, url, type, language, rel, state, etag, modified, hash, fetched_at, next_at, failures, error
) VALUES (
    (SELECT e.row FROM episodes e WHERE e.show = :row AND e.key = :episode), :kind, :url, :type, :language, :rel,
    :state, :etag, :modified, :hash, :fetched_at, :next_at, :failures, :error
) ON CONFLICT (episode, kind, url) DO NOTHING;

-- name: note_resource
-- The new state of a resource that is there.
UPDATE resources SET
    type = :type, language = :language, rel = :rel, state = :state, etag = :etag, modified = :modified, hash = :hash,
    fetched_at = :fetched_at, next_at = :next_at, failures = :failures, error = :error
WHERE kind = :kind AND url = :url AND episode = (
    SELECT e.row FROM shows s JOIN episodes e ON e.show = s.row WHERE s.id = :show AND e.key = :episode
);

-- name: resources
-- Resources of a show, or of one of its episodes (by key).
SELECT e.key AS episode, r.kind, r.url, r.type, r.language, r.rel, r.state, r.etag, r.modified, r.hash, r.fetched_at,
    r.next_at, r.failures, r.error
FROM shows s CROSS JOIN episodes e ON e.show = s.row CROSS JOIN resources r ON r.episode = e.row
WHERE s.id = :show
ORDER BY e.published IS NULL, e.published DESC, e.number IS NULL, e.number DESC, e.key DESC, r.seq;

-- name: resources_of
-- Resources of one episode (by key).
SELECT e.key AS episode, r.kind, r.url, r.type, r.language, r.rel, r.state, r.etag, r.modified, r.hash, r.fetched_at,
    r.next_at, r.failures, r.error
FROM shows s CROSS JOIN episodes e ON e.show = s.row AND e.key = :episode CROSS JOIN resources r ON r.episode = e.row
WHERE s.id = :show ORDER BY r.seq;

-- name: due_resources
-- What is to be fetched now of shelved shows, newest episodes first.
SELECT s.id AS show, e.key AS episode, r.kind, r.url, r.type, r.language, r.rel, r.state, r.etag, r.modified, r.hash,
    r.fetched_at, r.next_at, r.failures, r.error
FROM resources r CROSS JOIN episodes e ON e.row = r.episode CROSS JOIN shows s ON s.row = e.show
WHERE r.due IS NOT NULL AND r.due <= :now AND (:show IS NULL OR s.id = :show) AND (:kind IS NULL OR r.kind = :kind)
    AND EXISTS (SELECT 1 FROM shelves h WHERE h.show = e.show)
ORDER BY e.published IS NULL, e.published DESC, e.number IS NULL, e.number DESC, e.key DESC, r.seq
LIMIT :limit;

-- name: stored_show
-- A show, whoever has it, as its first shelf names it; a private shelf goes before others.
SELECT
    s.row, s.id, coalesce(h.slug, '') AS slug, s.title, s.feed_url, s.page_url, s.language,
    coalesce(h.private, 0) AS private, s.author, s.summary, s.image, coalesce(h.offset_s, 0.0) AS offset_s,
    h.link_template, '[]' AS places, '[]' AS roles
FROM shows s LEFT JOIN shelves h ON h.show = s.row
WHERE s.id = :show ORDER BY h.private DESC, h.community LIMIT 1;

-- name: stored_episodes
-- Episodes of a show, all of them or those with these keys (as JSON), newest first, without any overlay.
SELECT
    e.row, e.id, e.show, e.key, e.title, e.number, e.season, e.guid, e.published, e.duration_s, e.summary,
    e.kind, e.explicit, e.image, e.withdrawn,
    (SELECT json_group_array(name) FROM (SELECT name FROM people p WHERE p.episode = e.row ORDER BY p.n)) AS people,
    (SELECT json_group_array(json_array(kind, url, offset_s, premiere, exact)) FROM (
        SELECT kind, url, offset_s, premiere, exact FROM editions d WHERE d.episode = e.row ORDER BY d.n
    )) AS editions,
    coalesce(t.lines, 0) AS lines, coalesce(t.made, 'publisher') AS made
FROM episodes e LEFT JOIN transcripts t ON t.episode = e.row
WHERE e.show = :show AND (:keys IS NULL OR e.key IN (SELECT value FROM json_each(:keys)))
ORDER BY e.published IS NULL, e.published DESC, e.number IS NULL, e.number DESC, e.key DESC;

-- name: stored_chapters
-- All chapters of the episode with this key.
SELECT c.n, c.start_s, c.end_s, c.title, c.url, c.source, c.image, c.hidden
FROM shows s JOIN episodes e ON e.show = s.row JOIN chapters c ON c.episode = e.row
WHERE s.id = :show AND e.key = :key ORDER BY c.hidden, c.n;
