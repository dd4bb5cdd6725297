-- name: put_hub
-- The subscription to one feed, new or in place of the old one.
INSERT INTO hubs (show, role, id, hub, topic, secret, state, next_at, expires_at, heard_at, failures, error)
VALUES (
    :row, :role, :id, :hub, :topic, :secret, :state, :next_at, :expires_at, :heard_at, :failures, :error
) ON CONFLICT (show, role) DO UPDATE SET
    id = excluded.id, hub = excluded.hub, topic = excluded.topic, secret = excluded.secret, state = excluded.state,
    next_at = excluded.next_at, expires_at = excluded.expires_at, heard_at = excluded.heard_at,
    failures = excluded.failures, error = excluded.error;

-- name: hub
-- One, by the end of its callback's address.
SELECT h.*, s.id AS show_id FROM hubs h JOIN shows s ON s.row = h.show WHERE h.id = :id;

-- name: hubs
-- All of them, or those of one show.
SELECT h.*, s.id AS show_id FROM hubs h JOIN shows s ON s.row = h.show
WHERE :show IS NULL OR s.id = :show ORDER BY s.id, h.role;

-- name: due_hubs
-- Those to be asked now, longest due first.
SELECT h.*, s.id AS show_id FROM hubs h CROSS JOIN shows s ON s.row = h.show
WHERE h.due IS NOT NULL AND h.due <= :now ORDER BY h.due LIMIT :limit;

-- name: drop_hub
-- Forget it.
DELETE FROM hubs WHERE show = (SELECT row FROM shows WHERE id = :show) AND role = :role;
