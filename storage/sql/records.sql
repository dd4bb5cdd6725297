-- name: put_alias
-- How a speaker is called.
INSERT INTO aliases (community, id, show, label, name, episode)
VALUES (:community, :id, :show, :label, :name, :episode)
ON CONFLICT (community, id) DO UPDATE SET show = excluded.show, label = excluded.label, name = excluded.name, episode = excluded.episode;

-- name: drop_alias
-- Remove one.
DELETE FROM aliases WHERE community = :community AND id = :id;

-- name: list_alias
-- All of a community, oldest first, or the one with this id.
SELECT r.id, r.show, r.label, r.name, r.episode
FROM aliases r
WHERE r.community = :community AND (:id IS NULL OR r.id = :id) ORDER BY r.seq;

-- name: put_fix
-- A correction.
INSERT INTO fixes (community, id, field, value)
VALUES (:community, :id, :field, :value)
ON CONFLICT (community, id) DO UPDATE SET field = excluded.field, value = excluded.value;

-- name: drop_fix
-- Remove one.
DELETE FROM fixes WHERE community = :community AND id = :id;

-- name: list_fix
-- All of a community, oldest first, or the one with this id.
SELECT r.id, r.field, r.value,
    a.episode AS anchor_episode, a.first_word AS anchor_first, a.words AS anchor_words, a.hash AS anchor_hash,
    a.text AS anchor_text, a.start_s AS anchor_start_s
FROM fixes r
JOIN anchors a ON a.community = r.community AND a.kind = 'fix' AND a.id = r.id AND a.live = 1
WHERE r.community = :community AND (:id IS NULL OR r.id = :id) ORDER BY r.seq;

-- name: put_withhold
-- What is not shown.
INSERT INTO withholds (community, id, level, episode, person, show, reason)
VALUES (:community, :id, :level, :episode, :person, :show, :reason)
ON CONFLICT (community, id) DO UPDATE SET level = excluded.level, episode = excluded.episode, person = excluded.person, show = excluded.show, reason = excluded.reason;

-- name: drop_withhold
-- Remove one.
DELETE FROM withholds WHERE community = :community AND id = :id;

-- name: list_withhold
-- All of a community, oldest first, or the one with this id.
SELECT r.id, r.level, r.episode, r.person, r.show, r.reason,
    a.episode AS anchor_episode, a.first_word AS anchor_first, a.words AS anchor_words, a.hash AS anchor_hash,
    a.text AS anchor_text, a.start_s AS anchor_start_s
FROM withholds r
LEFT JOIN anchors a ON a.community = r.community AND a.kind = 'withhold' AND a.id = r.id AND a.live = 1
WHERE r.community = :community AND (:id IS NULL OR r.id = :id) ORDER BY r.seq;

-- name: put_nickname
-- A community's own name for a moment.
INSERT INTO nicknames (community, id, words)
VALUES (:community, :id, :words)
ON CONFLICT (community, id) DO UPDATE SET words = excluded.words;

-- name: drop_nickname
-- Remove one.
DELETE FROM nicknames WHERE community = :community AND id = :id;

-- name: list_nickname
-- All of a community, oldest first, or the one with this id.
SELECT r.id, r.words,
    a.episode AS anchor_episode, a.first_word AS anchor_first, a.words AS anchor_words, a.hash AS anchor_hash,
    a.text AS anchor_text, a.start_s AS anchor_start_s
FROM nicknames r
JOIN anchors a ON a.community = r.community AND a.kind = 'nickname' AND a.id = r.id AND a.live = 1
WHERE r.community = :community AND (:id IS NULL OR r.id = :id) ORDER BY r.seq;

-- name: put_saved_quote
-- A span that a member kept.
INSERT INTO saved_quotes (community, id, owner, saved, speaker, note)
VALUES (:community, :id, :owner, :saved, :speaker, :note)
ON CONFLICT (community, id) DO UPDATE SET owner = excluded.owner, saved = excluded.saved, speaker = excluded.speaker, note = excluded.note;

-- name: drop_saved_quote
-- Remove one.
DELETE FROM saved_quotes WHERE community = :community AND id = :id;

-- name: list_saved_quote
-- All of a community, oldest first, or the one with this id.
SELECT r.id, r.owner, r.saved, r.speaker, r.note,
    a.episode AS anchor_episode, a.first_word AS anchor_first, a.words AS anchor_words, a.hash AS anchor_hash,
    a.text AS anchor_text, a.start_s AS anchor_start_s
FROM saved_quotes r
JOIN anchors a ON a.community = r.community AND a.kind = 'saved_quote' AND a.id = r.id AND a.live = 1
WHERE r.community = :community AND (:id IS NULL OR r.id = :id) ORDER BY r.seq;

-- name: put_setting
-- One setting of one place.
INSERT INTO settings (community, id, name, value, place)
VALUES (:community, :id, :name, :value, :place)
ON CONFLICT (community, id) DO UPDATE SET name = excluded.name, value = excluded.value, place = excluded.place;

-- name: drop_setting
-- Remove one.
DELETE FROM settings WHERE community = :community AND id = :id;

