"""Promises of the editor of codes: problems stand at their lines, boxes keep comments, only new complaints are touched."""

from __future__ import annotations

from datetime import date

import pytest

from amends.desk import drafts
from amends.desk.models import AdoptedCode, AuditEntry, CaseRow, Provider
from amends.desk.people import person_id
from tests.desk.made import MONDAY, case, days
from tests.desk.office import Office
from tests.desk.visitor import Page, Visitor

pytestmark = pytest.mark.django_db
NEXT = "provider/code/next"


def text_of(page: Page) -> str:
    return (
        str(page.doc.xpath("//textarea[@name='text']")[0].text_content())
        .removeprefix("\n")
        .replace("\r\n", "\n")
    )


def boxes(page: Page) -> dict[str, str]:
    """The name of each box by its label."""
    return {
        label.text_content(): label.get("for").removeprefix("id_")
        for label in page.doc.xpath("//main//label")
    }


def written(who: Visitor, page: Page, **changed: str) -> Page:
    """The editor after some boxes were changed, named by the words of their labels."""
    there = who.press(page, "Change hours")
    named = boxes(there)
    said = {named[label.replace("_", " ")]: words for label, words in changed.items()}
    return who.press(there, "Write these into the file", **said)


def test_a_period_is_changed_in_a_box_checked_and_put_in_force_for_new_complaints_only(
    office: Office,
) -> None:
    cora = office.visitor("compliance")
    before = office.provider.codes.get()
    page = cora.get(office.at(NEXT))
    assert text_of(page) == before.text
    page = written(
        cora,
        page,
        **{
            "L-acknowledge, within": "1 working day",
            "version": "November 2026",
            "in force from": "1 December 2026",
        },
    )
    wanted = before.text.replace("within: 2 working days", "within: 1 working day", 1)
    wanted = wanted.replace("version: July 2026", "version: November 2026").replace(
        "from: 1 July 2026", "from: 1 December 2026"
    )
    assert text_of(page) == wanted, "no other line moved"
    assert "PAGE_AND_CLOCK_DIFFER" in page.main, "the words still say 2 working days"
    page = cora.press(
        page,
        "Check it",
        text=wanted.replace("We tell you within 2 working days", "We tell you within 1 working day"),
    )
    assert "It can be put in force" in page.main
    assert "Changed: L-acknowledge" in page.main
    assert "For complaints first received from Tuesday 1 December on" in page.main
    looked = cora.press(page, "See the page")
    assert "within 1 working day that your complaint" in looked.main
    assert not AdoptedCode.objects.exclude(pk=before.pk).exists(), "nothing is kept before it is adopted"
    done = cora.press(cora.press(looked, "Back to the text"), "Put this version in force")
    assert "The version is adopted" in done.words
    row = AdoptedCode.objects.get(position=2)
    assert (row.version, row.in_force_from, row.adopted_by) == (
        "November 2026", date(2026, 12, 1), person_id(office.people["compliance"]),
    )  # fmt: skip
    assert not row.as_published
    assert CaseRow.objects.get(pk=office.row.pk).code_id == before.pk
    early, late = case(office.provider, MONDAY), case(office.provider, MONDAY + days(40))
    assert (early.code_id, late.code_id) == (before.pk, row.pk)
    compared = cora.get(office.at("provider/code/difference?before=1&now=2"))
    assert [e.text_content() for e in compared.doc.xpath("//main//ins")] != []
    file = cora.client.get(office.at("provider/code/2/file"))
    assert file.getvalue().decode() == row.text
    assert "attachment" in file.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("was", "now", "rule"),
    [
        ("provider: larkfield", "provider: opus-telecoms", "ANOTHER_PROVIDER"),
        ("version: July 2026", "version: July 2026 ", "NOT_TO_COME"),
        ("in force from: 1 July 2026", "in force from: not stated", "NOT_TO_COME"),
        ("title: Larkfield", "title: New Larkfield", "VERSION_TAKEN"),
        ("clauses:", "clawses:", "UNKNOWN_KEY"),
        ("", "", "NOTHING_CHANGED"),
    ],
)
def test_what_keeps_a_text_from_being_the_next_version_is_told_at_its_line(
    office: Office, was: str, now: str, rule: str
) -> None:
    cora, page = office.visitor("compliance"), office.visitor("compliance").get(office.at(NEXT))
    text = office.provider.codes.get().text
    assert was in text
    bad = text.replace(was, now, 1) if was else text
    if rule == "NOT_TO_COME":
        bad = bad.replace("version: July 2026", "version: other", 1)
    checked = cora.press(cora.get(page.address), "Check it", text=bad)
    assert rule in checked.main
    assert "Put this version in force" not in checked.main
    found = next(p for p in drafts.draft(office.provider, bad, MONDAY).problems if p.rule == rule)
    line = checked.doc.get_element_by_id(f"line-{found.where.line}")
    assert found.message in line.text_content()
    token = cora.client.cookies["csrftoken"].value
    refused = cora.send(
        "POST", office.at(f"{NEXT}/adopt"), {"csrfmiddlewaretoken": token, "text": bad, "why": "because"}
    )
    assert refused.status == 422
    assert AdoptedCode.objects.count() == 1


