"""World knowledge: who is meant by a name, a demonym, a seat of government, a title."""

from __future__ import annotations

import csv
import time
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancegraph import knowledge
from stancegraph.models import ActorType

TABLES = Path(knowledge.__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def name_of(phrase: str) -> str | None:
    entry = knowledge.look_up(phrase)
    return entry.name if entry else None


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Kyiv", "Ukraine"),
        ("Kiev", "Ukraine"),
        ("Ukrainian government", "Ukraine"),
        ("the Ukrainian authorities", "Ukraine"),
        ("the government of Ukraine", "Ukraine"),
        ("Ukraine's government", "Ukraine"),
        ("Ukraine’s leadership", "Ukraine"),
        ("the new Iraqi government", "Iraq"),
        ("German federal government", "Germany"),
        ("the government in Cairo", "Egypt"),
        ("the Netherlands' government", "Netherlands"),
        ("The Hague", "Netherlands"),
        ("the Kremlin", "Russia"),
        ("the White House", "United States"),
        ("Washington, D.C.", "United States"),
        ("U.S.", "United States"),
        ("the U.S.'s", "United States"),
        ("USA", "United States"),
        ("Britain", "United Kingdom"),
        ("Downing Street", "United Kingdom"),
        ("the Élysée", "France"),
        ("Elysee Palace", "France"),
        ("Türkiye", "Turkey"),
        ("TURKEY", "Turkey"),
        ("Czechia", "Czech Republic"),
        ("Holland", "Netherlands"),
        ("Côte d’Ivoire", "Ivory Coast"),
        ("Cote d'Ivoire", "Ivory Coast"),
        ("Holy See", "Vatican"),
        ("the Alliance", "NATO"),
        ("North Atlantic Alliance", "NATO"),
        ("North Atlantic Treaty Organization", "NATO"),
        ("Brussels", "European Union"),
        ("the EU", "European Union"),
        ("EU commission", "European Commission"),
        ("U.N. Security Council", "UN Security Council"),
        ("WHO", "World Health Organization"),
        ("the I.M.F.", "International Monetary Fund"),
        ("The New York Times", "The New York Times"),
        ("AFP", "Agence France-Presse"),
    ],
)
def test_a_name_is_looked_up(phrase: str, name: str) -> None:
    assert name_of(phrase) == name


@pytest.mark.parametrize(
    "phrase",
    [
        *(
            "us",
            "who",
            "turkey",
            "china",
            "polish",
            "it",
            "the alliance",
            "national rally",
            "",
            "the",
            "'s",
        ),
        *(
            "Hague",
            "Sun",
            "Times",
            "European government",
            "the government",
            "Islamic leadership",
            "NATO leadership",
        ),
        *("Biden administration", "Zelensky", "Kyiv residents", "American officials"),
    ],
)
def test_other_words_are_not(phrase: str) -> None:
    assert name_of(phrase) is None


def test_what_a_person_types_needs_no_capitals() -> None:
    for typed in ("ukraine", "the kremlin", "us", "ukrainian government", "nato", "european union"):
        assert knowledge.look_up(typed, any_case=True) is not None
    assert knowledge.look_up("ukrainians", any_case=True) is None


def test_a_demonym_leads_to_its_country() -> None:
    for word, name in [
        ("Lithuanian", "Lithuania"),
        ("Finns", "Finland"),
        ("Dutch", "Netherlands"),
        ("U.S.", "United States"),
    ]:
        entry = knowledge.demonym(word)
        assert entry is not None
        assert (entry.name, entry.type) == (name, ActorType.COUNTRY)
    assert knowledge.demonym("finns") is None
    assert knowledge.demonym("European") is None


def test_a_common_noun_may_stand_in_for_a_body() -> None:
    bloc, alliance = knowledge.stand_in("the bloc"), knowledge.stand_in("alliance")
    assert bloc is not None
    assert bloc.name == "European Union"
    assert alliance is not None
    assert alliance.name == "NATO"
    assert knowledge.stand_in("the house") is None


