"""When positions were stated, through the library's own doors: the real pipeline on real and invented texts."""

import csv
import datetime
import json
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statement_dates import DEV, HELD_OUT, dated_sentences, track, written

import stancegraph
from stancegraph import Document
from stancegraph.exports import write_graphml, write_positions_csv, write_table
from stancegraph.graph import assemble
from stancegraph.models import days_of
from stancegraph.pipeline import unread, with_dates
from stancegraph.pipeline.days import Days
from stancegraph.pipeline.times import find_times

LONGEST_SHARE = 0.05  # of the time of reading

REPORT = """Ministers split over fishing quota

OSLO, 3 March - Norway's fisheries minister, Kari Solberg, said on Tuesday that her government would reject the new \
fishing quota. She also called for talks on Friday.

Iceland's prime minister, Jón Arnarson, supports the quota. In January he demanded a vote, and a day later the \
opposition rejected the idea. Denmark, which had at first opposed the quota, ratified it in February 2015.
"""
DOCUMENT = Document(id="quota", text=REPORT, date="2016-03-03")


@pytest.fixture(scope="module")
def nlp():
    return stancegraph.load()


@pytest.fixture(scope="module")
def graph():
    return assemble(stancegraph.read([DOCUMENT]))


def _dated(nlp, document, positions):
    return with_dates(nlp(unread(nlp, document)), positions)


def _wrong(nlp, documents):
    """Return what was dated otherwise than labelled, and how many statements there were."""
    wrong, count = [], 0
    for document, dated in documents:
        for one, position in zip(dated, _dated(nlp, document, [d.position for d in dated]), strict=True):
            count += 1
            told = (written(position.stated), bool(position.stated and position.stated.earlier))
            if told != (one.stated, one.earlier):
                wrong.append((document.id, position.holder, position.evidence_text, told, one.stated))
    return wrong, count


def test_the_sentences_on_which_the_rules_were_made_are_dated_as_labelled(nlp):
    wrong, count = _wrong(nlp, ((one.position.document, [one]) for one in dated_sentences(DEV)))
    assert count >= 120
    assert wrong == []


def test_other_sentences_are_mostly_dated_as_labelled(nlp):
    wrong, count = _wrong(nlp, ((one.position.document, [one]) for one in dated_sentences(HELD_OUT)))
    assert count >= 80
    assert len(wrong) / count <= 0.05


def test_reports_are_dated_as_labelled(nlp):
    documents = list(track())
    wrong, count = _wrong(nlp, documents)
    assert len(wrong) / count <= 0.06
    own = {document.id: document.date for document, _ in documents}
    assert all(told[0] == own[id_] for id_, _, _, told, _ in wrong), "a date that the text does not tell"


def test_positions_that_are_read_have_the_dates_that_their_text_tells(graph):
    told = {(p.holder, str(p.stated)) for p in graph.positions()}
    assert {date for holder, date in told if holder == "Kari Solberg"} == {"2016-03-01"}
    assert {date for holder, date in told if holder == "Jón Arnarson"} == {"2016-03-03", "2016-01"}
    assert {date for holder, date in told if holder == "Denmark"} == {"../2016-03-03", "2015-02"}


def test_the_words_that_tell_a_date_lead_back_to_the_text(graph):
    told = {(p.date, tuple(span.of(REPORT) for span in p.stated.words)) for p in graph.positions()}
    assert {("2016-03-01", ("on Tuesday",)), ("2016-01", ("In January",)), ("../2016-03-03", ("at first",))} <= told


def test_a_position_that_no_words_date_is_of_its_document(graph):
    untold = [p for p in graph.positions() if not p.stated.words]
    assert {p.holder for p in untold} >= {"Jón Arnarson"}
    assert {p.date for p in untold} == {"2016-03-03"}


@pytest.mark.parametrize(
    ("date", "expected"), [(None, "None"), ("2016", "2016"), ("2016-02", "2016-02"), ("2016-02-11", "2016-02-11")]
)
def test_without_words_the_date_is_as_exact_as_the_documents(date, expected):
    document = Document(id="one", text="Norway opposes the new quota.", date=date)
    ((_, positions),) = stancegraph.read([document])
    assert positions
    assert {str(p.stated) for p in positions} == {expected}


def test_exports_tell_when_a_position_was_stated(graph, tmp_path):
    write_positions_csv(graph, tmp_path / "positions.csv")
    write_table(graph, tmp_path / "table.csv")
    write_graphml(graph, tmp_path / "graph.graphml")
    for name in ("positions.csv", "table.csv"):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert {(r["stated"], r["date"]) for r in rows if r["holder"] == "Kari Solberg"} == {("2016-03-01", "2016-03-03")}
    nodes = [n for _, n in graph.network.nodes(data=True) if n["kind"] == "position"]
    assert {(n["stated"], n["date"]) for n in nodes if n["holder"] == "Kari Solberg"} == {("2016-03-01", "2016-03-03")}
    assert ">2016-03-01<" in (tmp_path / "graph.graphml").read_text(encoding="utf8")


def test_dates_depend_on_nothing_but_the_document():
    documents = [
        DOCUMENT,
        DOCUMENT.model_copy(update={"id": "later", "date": "2019-07-01"}),
        DOCUMENT.model_copy(update={"id": "undated", "date": None}),
    ]

    def dates(order, **settings):
        return {d.id: [p.stated for p in positions] for d, positions in stancegraph.read(order, **settings)}

    alone = dates(documents)
    assert dates(documents[::-1], batch_size=1) == alone == dates(documents, workers=2)
    assert alone["quota"] != alone["later"] != alone["undated"]


