"""The portal's own words can be read at about eleven years of age, on every page and in every mistake that it names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from amends.core.letters import Letter, Paragraph
from amends.desk import views
from amends.desk.models import Role
from tests.desk.office import Office
from tests.desk.portal_pages import pages
from tests.desk.visitor import Page, Visitor
from tests.reading_age import reading_age

PORTAL = Path(views.__file__).parents[1] / "templates" / "portal"
READING_AGE = 11.0
"""The same as of our letters."""
OURS = "//main//p | //main//label | //main//legend | //main//h1 | //main//h2 | //main//li[not(.//p)] | //main//summary"
NOT_OURS = "ancestor-or-self::*[contains(@class, 'said') or contains(@class, 'letter') or contains(@class, 'reference')]"
"""What people wrote, letters (which have a test of their own), and references."""


def prose(page: Page) -> Iterator[str]:
    """What the page says in our own words, sentence by sentence."""
    hints = "//main//*[contains(@class, 'hint') or contains(@class, 'mistake')]"
    for each in page.doc.xpath(f"{OURS} | {hints}"):
        words = " ".join(each.text_content().split())
        if words and not each.xpath(NOT_OURS):
            yield words if words.endswith((".", "?", "!", ":")) else f"{words}."


def age(page: Page, names: list[str]) -> float:
    """How old a reader of the page must be."""
    return reading_age(Letter("page", "p", tuple(Paragraph(words) for words in prose(page))), names)


def test_every_page_of_the_portal_reads_at_about_eleven(office: Office) -> None:
    names = [office.provider.name, "Communications Ombudsman", "Ann Archer", "British Sign Language"]
    names += [role.person.first_name for role in Role.objects.filter(provider=office.provider)]
    too_hard = {}
    seen: set[str] = set()
    for page in pages(office):
        assert page.status in (200, 404, 422)
        seen |= {str(used.name) for used in page.answer.templates}
        found = age(page, names)
        if found > READING_AGE:
            too_hard[f"{page.address} {page.h1} {page.status}"] = (round(found, 1), list(prose(page)))
    assert not too_hard
    there = {f"portal/{path.name}" for path in PORTAL.glob("*.html")}
    assert not there - seen, "each template of the portal is read by this test"


def test_the_measure_hears_the_words_of_a_page(office: Office) -> None:
    page = Visitor().get(office.portal("complain/what"))
    assert "What has gone wrong?" in list(prose(page))
    hint = page.doc.xpath("//*[contains(@class, 'hint')]")[0]
    hint.text = "Notwithstanding contractual stipulations, supplementary remuneration remains discretionary."
    assert age(page, []) > READING_AGE