def test_names_are_found_inside_phrases_longest_first() -> None:
    text = "the People's Republic of China, Russian-backed forces, Finns and Latin America in Kyiv"
    found = [(text[m.start : m.end], m.entry.name, m.form) for m in knowledge.mentions(text)]
    assert found == [
        ("People's Republic of China", "China", "name"),
        ("Russian", "Russia", "adjective"),
        ("Finns", "Finland", "people"),
        ("Kyiv", "Ukraine", "seat"),
    ]


@given(st.text(max_size=60))
def test_mentions_lie_in_any_text_and_say_what_they_mean(text: str) -> None:
    end = 0
    for mention in knowledge.mentions(text):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end
    knowledge.look_up(text)
    title, name = knowledge.split_title(text)
    assert sorted(f"{title} {name}".replace(",", " ").split()) == sorted(text.replace(",", " ").split())


@given(st.sampled_from([e for r in rows("countries.tsv") for e in (r["name"], r["official"]) if e]))
def test_every_country_is_found_with_determiner_possessive_and_government(name: str) -> None:
    entry = knowledge.look_up(name)
    assert entry is not None
    assert entry.type is ActorType.COUNTRY
    for phrase in (
        f"the {name}",
        f"{name}'s",
        f"the government of {name}",
        f"{name}’s government",
        name.upper() + " ",
    ):
        if len(name) > 4 or phrase != name.upper() + " ":
            assert knowledge.look_up(phrase) == entry, phrase


def test_all_states_are_there() -> None:
    states = [row for row in rows("countries.tsv") if row["code"]]
    # The members of the United Nations, Kosovo, Taiwan, Palestine and the Vatican.
    assert len(states) == 193 + 4
    assert len({row["code"] for row in states}) == len(states)
    for row in states:
        assert row["capital"], row["name"]
        if row["name"] not in ("Republic of the Congo", "Dominica", "Central African Republic"):
            # Their demonyms mean another country, or a region.
            assert row["adjectives"], row["name"]


def test_no_name_means_two_actors() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for table in ("countries.tsv", "bodies.tsv", "media.tsv"):
        for row in rows(table):
            cells = [row.get(column) or "" for column in ("name", "official", "aliases", "capital", "seats")]
            for name in ";".join(cells).split(";"):
                if name.strip() and not name.strip().startswith("~"):
                    owners[knowledge.fold(name).strip().casefold()].add(row["name"])
    assert {name: who for name, who in owners.items() if len(who) > 1} == {}


@pytest.mark.parametrize(
    ("phrase", "title", "name"),
    [
        ("President Volodymyr Zelensky", "President", "Volodymyr Zelensky"),
        ("former US President George W. Bush", "former US President", "George W. Bush"),
        ("President of Ukraine Volodymyr Zelensky", "President of Ukraine", "Volodymyr Zelensky"),
        ("Jens Stoltenberg, the NATO chief", "the NATO chief", "Jens Stoltenberg"),
        ("the NATO chief, Jens Stoltenberg", "the NATO chief", "Jens Stoltenberg"),
        ("NATO Secretary General Jens Stoltenberg", "NATO Secretary General", "Jens Stoltenberg"),
        ("U.S. Secretary of State Antony Blinken", "U.S. Secretary of State", "Antony Blinken"),
        ("Gen. Mark Milley", "Gen.", "Mark Milley"),
        ("Mr. Trump", "Mr.", "Trump"),
        ("Ursula von der Leyen", "", "Ursula von der Leyen"),
        ("Pope Francis", "", "Pope Francis"),
        ("King Charles III", "", "King Charles III"),
        ("Earl Warren", "", "Earl Warren"),
        ("Stephen King", "", "Stephen King"),
        ("Martin Luther King Jr.", "", "Martin Luther King Jr."),
        ("the president", "the president", ""),
        ("Ukrainian President", "Ukrainian President", ""),
        ("spokesman for Mayor Anne Hidalgo", "spokesman for Mayor Anne Hidalgo", ""),
        ("teachers, Germans and Poles", "", "teachers, Germans and Poles"),
    ],
)
def test_titles_are_told_from_names(phrase: str, title: str, name: str) -> None:
    assert knowledge.split_title(phrase) == (title, name)


