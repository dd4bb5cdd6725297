-- name: member_choices
-- What a member chose here.
SELECT name, value FROM member_choices WHERE community = :community AND person = :person ORDER BY name;

-- name: choose
-- A member's choice.
INSERT INTO member_choices (community, person, name, value) VALUES (:community, :person, :name, :value)
ON CONFLICT (community, person, name) DO UPDATE SET value = excluded.value;

-- name: unchoose
-- A choice that is taken back.
DELETE FROM member_choices WHERE community = :community AND person = :person AND name = :name;
