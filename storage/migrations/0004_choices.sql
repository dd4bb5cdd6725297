-- What members choose for themselves, and what a report holds.

-- `person` is platform:id. Theirs alone: in no history, and gone when they take it back.
CREATE TABLE member_choices (
    community TEXT NOT NULL REFERENCES communities (id),
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (community, person, name)
) WITHOUT ROWID;

ALTER TABLE reports ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE reports ADD COLUMN at TEXT;
ALTER TABLE reports ADD COLUMN reporter_name TEXT NOT NULL DEFAULT '';
ALTER TABLE reports ADD COLUMN settled_by TEXT NOT NULL DEFAULT '';