def test_dating_takes_little_of_the_time_of_reading(nlp):
    doc, seconds = unread(nlp, DOCUMENT.model_copy(update={"text": REPORT * 5})), {}
    for name, component in nlp.pipeline:
        started = time.perf_counter()
        doc = component(doc)
        seconds[name] = time.perf_counter() - started
    assert seconds["stancegraph_dates"] / sum(seconds.values()) < LONGEST_SHARE


# --- any text --------------------------------------------------------------------------------------------------------

WHO = ("The minister", "He", "Kari Solberg of Norway", "The Greens, once hostile,", "Parliament, which met on Sunday,")
SAID = (
    *("said", "had said", "will vote", "has always opposed", "said the vote would be held", "rejected the plan"),
    *("called for a meeting", "later called it a mistake", "told reporters that the law passed", "wants a vote"),
)
TIMES = (
    *("on Tuesday", "last week", "in July", "on 31 February", "on 29 February", "next year", "in 1999", "5 July 2031"),
    *(
        "a day later",
        "the day before",
        "earlier in the day",
        "three weeks ago",
        "decades ago",
        "at the time",
        "in those days",
    ),
    *("the following month", "a fortnight before", "since 2022", "until last year", "by Friday", "for years", "that winter"),
    *("more than 900 years ago", "earlier that day", "on the eve of the vote", "hours after the vote", "at first", "once"),
    *(
        "in the first quarter of 2020",
        "from 2010 to 2000",
        "on 7-5 July",
        "over the past 999 months",
        "the year before last",
    ),
)
SENTENCES = st.builds(
    "{0} {1} {2}{3} ".format, *map(st.sampled_from, (WHO, SAID, TIMES, (".", ";", ", and", ": “we agree”.", ".\n\n", "")))
)
MIXED = st.lists(
    SENTENCES | st.builds("{0}, {1} – ".format, st.just("VIENNA"), st.sampled_from(TIMES)) | st.text(max_size=12)
)
DATES = (
    st.none()
    | st.dates().map(lambda day: day.isoformat())
    | st.sampled_from(["0001-01-01", "9999-12-31", "2020-02", "2021"])
)


@settings(max_examples=60, deadline=None)
@given(MIXED.map("".join).filter(str.strip), DATES)
def test_a_statement_is_not_later_than_its_document_and_its_words_are_in_the_text(text, date):
    document = Document(id="any", text=text, date=date)
    ((_, positions),) = stancegraph.read([document])
    for position in positions:
        if date is not None:
            assert position.stated is not None
            assert position.stated.until <= days_of(date)[1]
        if position.stated is not None:
            assert position.stated.since is None or position.stated.since <= position.stated.until
            spans = [(span.start, span.end) for span in position.stated.words]
            assert spans == sorted(set(spans))
            assert all(text[start:end].strip() for start, end in spans)


@settings(max_examples=200, deadline=None)
@given(MIXED.map(" ".join), DATES)
def test_time_expressions_are_in_order_and_mean_days_that_are_not_after_the_text(text, date):
    published = Days(*days_of(date)) if date else None
    found = find_times(text, published)
    assert all(0 <= t.start < t.end <= len(text) for t in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    for days in (t.days for t in found if t.days):
        assert days.since is None or days.since <= days.until
        assert published is None or days.until <= published.until


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("on Wednesday", "2022-07-13", "2022-07-13"),
        ("on Thursday night", "2022-07-07", "2022-07-07"),
        ("last weekend", "2022-07-09", "2022-07-10"),
        ("this month", "2022-07-01", "2022-07-13"),
        ("in the second half of 2021", "2021-07-01", "2021-12-31"),
        ("in the first week of May", "2022-05-01", "2022-05-07"),
        ("at the end of last year", "2021-09-01", "2021-12-31"),
        ("a fortnight ago", "2022-06-27", "2022-07-03"),
        ("nearly two years ago", "2020-01-01", "2021-12-31"),
        ("two and a half years ago", "2019-01-01", "2020-12-31"),
        ("on July 4-5", "2022-07-04", "2022-07-05"),
        ("in the autumn of 2020", "2020-09-01", "2020-11-30"),
        ("last winter", "2021-12-01", "2022-02-28"),
        ("on 29 February", "2020-02-29", "2020-02-29"),
        ("the week before last", "2022-06-27", "2022-07-03"),
        ("from 2015 to 2019", "2015-01-01", "2019-12-31"),
    ],
)
def test_what_expressions_mean(words, since, until):
    day = datetime.date(2022, 7, 13)
    (time_,) = find_times(f"The premier said {words}, that it was over.", Days(day, day))
    assert time_.days[:2] == (datetime.date.fromisoformat(since), datetime.date.fromisoformat(until))


@pytest.mark.parametrize(
    "text",
    ["The premier may march on.", "May said so.", "The Sun. Sat. Mar.", "Super Tuesday", "in the fall of Kabul", "at once"],
)
def test_what_is_no_time(nlp, text):
    document = Document(id="none", text=f"{text} The premier opposes the plan.", date="2022-07-13")
    ((_, positions),) = stancegraph.read([document])
    assert {json.dumps([span.of(document.text) for span in p.stated.words]) for p in positions} <= {"[]"}


def test_a_long_text_of_nothing_but_times_is_read_in_time():
    text = "On Monday a day later that year the minister earlier in the week " * 3000
    started = time.perf_counter()
    assert find_times(text, None)
    assert time.perf_counter() - started < 10