def test_a_code_against_a_rule_is_taken_only_with_a_reason_which_stands_in_the_audit(office: Office) -> None:
    cora, text = office.visitor("compliance"), office.provider.codes.get().text
    bad = text.replace("version: July 2026", "version: other").replace(
        "from: 1 July 2026", "from: 1 December 2026"
    )
    bad = bad.replace("  after: 6 weeks", "  after: 8 weeks")
    page = cora.press(cora.get(office.at(NEXT)), "Check it", text=bad)
    assert "Against a rule of its day" in page.main
    assert "STALE_THRESHOLD" in page.main
    refused = cora.press(page, "Put this version in force")
    assert "say why it is taken as it is" in " ".join(refused.mistakes)
    assert AdoptedCode.objects.count() == 1
    done = cora.press(refused, "Put this version in force", why="It is what was printed.")
    assert "The version is adopted" in done.words
    assert AdoptedCode.objects.get(position=2).as_published
    entry = AuditEntry.objects.filter(what="code adopted").latest("pk")
    assert entry.detail["why"] == "It is what was printed."


def test_a_manager_writes_and_checks_and_cannot_adopt(office: Office) -> None:
    mia = office.visitor("manager")
    text = office.provider.codes.get().text.replace("version: July 2026", "version: other")
    page = mia.press(
        mia.get(office.at(NEXT)), "Check it", text=text.replace("from: 1 July 2026", "from: 1 December 2026")
    )
    assert "A person of compliance or an administrator puts it in force" in page.main
    assert "Put this version in force" not in page.main


def test_an_empty_box_is_told_at_its_box_and_a_broken_text_has_no_boxes(office: Office) -> None:
    cora = office.visitor("compliance")
    page = written(cora, cora.get(office.at(NEXT)), version="")
    assert page.mistakes == ["To take something away, delete its lines in the text."]
    assert text_of(page) == office.provider.codes.get().text
    broken = cora.press(cora.get(office.at(NEXT)), "Check it", text="- [\n")
    assert "It cannot be put in force yet" in broken.main
    assert cora.press(broken, "Change hours").status == 200
    assert cora.press(broken, "See the page").status == 200
    assert "EMPTY_FILE" in cora.press(broken, "Check it", text=" ").main
    assert cora.press(broken, "Check it", text="").status == 422


def test_a_provider_without_a_code_begins_with_the_model_under_its_own_name(office: Office) -> None:
    bare = Provider.objects.create(slug="bare", name='The "Bare" Line', created=MONDAY)
    text = drafts.begin(bare)
    assert "provider: bare\n" in text
    found = drafts.draft(bare, text, MONDAY)
    assert not found.barred
    assert found.code is not None
    assert found.code.provider_name == "The Bare Line"
