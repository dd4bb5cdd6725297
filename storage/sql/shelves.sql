-- name: counter
-- The number of the last change.
SELECT n FROM counter;

-- name: move_counter
-- Take the next numbers for changes of this transaction; the last of them comes back.
UPDATE counter SET n = n + :count RETURNING n;

-- name: add_change
-- Log the change under the number just taken.
INSERT INTO changes (n, kind, episode) VALUES (?, ?, ?);

-- name: changes_since
-- What a follower has not seen yet, in order.
SELECT n, kind, episode FROM changes WHERE n > :n ORDER BY n LIMIT :limit;

-- name: make_community
-- A community begins with the first thing it owns.
INSERT INTO communities (id) VALUES (:community) ON CONFLICT DO NOTHING;

-- name: link_workspace
-- Let a workspace belong to a community, also when it belonged to another one.
INSERT INTO workspaces (platform, workspace, community) VALUES (:platform, :workspace, :community)
ON CONFLICT (platform, workspace) DO UPDATE SET community = excluded.community;

-- name: community_of
-- The community of a workspace.
SELECT community FROM workspaces WHERE platform = :platform AND workspace = :workspace;

-- name: shelf
-- Every show of a community with what its shelf says of it.
SELECT
    s.row, s.id, h.slug, s.title, s.feed_url, s.page_url, s.language, h.private,
    s.author, s.summary, s.image, h.offset_s, h.link_template,
    (SELECT json_group_array(json_array(platform, workspace, channel)) FROM (
        SELECT platform, workspace, channel FROM private_places p
        WHERE p.community = h.community AND p.show = h.show ORDER BY p.n
    )) AS places,
    (SELECT json_group_array(role) FROM (
        SELECT role FROM private_roles r WHERE r.community = h.community AND r.show = h.show ORDER BY r.n
    )) AS roles
FROM shelves h JOIN shows s ON s.row = h.show
WHERE h.community = :community
ORDER BY lower(s.title), h.slug;

-- name: show_by_id
-- A show, whoever has it.
SELECT row, id, feed_url FROM shows WHERE id = :id;

-- name: shows_by_feed
-- Shows of one feed address, and whether this community has them.
SELECT s.row, s.id, EXISTS (SELECT 1 FROM shelves h WHERE h.show = s.row AND h.community = :community) AS ours
FROM shows s WHERE s.feed_url = :feed_url ORDER BY ours DESC, s.row;

-- name: slug_owner
-- Which show has this name on the shelf.
SELECT s.id FROM shelves h JOIN shows s ON s.row = h.show WHERE h.community = :community AND h.slug = :slug;

-- name: shelved_show
-- A show's row, if it stands on the shelf.
SELECT s.row, h.private FROM shows s JOIN shelves h ON h.show = s.row WHERE s.id = :show AND h.community = :community;

-- name: add_show
-- A new show.
INSERT INTO shows (id, title, feed_url, page_url, language, author, summary, image)
VALUES (:id, :title, :feed_url, :page_url, :language, :author, :summary, :image) RETURNING row;

-- name: update_show
-- What a community says of it; an empty author, summary or image says nothing.
UPDATE shows SET
    title = :title, feed_url = :feed_url, page_url = :page_url, language = :language,
    author = coalesce(nullif(:author, ''), author),
    summary = coalesce(nullif(:summary, ''), summary),
    image = coalesce(:image, image)
WHERE row = :row;

-- name: put_shelf
-- Put a show on a shelf, or change its name or privacy there.
INSERT INTO shelves (community, show, slug, private, offset_s, link_template)
VALUES (:community, :row, :slug, :private, :offset_s, :link_template)
ON CONFLICT (community, show) DO UPDATE SET
    slug = excluded.slug, private = excluded.private, offset_s = excluded.offset_s,
    link_template = excluded.link_template;

-- name: drop_shelf
-- Take a show off a shelf.
DELETE FROM shelves WHERE community = :community AND show = :row;

-- name: drop_private_places
-- Forget where a private show may appear.
DELETE FROM private_places WHERE community = :community AND show = :row;

-- name: drop_private_roles
-- Forget to whom a private show may appear.
DELETE FROM private_roles WHERE community = :community AND show = :row;

-- name: add_private_place
-- One place where a private show may appear.
INSERT INTO private_places (community, show, n, platform, workspace, channel) VALUES (?, ?, ?, ?, ?, ?);

-- name: add_private_role
-- One platform role to which a private show may appear.
INSERT INTO private_roles (community, show, n, role) VALUES (?, ?, ?, ?);
