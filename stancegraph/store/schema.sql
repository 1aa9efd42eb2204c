-- A graph as DuckDB keeps it. Numbers count from 0: documents, positions and reports in the order of the graph, actors by
-- name, outcomes by label. Spans are pairs of character offsets, end exclusive, one after another in a list.

CREATE TABLE stancegraph (version INTEGER NOT NULL, written_by VARCHAR NOT NULL);

CREATE TABLE documents (
    number INTEGER NOT NULL, id VARCHAR NOT NULL, title VARCHAR, date VARCHAR, source VARCHAR, url VARCHAR, text VARCHAR NOT NULL
);

-- Besides everybody in the graph, the countries and bodies that some of them speak for (`only_spoken_for`).
CREATE TABLE actors (
    number INTEGER NOT NULL, name VARCHAR NOT NULL, type VARCHAR NOT NULL, aliases VARCHAR[] NOT NULL, role VARCHAR NOT NULL,
    affiliation VARCHAR NOT NULL, only_spoken_for BOOLEAN NOT NULL
);

CREATE TABLE outcomes (
    number INTEGER NOT NULL, label VARCHAR NOT NULL, kind VARCHAR NOT NULL, wordings VARCHAR[] NOT NULL,
    description VARCHAR NOT NULL, listed INTEGER
);

-- `side` is 1 for support, -1 for opposition, 0 for mixed and NULL for undecided, so that sums tell on balance.
-- `body` is whom the holder speaks for; `first_day` and `last_day` are when it was stated, by the document's date where the
-- text does not say; both are NULL where nothing tells, and `first_day` alone of what is only recalled as something earlier.
CREATE TABLE positions (
    number INTEGER NOT NULL, id VARCHAR NOT NULL, document INTEGER NOT NULL, actor INTEGER NOT NULL, outcome INTEGER NOT NULL,
    body INTEGER NOT NULL, via_actors INTEGER[] NOT NULL, first_day DATE, last_day DATE, earlier BOOLEAN NOT NULL,
    stance VARCHAR NOT NULL, side TINYINT, act VARCHAR NOT NULL, confidence DOUBLE NOT NULL, evidence_text VARCHAR NOT NULL,
    holder VARCHAR NOT NULL, holder_type VARCHAR NOT NULL, holder_role VARCHAR NOT NULL, holder_affiliation VARCHAR NOT NULL,
    via VARCHAR[] NOT NULL, target VARCHAR NOT NULL, target_kind VARCHAR NOT NULL, similarity DOUBLE, reported BOOLEAN NOT NULL,
    confirmed BOOLEAN NOT NULL, changed VARCHAR[] NOT NULL, source INTEGER[] NOT NULL, cue INTEGER[] NOT NULL,
    evidence INTEGER[] NOT NULL, stated_since DATE, stated_until DATE, stated_words INTEGER[] NOT NULL
);

-- What is said without an attitude: the same columns, without an outcome and what goes with it.
CREATE TABLE reports AS SELECT * EXCLUDE (id, outcome, via_actors) FROM positions;

-- At most one row: what corrections changed, and the graph before them, as JSON; see graph/_saving_revision.py.
CREATE TABLE revision (content VARCHAR NOT NULL);

-- What all positions of somebody on an outcome amount to, as the sign of their sides: counted by whom they are of ("actor" or
-- "affiliation").
CREATE TABLE sides (
    counted_by VARCHAR NOT NULL, who INTEGER NOT NULL, outcome INTEGER NOT NULL, positions INTEGER NOT NULL, side TINYINT
);

-- Every change of stance among all positions, counted by whom they are of ("actor" or "affiliation"); see steps.py.
CREATE TABLE shifts (
    counted_by VARCHAR NOT NULL, who INTEGER NOT NULL, outcome INTEGER NOT NULL,
    first_day DATE NOT NULL, last_day DATE NOT NULL, earlier BOOLEAN NOT NULL, stance VARCHAR NOT NULL,
    first_day_before DATE NOT NULL, last_day_before DATE NOT NULL, earlier_before BOOLEAN NOT NULL, stance_before VARCHAR NOT NULL
);
