"""Promises of every page, checked without a browser: it can be heard, no link is dead, nothing in it runs."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html
from pytest_django import Settings

from amends.desk import alarms, inbox
from amends.desk.accent import DARK_PAPERS, LIGHT_PAPERS, contrast, shades
from amends.desk.forms.case_form import CaseForm
from amends.desk.forms.deeds import BY_SLUG, DEEDS
from amends.desk.houses import access_code
from amends.desk.models import Mail, Upload
from tests.desk.made import MONDAY, case, closed
from tests.desk.office import NOON, Office, clock
from tests.desk.seams import CHECKS, faults
from tests.desk.visitor import Page, Visitor

LIMIT = 1000
"""More pages than any crawl of the small office has; half of them are the cases behind figures of reports."""


def furnished(office: Office) -> Office:
    """The office with something of everything in it, hostile words included."""
    office.give_to("handler")
    for n, words in enumerate((b"Me too.", b"<script>alert(1)</script> & \xe2\x80\xae reversed")):
        subject = f"<b>about</b> {office.row.reference}"
        head = f"From: s@example.net\r\nSubject: {subject}\r\nMessage-ID: <m{n}@example.net>\r\n\r\n"
        inbox.receive(office.provider, head.encode() + words, NOON, now=NOON)
    case(office.provider, MONDAY, {"name": "<img src=x onerror=alert(1)>", "address": "1 Mill Lane\nHull\nHU9 1AA"},
         channel="letter", subject="'\"><script>", words="</p><script>alert(1)</script>")  # fmt: skip
    closed(case(office.provider, MONDAY, {"name": "Done", "email": "d@example.org"}), NOON)
    Upload.objects.create(
        provider=office.provider, case=office.row, contact="first", name="<b>.html", media_type="text/html", content=b"x",
        sha256="0", at=NOON,
    )  # fmt: skip
    alarms.raise_all(
        [alarms.alarm("kind", "x", "Something <b>is</b> wrong", "A heading", NOON, office.provider.pk)]
    )
    return office


def crawl(visitor: Visitor, start: str) -> list[Page]:
    """Every page that can be reached from here by links, each once."""
    waiting, seen, pages = [start], {start}, list[Page]()
    while waiting:
        page = visitor.get(waiting.pop())
        pages.append(page)
        assert len(pages) < LIMIT
        if page.doc is None:
            continue
        page.doc.make_links_absolute(f"http://testserver{page.address}")
        for link in page.links:
            address = link.removeprefix("http://testserver").partition("#")[0]
            if address.startswith("/") and address not in seen and "from=" not in address:
                seen.add(address)
                waiting.append(address)
    return pages


def _faulty(pages: list[Page]) -> list[str]:
    return [
        f"{p.address}: {fault}"
        for p in pages
        if p.doc is not None
        for fault in faults(html.document_fromstring(p.content))
    ]


@pytest.mark.parametrize("role", ["agent", "manager", "auditor", "administrator"])
def test_every_page_of_the_console_is_sound_and_no_link_is_dead(office: Office, role: str) -> None:
    pages = crawl(furnished(office).visitor(role), "/")
    assert len(pages) > (60 if role in ("agent", "manager") else 4)
    assert [f"{p.address}: {p.status}" for p in pages if p.status != 200] == []
    assert _faulty(pages) == []


def test_every_page_of_the_portal_is_sound_and_no_link_is_dead(office: Office) -> None:
    furnished(office).proposed()
    jo = Visitor()
    pages = crawl(jo, office.portal())
    page = jo.get(office.portal("follow"))
    pages.append(
        jo.press(page, "See my complaint", reference=office.row.reference, code=access_code(office.row))
    )
    pages += crawl(jo, office.portal("case"))
    pages.append(jo.get(office.portal("received")))
    said = {"link-reference": office.row.reference, "link-email": "ann@example.org"}
    pages.append(jo.press(jo.get(office.portal("follow")), "Send me a link", **said))
    pages.append(jo.get(office.portal(f"link/{'a' * 43}")))
    assert [f"{p.address}: {p.status}" for p in pages if p.status != 200] == [
        f"{office.portal('link')}/{'a' * 43}: 404"
    ]
    assert _faulty(pages) == []


@pytest.mark.parametrize("slug", sorted(BY_SLUG))
def test_a_page_with_mistakes_in_it_is_sound_too(office: Office, slug: str) -> None:
    furnished(office).proposed()
    mia = office.visitor("manager")
    page = mia.get(office.case_at(slug))
    forms = page.doc.xpath("//main//form")
    if forms:
        token = forms[0].fields["csrfmiddlewaretoken"]
        page = mia.send("POST", office.case_at(slug), {"csrfmiddlewaretoken": token, "facts": "1"})
    assert _faulty([page]) == []


@pytest.mark.parametrize(
    "path",
    ["new-contact", "provider/scheme", "provider/people/add", "provider/people/give", "provider/sending"],
)
def test_other_forms_with_mistakes_are_sound_too(office: Office, path: str) -> None:
    someone = office.visitor("administrator" if "people" in path else "manager")
    token = someone.get("/").doc.xpath('//input[@name="csrfmiddlewaretoken"]/@value')[0]
    page = someone.send("POST", office.at(path), {"csrfmiddlewaretoken": token})
    assert page.status == 422
    assert page.mistakes
    assert _faulty([page]) == []


def test_an_empty_office_is_sound_too(office: Office) -> None:
    from amends.desk.models import CaseRow, DutyRow

    DutyRow.objects.all().delete()
    CaseRow.objects.update(is_open=False, next_due=None)
    mia = office.visitor("manager")
    pages = [
        mia.get(office.at(path))
        for path in ("", "?whose=team", "cases", "mail", "letters", "alarms", "cases?find=zzz")
    ]
    assert _faulty(pages) == []


def test_the_sign_in_and_the_pages_of_what_went_wrong_are_sound(office: Office, settings: Settings) -> None:
    visitor = Visitor()
    pages = [
        visitor.get("/sign-in"),
        visitor.get("/nowhere"),
        visitor.press(visitor.get("/sign-in"), "Sign in"),
    ]
    pages.append(office.visitor("auditor").get(office.case_at("note")))
    assert [p.status for p in pages] == [200, 404, 200, 403]
    assert _faulty(pages) == []


BAD = """<html><head></head><body><header></header><h2 id=a>x</h2><h4 id=a></h4><input name=q><input type=radio
id=r><label for=r>r</label><a href=/x></a><a href=#none>n</a><p onclick=x style=y aria-labelledby=zz></p>
<script>1</script><style></style><a href=javascript:x>j</a><form method=post></form>
<table><tr><th>h</th></tr></table><img src=//x/y><svg role=img></svg><ul><p>x</p></ul></body></html>"""


