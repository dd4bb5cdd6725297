-- name: last_alert
-- Everything made from here on has a greater number.
SELECT coalesce(max(seq), 0) AS seq FROM alerts;

-- name: add_lane
-- A place has a queue from its first alert on.
INSERT INTO lanes (platform, workspace, channel, community) VALUES (:platform, :workspace, :channel, :community)
ON CONFLICT (platform, workspace, channel) DO NOTHING;

-- name: add_alert
-- One alert, unless it is there: by its id, by what it tells, or by the episode. An episode that was joined into
-- another one is that one.
INSERT INTO alerts (
    id, lane, community, kind, subject, state, reason, seen_at, made_at, due_at, order_at, first_order_at,
    expires_at, show, episode,
    subscription, quiet, text, attempts, tried_at, posted_at, message, thread, digest, version
)
SELECT
    :id, l.row, :community, :kind, :subject, :state, :reason, :seen_at, :now, :due_at, :order_at, :order_at,
    :expires_at, :show,
    coalesce((SELECT a.episode FROM absorbed a WHERE a.id = :episode), :episode),
    :subscription, :quiet, :text, :attempts, :tried_at, :posted_at, :message, :thread, :digest, 1
FROM lanes l WHERE l.platform = :platform AND l.workspace = :workspace AND l.channel = :channel
ON CONFLICT DO NOTHING;

-- name: added_alerts
-- Those made after this number.
SELECT id, lane FROM alerts WHERE seq > :last ORDER BY seq;

-- name: first_steps
-- How the story of those begins.
INSERT INTO alert_steps (alert, n, at, state, reason)
SELECT seq, 1, made_at, state, reason FROM alerts WHERE seq > :last;

-- name: refresh_lanes
-- When lanes (rows as JSON) are due: the first of the queue, whatever stands behind it, or a chore.
UPDATE lanes SET due_at = (SELECT min(at) FROM (
    SELECT due_at AS at FROM (
        SELECT due_at FROM alerts WHERE lane = lanes.row AND state IN ('waiting', 'sending', 'unknown')
        ORDER BY order_at, seq LIMIT 1
    )
    UNION ALL SELECT min(due_at) FROM chores WHERE lane = lanes.row
))
WHERE row IN (SELECT value FROM json_each(:rows));

-- name: alert
-- One alert.
SELECT a.*, l.platform, l.workspace, l.channel FROM alerts a JOIN lanes l ON l.row = a.lane WHERE a.id = :id;

-- name: alerts_by_id
-- Some alerts (ids as JSON).
SELECT a.*, l.platform, l.workspace, l.channel, l.leased_by, l.leased_until
FROM json_each(:ids) j CROSS JOIN alerts a ON a.id = j.value CROSS JOIN lanes l ON l.row = a.lane;

-- name: alerts_of_community
-- What a community is told, newest first; NULL = whatever.
SELECT a.*, l.platform, l.workspace, l.channel FROM alerts a CROSS JOIN lanes l ON l.row = a.lane
WHERE a.community = :community AND (:show IS NULL OR a.show = :show)
    AND (:states IS NULL OR a.state IN (SELECT value FROM json_each(:states)))
ORDER BY a.seq DESC LIMIT :limit;

-- name: alerts_of_episode
-- The same of one episode, or of the one that it was joined into.
SELECT a.*, l.platform, l.workspace, l.channel FROM alerts a CROSS JOIN lanes l ON l.row = a.lane
WHERE a.episode = coalesce((SELECT b.episode FROM absorbed b WHERE b.id = :episode), :episode)
    AND a.community = :community AND (:show IS NULL OR a.show = :show)
    AND (:platform IS NULL OR (l.platform = :platform AND l.workspace = :workspace AND l.channel = :channel))
    AND (:states IS NULL OR a.state IN (SELECT value FROM json_each(:states)))
ORDER BY a.seq DESC LIMIT :limit;

-- name: alerts_of_place
-- The same of one place.
SELECT a.*, l.platform, l.workspace, l.channel FROM lanes l CROSS JOIN alerts a ON a.lane = l.row
WHERE l.platform = :platform AND l.workspace = :workspace AND l.channel = :channel
    AND a.community = :community AND (:show IS NULL OR a.show = :show)
    AND (:states IS NULL OR a.state IN (SELECT value FROM json_each(:states)))
ORDER BY a.seq DESC LIMIT :limit;

-- name: alerts_in_states
-- The same of a community, where the states are those that few alerts are in.
SELECT a.*, l.platform, l.workspace, l.channel
FROM alerts a INDEXED BY alerts_by_state CROSS JOIN lanes l ON l.row = a.lane
WHERE a.community = :community AND a.state IN (SELECT value FROM json_each(:states))
    AND a.state NOT IN ('posted', 'skipped') AND (:show IS NULL OR a.show = :show)
ORDER BY a.seq DESC LIMIT :limit;

-- name: posted_alerts
-- Those that are there for some episodes (ids as JSON).
SELECT a.*, l.platform, l.workspace, l.channel
FROM (SELECT DISTINCT coalesce(b.episode, j.value) AS episode FROM json_each(:episodes) j
    LEFT JOIN absorbed b ON b.id = j.value) asked
CROSS JOIN alerts a ON a.episode = asked.episode CROSS JOIN lanes l ON l.row = a.lane
WHERE a.state = 'posted' ORDER BY a.seq;

-- name: posts_since
-- Those that are there, in the order of posting, beyond a moment and an id.
SELECT a.*, l.platform, l.workspace, l.channel
FROM alerts a CROSS JOIN lanes l ON l.row = a.lane
WHERE a.state = 'posted' AND (a.posted_at, a.id) > (:since, :after)
ORDER BY a.posted_at, a.id LIMIT :limit;

