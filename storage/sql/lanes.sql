-- name: lane_row
-- The lane of a place.
SELECT row, leased_by, leased_until FROM lanes
WHERE platform = :platform AND workspace = :workspace AND channel = :channel;

-- name: lane
-- The lane of a place as it stands.
SELECT * FROM standing_lanes WHERE platform = :platform AND workspace = :workspace AND channel = :channel;

-- name: lanes_of_community
-- The lanes of a community, by place.
SELECT * FROM standing_lanes WHERE owner = :community ORDER BY platform, workspace, channel;

-- name: lanes_by_row
-- Some lanes (rows as JSON), longest due first.
SELECT s.* FROM json_each(:rows) j CROSS JOIN standing_lanes s ON s.row = j.value ORDER BY j.key;

-- name: claimable_lanes
-- Lanes of a platform that may be taken now, longest due first.
SELECT row, claim_at FROM lanes
WHERE platform = :platform AND claim_at IS NOT NULL AND claim_at <= :now ORDER BY claim_at LIMIT :limit;

-- name: subscribed_places
-- Where anything is wanted.
SELECT DISTINCT place FROM subscriptions;

-- name: lanes_of_platform
-- What is known of each place of a platform, the newest post first.
SELECT platform, workspace, channel, vouched, blocked, silenced FROM lanes
WHERE platform = :platform ORDER BY known_until DESC, row;

-- name: next_lane_at
-- When the next lane of a platform may be taken.
SELECT min(claim_at) AS at FROM lanes WHERE platform = :platform AND claim_at IS NOT NULL;

-- name: lease_lane
-- It is this run's until then.
UPDATE lanes SET leased_by = :run, leased_until = :until WHERE row = :row;

-- name: left_sending
-- Alerts whose sender did not come back, in lanes that somebody else has taken (rows as JSON).
SELECT a.*, l.platform, l.workspace, l.channel FROM alerts a CROSS JOIN lanes l ON l.row = a.lane
WHERE a.state = 'sending' AND a.lane IN (SELECT value FROM json_each(:rows));

-- name: keep_lane
-- A longer lease.
UPDATE lanes SET leased_until = :until
WHERE platform = :platform AND workspace = :workspace AND channel = :channel AND leased_by = :run AND :run <> ''
RETURNING row;

-- name: vouch
-- This run has read the place back.
UPDATE lanes SET vouched = :run WHERE row = :lane;

-- name: release_lane
-- Give it back.
UPDATE lanes SET leased_by = '', leased_until = '' WHERE row = :lane;

-- name: block_lane
-- The place is gone or forbidden.
UPDATE lanes SET blocked = :reason WHERE row = :lane;

-- name: silence_lane
-- A twin was met.
UPDATE lanes SET silenced = :reason WHERE row = :lane;

-- name: free_lane
-- Neither any more, and nobody has read it back.
UPDATE lanes SET blocked = '', silenced = '', vouched = '' WHERE row = :lane;

-- name: community_of_place
-- Whose a place is: its workspace's, else that of a subscription to it.
SELECT coalesce(
    (SELECT w.community FROM workspaces w WHERE w.platform = :platform AND w.workspace = :workspace),
    (SELECT s.community FROM subscriptions s WHERE s.place = :place ORDER BY s.seq LIMIT 1)
) AS community;

-- name: subscriptions_in_place
-- What a place wants to be told of, in every community.
SELECT r.community, r.id, r.show, r.place, r.options FROM subscriptions r WHERE r.place = :place ORDER BY r.seq;

-- name: subscriptions_to
-- Who wants to be told of a show, where it stands on the shelf.
SELECT r.community, r.id, r.show, r.place, r.options
FROM subscriptions r CROSS JOIN shows s ON s.id = r.show
CROSS JOIN shelves h ON h.community = r.community AND h.show = s.row
WHERE r.show = :show ORDER BY r.seq;

-- name: subscription
-- One subscription, where its show stands on the shelf.
SELECT r.community, r.id, r.show, r.place, r.options
FROM subscriptions r CROSS JOIN shows s ON s.id = r.show
CROSS JOIN shelves h ON h.community = r.community AND h.show = s.row
WHERE r.community = :community AND r.id = :id;

-- name: communities_of
-- Who has a show on its shelf.
SELECT h.community FROM shows s JOIN shelves h ON h.show = s.row WHERE s.id = :show ORDER BY h.community;