def test_each_check_of_a_page_finds_its_fault() -> None:
    found = {fault.partition(":")[0] for fault in faults(html.document_fromstring(BAD))}
    assert found == {check.__name__ for check in CHECKS}


# --- the colours ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "accent", ["#1b4f72", "#ffff00", "#000000", "#ffffff", "#ff0000", "#7f7f7f", "red", "", "#12345g"]
)
def test_whatever_colour_a_provider_chooses_its_words_can_be_read(accent: str) -> None:
    found = shades(accent)
    assert all(contrast(found.light, paper) >= 4.5 for paper in LIGHT_PAPERS)
    assert all(contrast(found.dark, paper) >= 4.5 for paper in DARK_PAPERS)
    assert contrast(found.light, found.on_light) >= 4.5
    assert contrast(found.dark, found.on_dark) >= 4.5


def _sheet() -> dict[str, dict[str, str]]:
    """The colours that the style sheet names, for light and for dark pages."""
    import re

    from django.contrib.staticfiles import finders

    path = finders.find("desk/desk.css")
    assert path is not None
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - the finder gives a plain path
        light, dark = re.findall(r":root \{(.*?)\n\s*\}", file.read(), re.DOTALL)[:2]
    return {
        name: dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", part))
        for name, part in (("light", light), ("dark", dark))
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_ink_of_the_style_sheet_can_be_read_on_every_paper(scheme: str) -> None:
    colours = _sheet()[scheme]
    papers = [colours[name] for name in ("paper", "sheet", "wash", "late-wash", "soon-wash", "done-wash")]
    assert tuple(papers) == (LIGHT_PAPERS if scheme == "light" else DARK_PAPERS)
    for ink in ("ink", "quiet", "late", "soon", "done", "accent"):
        assert [paper for paper in papers if contrast(colours[ink], paper) < 4.5] == [], ink
    # 1.4.11: the edge of a box, and the bars of the picture, stand out from what they lie on.
    for shape in ("edge", "late", "done", "accent"):
        assert contrast(colours[shape], colours["sheet"]) >= 3


def test_hostile_words_stay_words(office: Office) -> None:
    page: Any = furnished(office).visitor().get(office.at("?whose=team"))
    assert b"<img src=x onerror" not in page.content
    assert "<img src=x onerror=alert(1)>" in page.main


def test_mail_in_a_folder_needs_no_watch_word(office: Office, settings: Settings) -> None:
    clock(settings)
    assert office.provider.mail == Mail.FOLDER
    assert "Outgoing mail is off" not in office.visitor().get(office.at("letters")).main


def test_no_action_is_offered_twice() -> None:
    assert len(BY_SLUG) == len(DEEDS)


@pytest.mark.parametrize("slug", sorted(BY_SLUG))
def test_every_action_says_itself_what_it_does(slug: str) -> None:
    assert BY_SLUG[slug].do is not CaseForm.do, "the base has nothing to do"