def test_roles_are_told_from_names() -> None:
    for role in (
        "the Ukrainian president",
        "NATO chief",
        "president of Poland",
        "secretary of state",
        "Polish President",
    ):
        assert knowledge.is_role(role), role
    for name in ("Stephen King", "President Zelensky", "Poland", "Secretary of State John Kerry", ""):
        assert not knowledge.is_role(name), name


def test_given_names_have_spellings_and_short_forms() -> None:
    assert knowledge.given_name("Volodymyr") == knowledge.given_name("vladimir") is not None
    assert knowledge.given_name("Bill") == knowledge.given_name("William")
    assert knowledge.given_name("Maria") != knowledge.given_name("Mario")


def test_extra_knowledge_is_added_and_extends(tmp_path: Path) -> None:
    file = tmp_path / "extra.yaml"
    file.write_text(
        "- name: Three Seas Initiative\n  type: organization\n  aliases: [3SI, Trimarium]\n"
        "  stand_ins: [initiative]\n"
        "- name: Finland\n  type: country\n  seats: [Kesäranta]\n",
        encoding="utf8",
    )
    extended = knowledge.with_extra(file)
    trimarium, residence = extended.look_up("the Trimarium"), extended.look_up("Kesaranta")
    assert trimarium is not None
    assert trimarium.aliases == ("3SI", "Trimarium")
    assert residence is not None
    assert residence.name == "Finland"
    assert "Helsinki" in residence.aliases
    assert knowledge.look_up("Trimarium") is None
    with knowledge.using(extended):
        assert name_of("Trimarium") == "Three Seas Initiative"
        assert knowledge.stand_in("the initiative") is not None
    assert name_of("Trimarium") is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"- name: A\n  type: planet\n",
            r"extra\.yaml:1: type 'planet' of 'A' is not one of person, country",
        ),
        (b"- name: A\n  type: group\n- type: group\n", r"extra\.yaml:3: entry without a name"),
        (
            b"- name: A\n  type: group\n  alias: [B]\n",
            r"extra\.yaml:3: unknown field 'alias'; use name, type, aliases",
        ),
        (b"- name: A\n  type: group\n  aliases: B\n", r"extra\.yaml:3: aliases must be a list"),
        (b"- name: A\n  type: group\n  aliases: ['']\n", r"extra\.yaml:3: aliases must hold texts"),
        (b"- name: [A]\n  type: group\n", r"extra\.yaml:1: name must be a text"),
        (b"name: A\n", r"extra\.yaml:1: must be a list of entries"),
        (b"- A\n", r"extra\.yaml:1: each entry must be a mapping"),
        (b"- name: A\n  type: [\n", r"extra\.yaml:3: not valid YAML"),
        (b"- name: \xff\n", r"extra\.yaml: not UTF-8 \(byte 8\)"),
    ],
)
def test_a_broken_file_of_extra_knowledge_is_named_with_its_line(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "extra.yaml"
    file.write_bytes(content)
    with pytest.raises(knowledge.KnowledgeFileError, match=message):
        knowledge.with_extra(file)


def test_a_missing_or_empty_file_of_extra_knowledge(tmp_path: Path) -> None:
    with pytest.raises(knowledge.KnowledgeFileError, match=r"absent\.yaml: cannot be read"):
        knowledge.with_extra(tmp_path / "absent.yaml")
    empty = tmp_path / "empty.yaml"
    empty.write_text("# nothing yet\n", encoding="utf8")
    assert knowledge.with_extra(empty).look_up("Kyiv") == knowledge.look_up("Kyiv")


def test_looking_up_is_fast() -> None:
    knowledge.look_up("Kyiv")
    start = time.perf_counter()
    for _ in range(2000):
        knowledge.look_up("the Ukrainian government")
        knowledge.look_up("somebody else entirely")
    assert time.perf_counter() - start < 1.0
