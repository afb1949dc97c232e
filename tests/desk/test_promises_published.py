"""Promises that a page keeps and the desk acts on: the fault procedure, and documents that changed together."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import Settings

from amends.core.kinds import CaseKind
from amends.desk.code_site import read_version, site
from amends.desk.models import CaseRow, Provider
from amends.desk.providers import Adopted, adopt
from tests.desk.made import CODES, london
from tests.desk.office import NOON, Office, clock
from tests.desk.test_care import opened
from tests.desk.test_promises import folded, newest, of, promise
from tests.desk.visitor import Page, Visitor

pytestmark = pytest.mark.django_db


def part(page: Page, title: str) -> str:
    """The words of one part of the published page, by its heading."""
    (heading,) = [h for h in page.doc.xpath("//h2") if h.text_content() == title]
    return " ".join(heading.getparent().text_content().split())


def text_of(name: str) -> str:
    return (CODES / f"{name}.yaml").read_text(encoding="utf-8")


@of("focus-group")
def test_how_a_fault_is_handled_is_published_from_the_clauses_that_run(
    at: Office, settings: Settings
) -> None:
    """F-fault-procedure: on the portal, on the static site, and with the time that the clocks of a fault keep.

    Focus names no time, and the page says so. From 1 December 2026 a version promises 2 working days: a fault that is
    reported on Tuesday the 1st is due on Thursday the 3rd at 17:30, and the page says the same.
    """
    caller = Visitor()
    front = caller.get(at.portal())
    assert f"{at.portal('code')}#faults_" in front.links
    page = caller.get(at.portal("code"))
    assert page.doc.get_element_by_id("faults_").text_content() == "How we handle a fault"
    told = part(page, "How we handle a fault")
    for words in (
        "How to report it", "0330 024 2000", "9 am to 5:30 pm", "Which service?", "What has been tried already?",
        "Step 1: We test the service together with you.", "Step 4: The fault is repaired.",
        "The code names no time for a repair.", "your fault is then a complaint", "The repair goes on meanwhile.",
    ):  # fmt: skip
        assert words in told
    files = site([read_version(text_of("focus-group"), "focus-group")], date(2026, 11, 2))
    assert "How we handle a fault" in files["code/index.html"].decode()

    text = text_of("focus-group").replace("in force from: not stated", "in force from: 1 December 2026")
    text = text.replace("    owe: repair\n", "    owe: repair\n    within: 2 working days\n")
    adopted = adopt(text, "next.yaml", now=NOON, by="test", as_published=True)
    assert isinstance(adopted, Adopted), adopted
    clock(settings, london("2026-12-01 10:00"))
    told = part(caller.get(at.portal("code")), "How we handle a fault")
    assert "We repair it: within 2 working days of your report of a fault." in told
    assert "The code names no time" not in told
    _, case = opened(
        at, CaseKind.FAULT, {"p_service": "Line 2", "p_symptoms": "No dial tone.", "p_works": "not at all"}
    )
    assert case.status == 200, case.mistakes
    assert promise(newest(), "F-faults").due == london("2026-12-03 17:30")
    assert "Test the service with the customer" in case.main, (
        "the first step of the page is the first step of the case"
    )


@of("opus")
def test_a_code_that_says_nothing_of_faults_publishes_no_procedure(at: Office) -> None:
    """Beside F-fault-procedure: nothing is promised on anybody's behalf."""
    caller = Visitor()
    assert "How we handle a fault" not in caller.get(at.portal("code")).words
    assert not [link for link in caller.get(at.portal()).links if link.endswith("#faults_")]


@of("infinity")
def test_terms_policy_and_code_change_together_on_their_day(at: Office) -> None:
    """I-changes: 31 March 2016 stands on the page, the desk looks for terms of that day, a version tells what changed."""
    told = part(Visitor().get(at.portal("code")), "This code and your contract")
    for document in ("contract terms", "complaints policy", "Code of Practice"):
        assert f"{document}In force from 31 March 2016" in told
    compliance = at.visitor("compliance")
    code = compliance.get(at.at("provider/code/1")).main
    assert "This code changed on 31 March 2016 with the others" in code, "and its file gives no day"
    terms = compliance.get(at.at("provider/terms"))
    assert "By the code these changed together on Thursday 31 March 2016" in terms.main
    assert "No version of the terms begins on that day" in terms.main
    terms = compliance.press(
        terms, "Write the version down", name="Terms", version="2016", in_force_from="2016-03-31"
    )
    assert "A version of the terms begins on that day." in compliance.get(at.at("provider/terms")).main
    assert folded(at.row).code == "infinity-customer-complaints"


@of("infinity")
def test_the_next_change_of_all_three_is_told_among_what_changed(at: Office, settings: Settings) -> None:
    """I-changes: a version from 1 December 2026 that changes with its terms says so; a document of another day is found."""
    later = text_of("infinity").replace("in force from: not stated", "in force from: 1 December 2026")
    later = later.replace("version: February 2016", "version: December 2026").replace(
        "      on: 31 March 2016\n", "      on: 1 December 2026\n"
    )
    late = later.replace(
        "        - Code of Practice\n", "        - {title: Code of Practice, from: 1 January 2027}\n"
    )
    compliance = at.visitor("compliance")
    page = compliance.get(at.at("provider/code/next"))
    found = compliance.press(page, "Check it", text=late).main
    assert "CHANGED_ON_ANOTHER_DAY" in found
    assert (
        "'Code of Practice' is to change on 1 December 2026 with the others, and has 1 January 2027" in found
    )
    assert "CHANGED_ON_ANOTHER_DAY" not in compliance.press(page, "Check it", text=later).main
    adopted = adopt(later, "later.yaml", now=NOON, by="test", as_published=True)
    assert isinstance(adopted, Adopted), adopted
    before = Visitor().get(at.portal("code")).words
    assert "These changed together on 1 December 2026" not in before
    clock(settings, london("2026-12-01 09:00"))
    told = part(Visitor().get(at.portal("code")), "What changed since the last version")
    assert (
        "These changed together on 1 December 2026: contract terms, complaints policy and Code of Practice."
        in told
    )
    assert Provider.objects.get(pk=at.provider.pk).codes.count() == 2
    kept = CaseRow.objects.get(pk=at.row.pk).code
    assert kept is not None
    assert kept.version == "February 2016", "what began before keeps its code"