-- name: list_setting
-- All of a community, oldest first, or the one with this id.
SELECT r.id, r.name, r.value, r.place
FROM settings r
WHERE r.community = :community AND (:id IS NULL OR r.id = :id) ORDER BY r.seq;

-- name: put_grant
-- A role given.
INSERT INTO grants (community, id, subject, role)
VALUES (:community, :id, :subject, :role)
ON CONFLICT (community, id) DO UPDATE SET subject = excluded.subject, role = excluded.role;

-- name: drop_grant
-- Remove one.
DELETE FROM grants WHERE community = :community AND id = :id;

-- name: list_grant
-- All of a community, oldest first, or the one with this id.
SELECT r.id, r.subject, r.role
FROM grants r
WHERE r.community = :community AND (:id IS NULL OR r.id = :id) ORDER BY r.seq;

-- name: put_subscription
-- A show's news for a place.
INSERT INTO subscriptions (community, id, show, place, options)
VALUES (:community, :id, :show, :place, :options)
ON CONFLICT (community, id) DO UPDATE SET show = excluded.show, place = excluded.place, options = excluded.options;

-- name: drop_subscription
-- Remove one.
DELETE FROM subscriptions WHERE community = :community AND id = :id;

-- name: list_subscription
-- All of a community, oldest first, or the one with this id.
SELECT r.id, r.show, r.place, r.options
FROM subscriptions r
WHERE r.community = :community AND (:id IS NULL OR r.id = :id) ORDER BY r.seq;

-- name: put_report
-- A card of the moderator queue.
INSERT INTO reports (community, id, wrong, reporter, state, note, at, reporter_name, settled_by)
VALUES (:community, :id, :wrong, :reporter, :state, :note, :at, :reporter_name, :settled_by)
ON CONFLICT (community, id) DO UPDATE SET wrong = excluded.wrong, reporter = excluded.reporter, state = excluded.state,
    note = excluded.note, at = excluded.at, reporter_name = excluded.reporter_name, settled_by = excluded.settled_by;

-- name: drop_report
-- Remove one.
DELETE FROM reports WHERE community = :community AND id = :id;

-- name: list_report
-- All of a community, oldest first, or the one with this id.
SELECT r.id, r.wrong, r.reporter, r.state, r.note, r.at, r.reporter_name, r.settled_by,
    a.episode AS anchor_episode, a.first_word AS anchor_first, a.words AS anchor_words, a.hash AS anchor_hash,
    a.text AS anchor_text, a.start_s AS anchor_start_s
FROM reports r
JOIN anchors a ON a.community = r.community AND a.kind = 'report' AND a.id = r.id AND a.live = 1
WHERE r.community = :community AND (:id IS NULL OR r.id = :id) ORDER BY r.seq;

-- name: put_ruling
-- What a moderator decided about an alert, and what that was before.
INSERT INTO rulings (community, id, choice, was) VALUES (:community, :id, :choice, :was)
ON CONFLICT (community, id) DO UPDATE SET choice = excluded.choice, was = excluded.was;

-- name: drop_ruling
-- Remove one.
DELETE FROM rulings WHERE community = :community AND id = :id;

-- name: list_ruling
-- All of a community, oldest first, or the one with this id.
SELECT r.id, r.choice FROM rulings r
WHERE r.community = :community AND (:id IS NULL OR r.id = :id) ORDER BY r.seq;

-- name: ruling_was
-- What an alert was before it was decided about.
SELECT was FROM rulings WHERE community = :community AND id = :id;

-- name: add_history
-- Who changed what.
INSERT INTO history (id, community, at, by, kind, record, before, after, undoes)
VALUES (:id, :community, :at, :by, :kind, :record, :before, :after, :undoes);

-- name: history
-- A community's changes, newest first.
SELECT id, community, at, by, kind, record, before, after, undone, undoes FROM history
WHERE community = :community ORDER BY seq DESC LIMIT :limit OFFSET :offset;

-- name: history_entry
-- One change.
SELECT id, community, at, by, kind, record, before, after, undone, undoes FROM history
WHERE community = :community AND id = :id;

-- name: last_standing
-- The latest change that stands and is not itself an undo.
SELECT id, community, at, by, kind, record, before, after, undone, undoes FROM history
WHERE community = :community AND undone = 0 AND undoes IS NULL ORDER BY seq DESC LIMIT 1;

-- name: last_of_record
-- The latest change of one record.
SELECT id, community, at, by, kind, record, before, after, undone, undoes FROM history
WHERE community = :community AND kind = :kind AND record = :record ORDER BY seq DESC LIMIT 1;

-- name: mark_undone
-- Whether an entry stands.
UPDATE history SET undone = :undone WHERE id = :id;

-- name: shelved_episode
-- An episode's row, if its show stands on the shelf.
SELECT e.row, e.id FROM episodes e JOIN shelves h ON h.show = e.show
WHERE e.id = coalesce((SELECT a.episode FROM absorbed a WHERE a.id = :episode), :episode) AND h.community = :community;
