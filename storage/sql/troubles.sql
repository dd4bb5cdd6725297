-- name: troubles
-- What is wrong in a community, oldest first.
SELECT id, community, source, what, since, over_at FROM troubles
WHERE community = :community AND over_at IS NULL ORDER BY since, seq;

-- name: troubles_from
-- What is or was wrong with one source in a community.
SELECT id, community, source, what, times, since, over_at FROM troubles
WHERE source = :source AND community = :community ORDER BY seq;

-- name: open_trouble
-- Something is wrong, perhaps again.
INSERT INTO troubles (id, community, source, what, times, since) VALUES (:id, :community, :source, :what, :times, :now)
ON CONFLICT (source, community, what) DO UPDATE SET
    id = excluded.id, times = excluded.times, since = excluded.since, over_at = NULL;

-- name: end_trouble
-- It is over.
UPDATE troubles SET over_at = :now WHERE id = :id;

-- name: end_troubles_of_show
-- Nobody here need know any more what is wrong with a show that left the shelf.
UPDATE troubles SET over_at = :now WHERE community = :community AND over_at IS NULL AND (
    source IN ('feed:' || :show || ':main', 'feed:' || :show || ':youtube')
    OR source IN ('notice:' || :show || ':main', 'notice:' || :show || ':youtube')
    OR source IN (SELECT 'withdrawn:' || e.id FROM episodes e WHERE e.show = :row)
    -- report:ID:EPISODE, and an id has 12 characters
    OR (source LIKE 'report:%' AND substr(source, 21) IN (SELECT e.id FROM episodes e WHERE e.show = :row))
);

-- name: moderator_place
-- Where a community's moderators are told.
SELECT value FROM settings WHERE community = :community AND id = '|moderators';

-- name: withdrawn_from
-- The show of an episode, and the episode that it may have been joined into.
SELECT e.id, s.id AS show FROM episodes e JOIN shows s ON s.row = e.show
WHERE e.id = coalesce((SELECT a.episode FROM absorbed a WHERE a.id = :episode), :episode);

-- name: add_wish
-- Somebody wants to be told in a post's thread; a row comes back when that is new.
INSERT INTO wishes (alert, platform, person, name)
SELECT a.seq, :platform, :person, :name FROM alerts a WHERE a.id = :alert
ON CONFLICT DO NOTHING RETURNING person;

-- name: wishes
-- Who wants to be told.
SELECT w.platform, w.person, w.name FROM alerts a CROSS JOIN wishes w ON w.alert = a.seq
WHERE a.id = :alert ORDER BY w.platform, w.person;

-- name: put_code
-- The one code that is valid.
INSERT INTO codes (community, digest, made_at) VALUES (:community, :digest, :now)
ON CONFLICT (community) DO UPDATE SET digest = excluded.digest, made_at = excluded.made_at, wrong = 0;

-- name: code
-- The code that is valid.
SELECT digest, made_at, wrong FROM codes WHERE community = :community;

-- name: count_wrong_code
-- A wrong one was tried.
UPDATE codes SET wrong = wrong + 1 WHERE community = :community;

-- name: count_wrong_try
-- Somebody tried a wrong one; after a rest they begin again.
INSERT INTO code_tries (community, platform, person, wrong, at) VALUES (:community, :platform, :person, 1, :now)
ON CONFLICT DO UPDATE SET wrong = iif(at > :since, wrong + 1, 1), at = excluded.at;

-- name: wrong_tries
-- How often somebody tried wrong ones of late.
SELECT wrong FROM code_tries
WHERE community = :community AND platform = :platform AND person = :person AND at > :since;

-- name: drop_code
-- None is valid any more.
DELETE FROM codes WHERE community = :community;
