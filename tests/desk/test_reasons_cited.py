"""What an outcome gives as its reasons: whose fault it was, and the clauses of the code, told wherever it is told."""

from __future__ import annotations

import pytest

from amends.core.case import State
from amends.core.citing import Cited
from amends.desk import actions, limits
from amends.desk.models import Mail, Outgoing, Provider
from amends.desk.record import docket
from tests.desk.office import NOON, Office
from tests.desk.test_promises import folded, leaves, of
from tests.desk.test_promises import portal as portal_of

pytestmark = pytest.mark.django_db
WHY = "The bridge that carries our cable is closed until the council has mended it, at the end of January."


@of("netservers")
def test_the_outcome_says_whose_fault_it_was_where_others_are_involved(at: Office) -> None:
    """S-third-party: a supplier is asked, so the outcome must name the fault's owner; the form, letter and portal do."""
    at.give_to("handler")
    at.do("ask-supplier", "Save", supplier="Openreach", words="Repair the line.", chase="2026-11-04")
    page = at.do("propose", "Send the outcome", words="The line is mended.")
    assert "Openreach is involved, and the outcome does not say whose fault it was" in page.main
    assert "S-third-party" in page.main
    assert not Outgoing.objects.filter(case=at.row, letter="outcome").exists(), "nothing was done"
    at.do("findings", "Save the findings", words="Their joint failed.", fault_owner="Openreach")
    handler = at.visitor()
    form = handler.get(at.case_at("propose"))
    assert form.doc.xpath('//input[@name="fault_owner"]/@value') == ["Openreach"]
    page = handler.press(form, "Send the outcome", words="The line is mended.")
    letter = Outgoing.objects.get(case=at.row, letter="outcome")
    assert "Whose fault it was: Openreach" in letter.text
    assert "Whose fault it was: Openreach" in page.main
    leaves(at.row)
    _, read = portal_of(at, at.row)
    assert "Whose fault it was: Openreach" in read.main


@of("netservers")
@pytest.mark.parametrize(
    ("clause", "says"),
    [
        ("S-impossible", "No complaint can make us provide a service in a time when that is impossible."),
        ("S-refused", "a service that we have declined with the notice our terms ask for."),
    ],
)
def test_an_outcome_cites_why_a_complaint_cannot_bring_a_service(at: Office, clause: str, says: str) -> None:
    """S-impossible, S-refused: the clause in its own words and why it holds stand in the letter; she may refuse it."""
    at.give_to("handler")
    page = at.do("propose", "Send the outcome", words="We cannot do it now.", cites=[clause])
    assert "Write why that holds here." in page.main
    assert folded(at.row).outcomes == (), "a reason without what makes it true is none"
    page = at.do("propose", "Send the outcome", words="We cannot do it now.", cites=[clause], because=WHY)
    letter = Outgoing.objects.get(case=at.row, letter="outcome")
    assert f"Our code says, in {clause}:" in letter.text
    assert says in " ".join(letter.text.split())
    assert "the end of January" in " ".join(letter.text.split())
    assert f"Its reasons by the code: {clause}" in page.main
    leaves(at.row)
    jo, read = portal_of(at, at.row)
    assert says in read.main
    assert WHY in read.main
    jo.press(read, "Send my answer", **{"reply-accepted": "no", "reply-words": "Then let me go."})
    assert folded(at.row).state is not State.CLOSED
    at.do("deadlock", "Declare deadlock", role="manager", position="We stand by it.")
    adr = Outgoing.objects.get(case=at.row, letter="adr-letter")
    assert f"Our code says, in {clause}:" in adr.text, "our last word cites it too"


@of("netservers")
def test_reasons_wait_with_the_outcome_for_a_second_person(at: Office) -> None:
    """S-impossible: an outcome over the limit is put to the customer later, with what it cited and whose fault it was."""
    at.give_to("handler")
    wanted: dict[tuple[str, str], int | None] = {("handler", "award"): 100_00, ("director", "award"): None}
    assert limits.set_limits(at.provider, wanted, by="9", by_roles=["director"], now=NOON) is None
    page = at.do(
        "propose", "Send the outcome", words="We cannot do it now.", cites=["S-impossible"], because=WHY,
        fault_owner="nobody's", credit="900.00", what_for="The months without it", looked_at="The council's notice",
        award="award",
    )  # fmt: skip
    assert not folded(at.row).outcomes, page.mistakes
    asked = folded(at.row).approvals[-1]
    manager = at.visitor("director")
    waiting = manager.get(at.at("decide"))
    assert "for reasons of the code: S-impossible" in waiting.main
    at.do("decide-request", "Save the decision", role="director", approval=asked.id, agree="yes")
    told = folded(at.row).outcomes[-1]
    assert (told.cites, told.because, told.fault_owner) == (("S-impossible",), WHY, "nobody's")


@pytest.mark.parametrize("at", ["netfuse", "focus-group", "opus", "infinity", "example"], indirect=True)
def test_a_code_without_such_a_clause_offers_none(at: Office) -> None:
    """Neither the boxes nor another way: what was typed for another code is refused, and nothing is sent."""
    at.give_to("handler")
    form = at.visitor().get(at.case_at("propose"))
    assert "Reasons that the code gives" not in form.main
    assert "Whose fault it was" not in form.main
    by = actions.Actor("7", "Hana", "handler")
    cited = Cited(("S-impossible",), "because", "")
    with docket(at.row.pk, now=NOON) as d:
        refusal = actions.propose(d, d.cases[at.row.pk], by, NOON, words="No.", cited=cited)
    assert refusal is not None
    assert "gives no reason called S-impossible" in refusal.what
    with docket(at.row.pk, now=NOON) as d:
        cited = Cited(fault_owner="Openreach")
        refusal = actions.propose(d, d.cases[at.row.pk], by, NOON, words="No.", cited=cited)
    assert refusal is not None
    assert folded(at.row).outcomes == ()
    assert Provider.objects.get(pk=at.slug).mail != Mail.OFF
