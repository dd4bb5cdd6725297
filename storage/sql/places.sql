-- name: note_shown
-- Remember a random quote of this place.
INSERT INTO shown (community, platform, workspace, channel, episode, first_word, words, hash, start_s)
VALUES (:community, :platform, :workspace, :channel, :episode, :first_word, :words, :hash, :start_s);

-- name: forget_shown
-- Keep the last ones of a place.
DELETE FROM shown WHERE community = :community AND platform = :platform AND workspace = :workspace
    AND channel = :channel AND seq <= (
        SELECT seq FROM shown WHERE community = :community AND platform = :platform AND workspace = :workspace
            AND channel = :channel ORDER BY seq DESC LIMIT 1 OFFSET :keep
    );

-- name: recently_shown
-- The moments shown in a place, newest first.
SELECT episode, first_word, words, hash, start_s FROM shown
WHERE community = :community AND platform = :platform AND workspace = :workspace AND channel = :channel
ORDER BY seq DESC;

-- name: set_focus
-- The episode last shown to a person in a place, unless it is gone since.
INSERT INTO focus (community, platform, workspace, channel, person, episode, at)
SELECT :community, :platform, :workspace, :channel, :person, e.id, :at FROM episodes e WHERE e.id = :episode
ON CONFLICT DO UPDATE SET episode = excluded.episode, at = excluded.at;

-- name: focus
-- What was last shown to a person in a place, if not too long ago.
SELECT episode FROM focus
WHERE community = :community AND platform = :platform AND workspace = :workspace AND channel = :channel
    AND person = :person AND at >= :since;

-- name: state_id
-- The id under which this community keeps this state.
SELECT id FROM states WHERE community = :community AND hash = :hash;

-- name: add_state
-- Keep a button's state.
INSERT INTO states (id, community, body, hash) VALUES (:id, :community, :body, :hash);

-- name: state
-- A button's state, for the community that it belongs to.
SELECT body FROM states WHERE id = :id AND community = :community;

-- name: cached
-- A derived text.
SELECT body FROM cache WHERE key = :key;

-- name: cache
-- Keep a derived text.
INSERT INTO cache (key, body) VALUES (:key, :body) ON CONFLICT (key) DO UPDATE SET body = excluded.body;
