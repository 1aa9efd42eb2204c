"""Whose position it is, read from whole texts by the shipped pipeline."""

import pytest

import stancegraph
from stancegraph.models import Document


def holders(text, source=None):
    ((_, positions),) = stancegraph.read([Document(id="x", text=text, source=source)])
    return {position.evidence_text: position.holder for position in positions}


def holder_of(text, words, source=None):
    found = holders(text, source)
    hits = {holder for evidence, holder in found.items() if words in evidence}
    assert len(hits) == 1, found
    return hits.pop()


TWO_PEOPLE = """Ferry plan divides council

Mayor Ingrid Halvorsen presented the ferry plan on Monday. Tomas Berg, the leader of the opposition, walked out.

{who} said the ferry plan was a waste of money.
"""


@pytest.mark.parametrize(("who", "name"), [("She", "Ingrid Halvorsen"), ("He", "Tomas Berg")])
def test_a_pronoun_agrees_with_the_given_name(who, name):
    assert holder_of(TWO_PEOPLE.format(who=who), "waste of money") == name


def test_a_surname_that_is_also_a_city_is_the_person():
    text = (
        "Former member sues church\n\nValerie Paris left the church in March. Paris claims that her passport was taken away."
    )
    assert holder_of(text, "passport") == "Valerie Paris"


def test_a_slip_in_a_surname_is_forgiven():
    text = "Doctor under fire\n\nHarold Bornstein wrote the letter. Bornsten said the senator was in excellent health."
    assert holder_of(text, "excellent health") == "Harold Bornstein"


def test_a_ministry_that_says_we_speaks_for_its_country():
    text = "Statement on the attack in Lomé\n\nWe condemn the attack in the strongest terms."
    assert holder_of(text, "the attack", "Ministry of Foreign Affairs of Ruritania and Ghana") != "Ghana and Ruritania"
    assert holder_of(text, "the attack", "Ministry of External Affairs, New Delhi") == "India"
    assert holder_of(text, "the attack", "US State Department") == "United States"


def test_a_report_speaks_for_the_body_that_issued_it():
    text = "Prisons\n\nA report by Amnesty International criticised the new prison law."
    assert holder_of(text, "prison law") == "Amnesty International"


def test_an_organization_keeps_the_name_that_its_document_uses():
    text = "Surveillance\n\nThe FBI opposes the encryption bill. It has said so before."
    assert holder_of(text, "encryption bill") == "FBI"


def test_a_quotation_that_runs_on_belongs_to_the_one_who_began_it():
    text = (
        "Dam\n\n“The dam must be built this year,” Minister Lea Novak said on Friday.\n\n"
        "“It will give light to half a million homes, and no village will be flooded.”\n"
    )
    assert {h for e, h in holders(text).items() if "half a million homes" in e} == {"Lea Novak"}


def test_roles_and_affiliations_come_with_the_holder():
    ((_, positions),) = stancegraph.read(
        [Document(id="x", text="Grain\n\nPolish President Adam Wolski said he supports the grain deal.")]
    )
    assert {(p.holder, p.holder_role, p.holder_affiliation) for p in positions} == {("Adam Wolski", "president", "Poland")}


def test_a_minister_who_reports_what_the_country_wants_passes_it_on():
    text = "Grain talks\n\nEstonian Foreign Minister Marta Saar said her country opposes the grain deal."
    ((_, positions),) = stancegraph.read([Document(id="x", text=text)])
    assert ("Estonia", ("Marta Saar",)) in {(p.holder, p.via) for p in positions}


def test_a_quantity_of_them_are_those_named_before():
    text = "Generals for peace\n\nThe letter was written by retired generals, most of whom opposed the war in Ruritania."
    assert holder_of(text, "war in Ruritania") == "retired generals"


def test_an_attitude_that_somebody_passes_on_is_the_others():
    text = "Land reform\n\nLena Brandt told reporters on Monday that the farmers reject the land reform."
    ((_, positions),) = stancegraph.read([Document(id="x", text=text)])
    assert {(p.holder, p.via) for p in positions if p.stance.value == "opposes"} == {("farmers", ("Lena Brandt",))}


def test_praise_and_blame_for_others_is_the_speakers_own():
    text = "Land reform\n\nLena Brandt told reporters on Monday that Piotr Nowak is unfit for office."
    assert holder_of(text, "unfit") == "Lena Brandt"


def test_a_congressman_is_no_state():
    text = (
        "Hearing on meddling\n\nRep. Alan Whitcombe, a Democrat from California, chaired the hearing in Sacramento.\n\n"
        "The California congressman said the meddling must end."
    )
    assert holder_of(text, "meddling must end") == "Alan Whitcombe"