-- name: alert_story
-- What became of an alert.
SELECT s.at, s.state, s.reason FROM alerts a JOIN alert_steps s ON s.alert = a.seq WHERE a.id = :id ORDER BY s.n;

-- name: queue
-- What is queued in a place, in its order.
SELECT a.*, l.platform, l.workspace, l.channel FROM lanes l CROSS JOIN alerts a ON a.lane = l.row
WHERE l.platform = :platform AND l.workspace = :workspace AND l.channel = :channel
    AND a.state IN ('waiting', 'sending', 'unknown')
ORDER BY a.order_at, a.seq LIMIT :limit;

-- name: write_alert
-- What became of an alert; what it is about and where never changes.
UPDATE alerts SET
    state = :state, reason = :reason, due_at = :due_at, order_at = :order_at, expires_at = :expires_at, quiet = :quiet,
    text = :text, attempts = :attempts, tried_at = :tried_at, posted_at = :posted_at, message = :message,
    thread = :thread, digest = :digest, version = version + 1
WHERE id = :id;

-- name: add_step
-- One more line of an alert's story.
INSERT INTO alert_steps (alert, n, at, state, reason)
SELECT a.seq, coalesce((SELECT max(s.n) FROM alert_steps s WHERE s.alert = a.seq), 0) + 1, :now, :state, :reason
FROM alerts a WHERE a.id = :id;

-- name: trim_steps
-- Keep the latest ones.
DELETE FROM alert_steps WHERE alert = (SELECT a.seq FROM alerts a WHERE a.id = :id)
    AND n <= (SELECT max(s.n) FROM alert_steps s WHERE s.alert = alert_steps.alert) - :keep;

-- name: last_step_at
-- When something was last written of an alert.
SELECT s.at FROM alerts a CROSS JOIN alert_steps s ON s.alert = a.seq WHERE a.id = :id ORDER BY s.n DESC LIMIT 1;

-- name: know_until
-- The newest post of ours in a lane that is settled.
UPDATE lanes SET known_until = :at WHERE row = :lane AND coalesce(known_until, '') < :at;

-- name: put_chore
-- Something to do to a post, new or in place of what is remembered of it.
INSERT INTO chores (alert, kind, lane, due_at, expires_at, attempts, error)
SELECT a.seq, :kind, a.lane, :due_at, :expires_at, :attempts, :error FROM alerts a WHERE a.id = :alert
ON CONFLICT (alert, kind) DO UPDATE SET
    due_at = excluded.due_at, expires_at = excluded.expires_at, attempts = excluded.attempts, error = excluded.error;

-- name: drop_chore
-- It is done; what was put down anew meanwhile is still to be.
DELETE FROM chores WHERE kind = :kind AND alert = (SELECT a.seq FROM alerts a WHERE a.id = :alert)
    AND due_at = :due_at AND attempts = :attempts;

-- name: chores
-- What is due to be done to the posts of a place.
SELECT a.id AS alert, c.kind, c.due_at, c.expires_at, c.attempts, c.error
FROM lanes l CROSS JOIN chores c ON c.lane = l.row CROSS JOIN alerts a ON a.seq = c.alert
WHERE l.platform = :platform AND l.workspace = :workspace AND l.channel = :channel AND c.due_at <= :now
ORDER BY c.due_at, c.alert, c.kind;

-- name: aside_in_place
-- Alerts of a place that stepped aside and wait for nothing else, in the order that they had.
SELECT a.seq, a.lane FROM lanes l CROSS JOIN alerts a ON a.lane = l.row
WHERE l.platform = :platform AND l.workspace = :workspace AND l.channel = :channel
    AND a.state = 'waiting' AND a.order_at > a.first_order_at AND a.due_at = a.order_at
    AND (:subscription IS NULL OR a.subscription = :subscription);

-- name: aside_in_community
-- The same of every place of a community.
SELECT a.seq, a.lane FROM alerts a INDEXED BY alerts_aside
WHERE a.state = 'waiting' AND a.order_at > a.first_order_at AND a.due_at = a.order_at
    AND a.lane IN (SELECT s.row FROM standing_lanes s WHERE s.owner = :community);

-- name: bring_forward
-- It has its own turn again (seqs as JSON).
UPDATE alerts SET due_at = first_order_at, order_at = first_order_at, version = version + 1
WHERE seq IN (SELECT value FROM json_each(:seqs));

-- name: skipped_meanwhile
-- Alerts of a subscription that waited once and were skipped for a reason that holds no more.
SELECT a.*, l.platform, l.workspace, l.channel FROM lanes l CROSS JOIN alerts a ON a.lane = l.row
CROSS JOIN alert_steps s ON s.alert = a.seq AND s.n = (SELECT min(n) FROM alert_steps f WHERE f.alert = a.seq)
WHERE l.platform = :platform AND l.workspace = :workspace AND l.channel = :channel AND a.community = :community
    AND a.subscription = :subscription AND a.state = 'skipped' AND a.reason = :reason AND s.state <> 'skipped'
ORDER BY a.seq;

-- name: put_finding
-- Why a poll took an episode for a new one.
INSERT INTO findings (show, episode, at, reason) VALUES (:row, :key, :at, :reason) ON CONFLICT DO NOTHING;

-- name: finding
-- The same, read.
SELECT f.at, f.reason FROM shows s JOIN findings f ON f.show = s.row WHERE s.id = :show AND f.episode = :key;
