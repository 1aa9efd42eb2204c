"""The figures: what each counts, and what the `evaluate` command prints of a small folder of gold."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import spacy

from stancegraph.cli import main
from stancegraph.evaluation import SETS, Row
from stancegraph.evaluation.calibration import calibration
from stancegraph.evaluation.comparison import MISSING, is_direct, paragraphs, quotations
from stancegraph.evaluation.names import named_sentences
from stancegraph.evaluation.positions import SOURCES, certainty, kind_of_source
from stancegraph.evaluation.published import published
from stancegraph.evaluation.tables import table

TEXT = (
    "Senator Jane Roe spoke on Tuesday.\n\n"
    '"We will never sign the treaty," the senator said. She said that the treaty was a mistake. '
    "John Doe rejected the treaty."
)
NAMES = """# newdoc id = first
# text = Ms. Roe met John Doe.
1	Ms.	O	-	-
2	Roe	B-PER	-	-
3	met	O	-	-
4	John	B-PER	-	-
5	Doe	I-PER	-	-
6	.	O	-	-

# text = He lives in Paris
1	He	O	-	-
2	lives	O	-	-
3	in	O	-	-
4	Paris	B-LOC	-	-

# newdoc id = second
# text = In Berlin
1	In	O	-	-
2	Berlin	B-LOC	-	-
"""


def spans(*words: str) -> list[list[int]]:
    return [[TEXT.index(w), TEXT.index(w) + len(w)] for w in words]


def said(source: str, cue: str, content: str) -> dict:
    return {"source": spans(source), "cue": spans(cue), "content": spans(content)}


ATTRIBUTIONS = [
    said("the senator", "said. "[:4], "We will never sign the treaty,"),
    said("She", "said that"[:4], "that the treaty was a mistake"),
    said("John Doe", "rejected", "the treaty."[:-1]),
]
HOLDERS = ("Jane Roe", "Jane Roe", "John Doe")


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """A folder with three sets of one document or two."""
    folder = tmp_path_factory.mktemp("data")
    positions = [
        {
            "holder": holder,
            "stance": "opposes",
            "target": "treaty",
            "source": a["source"],
            "cue": a["cue"],
            "evidence": a["content"],
        }
        for holder, a in zip(HOLDERS, ATTRIBUTIONS, strict=True)
    ]
    document = {"id": "treaty", "text": TEXT}
    for name, content in (
        ("polnear-dev", json.dumps(document | {"attributions": ATTRIBUTIONS})),
        ("positions-dev", json.dumps(document | {"positions": positions})),
        ("uner-ewt-dev", NAMES),
    ):
        path = folder / SETS[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content + "\n", encoding="utf8")
    shutil.copy(Path(__file__).parent / "data/score.py", folder / "gold/score.py")
    return folder


@pytest.fixture
def evaluate(monkeypatch, capsys, data):
    """Run the `evaluate` command on the folder and return what it prints."""

    def printed(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["stancegraph", "evaluate", "--data", str(data), *arguments])
        monkeypatch.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit) as end:
            main()
        assert not end.value.code
        return capsys.readouterr().out

    return printed


def test_json_holds_every_figure(evaluate, monkeypatch):
    monkeypatch.setitem(sys.modules, "textacy.extract.triples", None)  # as where it is not installed
    found = json.loads(evaluate("--json"))
    assert set(found["figures"]) == {"polnear-dev", "positions-dev", "uner-ewt-dev"}
    polnear, positions, names = (found["figures"][s] for s in ("polnear-dev", "positions-dev", "uner-ewt-dev"))
    for holders in (
        positions["holder of those found, by kind of source"],
        polnear["holder by kind of source, on the articles of positions-dev, stance or none"],
    ):
        assert {kind: holders[kind]["n"] for kind in SOURCES if holders[kind]["n"]}
        assert all(holders[kind]["n"] <= 1 for kind in SOURCES)
    honesty = positions["certainty of the stance on overlapping attributions"]
    assert 0 <= honesty["expected calibration error"] <= 1
    assert honesty["n"] == sum(b["n"] for b in honesty["bins"]) > 0
    assert polnear["beside textacy"]["textacy"] == MISSING
    assert polnear["beside textacy"]["direct quotations"]["attributions in gold"] == 1
    assert polnear["beside textacy"]["all attributions"]["attributions in gold"] == 3
    assert polnear["beside textacy"]["all attributions"]["cue exact F1"] == {"stancegraph": polnear["exact"]["cue"]["f1"]}
    assert set(names["all"]) == set(names["in documents"]["all"]) == {"precision", "recall", "f1"}


def test_table_and_json_say_the_same(evaluate):
    found, printed = json.loads(evaluate("--set", "positions-dev", "--json")), evaluate("--set", "positions-dev")
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    (row,) = (r for r in found["thresholds"] if r["figure"] == "found · f1")
    assert row["value"] == found["figures"]["positions-dev"]["found"]["f1"]
    assert (row["at least"], row["aim"], row["below"]) == (0.7, 0.8, row["value"] < 0.7)
    assert any(
        line.endswith(f"found · f1 {row['value']:.4f} 0.7000 0.8000{' below' if row['below'] else ''}") for line in lines
    )
    assert sum("positions-dev" in line for line in lines) == 1  # the set's name stands at the head of its figures


def test_published_figures_stand_beside_ours_as_what_they_are(evaluate):
    found = json.loads(evaluate("--set", "polnear-dev", "--json"))
    assert {row["system"] for row in found["published"]} == {"BBC Citron"}
    assert all(row["measured here"] is False and row["reference"] for row in found["published"])
    assert all(row["ours"]["value"] is not None for row in found["published"])
    printed = evaluate("--set", "polnear-dev")
    assert "Published by others, not measured here" in printed
    assert "another corpus: PARC 3.0" in printed


def test_what_is_demanded_is_demanded_of_a_set():
    assert {row["set"] for row in table("thresholds.tsv")} | {p.set for p in published()} <= set(SETS)
    assert all(0 < float(row["at least"]) < float(row["aim"]) < 1 for row in table("thresholds.tsv"))
    assert all(0 < p.value < 1 for p in published())
    assert Row("track", "found · f1", 0.5, 0.6, 0.8).below
    assert not Row("track", "found · f1", 0.6, 0.6, 0.8).below
    assert not Row("track", "found · f1", 0.5).below


@pytest.mark.parametrize(
    ("words", "holder", "kind"),
    [
        ("She", "Jane Roe", 0),
        ("who", "Jane Roe", 0),
        ("the minister", "Jane Roe", 1),
        ("the Vermont senator", "Jane Roe", 1),
        ("The president of France", "Jane Roe", 1),
        ("his attorney", "Jane Roe", 1),
        ("Roe", "Jane Roe", 2),
        ("Finance Minister Jane Roe, who spoke on Tuesday", "Jane Roe", 2),
        ("Kyiv", "Ukraine", 2),
        ("many officials", "many officials", 2),
    ],
)
def test_kinds_of_sources(words, holder, kind):
    assert kind_of_source(words, holder) == SOURCES[kind]


def test_calibration_error_is_the_weighted_distance_of_confidence_and_accuracy():
    found = calibration([(0.9, True), (0.9, False), (0.55, True), (0.6, True)])
    assert found["expected calibration error"] == pytest.approx((2 * 0.4 + 2 * 0.425) / 4, abs=1e-4)
    assert [(b["above"], b["up to"], b["n"]) for b in found["bins"]] == [(0.5, 0.6, 2), (0.8, 0.9, 2)]
    assert calibration([(0.0, False), (1.0, True)])["expected calibration error"] == 0
    assert calibration([])["expected calibration error"] is None


def test_certainty_is_that_of_the_judgement_behind_the_position():
    part = SimpleNamespace
    position = part(cue=(part(start=5, end=9),), evidence=(part(start=10, end=20),), stance=part(value="opposes"))
    attributions = [{"cue": [(0, 1)], "content": [(10, 20)]}, {"cue": [[5, 9]], "content": [[10, 20]]}]
    judgements = [
        [{"stance": "opposes", "certainty": 0.1}],
        [{"stance": "supports", "certainty": 0.2}, {"stance": "opposes", "certainty": 0.3}],
    ]
    doc = part(_=part(attributions=attributions, judgements=judgements))
    assert certainty(doc, position) == 0.3
    judgements[1].pop()
    assert certainty(doc, position) is None


@pytest.mark.parametrize(
    ("text", "content", "direct"),
    [
        ('"We will go," she said.', ["We will go,"], True),
        ("“We will go.”", ["“We will go.”"], True),
        ("“We,” she said, “will go.”", ["“We,”", "“will go.”"], True),
        ("She said the plan was “awful.”", ["the plan was “awful.”"], False),
        ("She said it was late. “Go!” he said", ["it was late"], False),
        ("She said they would go.", ["they would go"], False),
        ("Nothing", [], False),
    ],
)
def test_direct_quotations(text, content, direct):
    assert is_direct(text, [(text.index(c), text.index(c) + len(c)) for c in content]) is direct


def test_quotations_of_textacy_lie_where_they_stand_in_the_document():
    def extract(doc):
        if len(doc) < 3:
            raise ValueError("an odd number of quotation marks")
        yield [doc[0], doc[1]], [doc[3]], doc[1:3]

    doc = spacy.blank("en")("One line\n\nThe former mayor said yes")
    short, long = paragraphs(doc)
    assert quotations(extract, short) is None
    (found,) = quotations(extract, long)
    texts = {role: [doc.text[b:e] for b, e in spans] for role, spans in found.items()}
    assert texts == {"source": ["The former"], "cue": ["said"], "evidence": ["former mayor"]}


def test_textacy_itself(evaluate):
    pytest.importorskip("textacy", reason="the compare extra is not installed")
    beside = json.loads(evaluate("--set", "polnear-dev", "--json"))["figures"]["polnear-dev"]["beside textacy"]
    assert beside["documents that textacy refuses"] == 0
    assert beside["direct quotations"]["cue exact F1"]["textacy"] == 1


def test_sentences_of_names_know_their_document_and_spaces(data):
    first, second, third = named_sentences(data / SETS["uner-ewt-dev"])
    assert [s.document for s in (first, second, third)] == ["first", "first", "second"]
    assert first.spaces == [True, True, True, True, False, False]
    assert first.names == {(1, 2, "PERSON"), (3, 5, "PERSON")}
    assert third.names == {(1, 2, "LOC")}
