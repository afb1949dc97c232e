"""Promises of own words in the console: problems at their lines, tried on letters, adopted by who may, compared."""

from __future__ import annotations

from datetime import date

import pytest

from amends.desk.models import AdoptedWords, Outgoing
from amends.desk.people import person_id
from tests.desk.made import case, london
from tests.desk.office import Office

pytestmark = pytest.mark.django_db
AT = "provider/letter-words"


def test_words_are_checked_tried_adopted_and_compared(office: Office) -> None:
    cora = office.visitor("compliance")
    page = cora.get(office.at(AT))
    text = str(page.doc.xpath("//textarea")[0].text_content()).strip()
    bad = cora.press(page, "Check it", text=f"{text}\n    before the end: Complain to CISAS.\n")
    assert "It cannot be put in force yet" in bad.main
    assert "CISAS" in bad.doc.get_element_by_id("line-8").text_content()
    assert "own words" not in bad.doc.get_element_by_id("line-7").text_content()
    assert "Put these words" not in bad.main
    good = cora.press(bad, "Check it", text=f"{text}\n    before the end: Take care.\n")
    letter = " ".join(good.within("letter")[0].text_content().split())
    assert "We read every message ourselves." in letter
    assert not AdoptedWords.objects.exists()
    done = cora.press(good, "Put these words in force")
    assert "The words are adopted" in done.words
    row = AdoptedWords.objects.get()
    assert (row.in_force_from, row.adopted_by) == (date(2026, 11, 2), person_id(office.people["compliance"]))
    later = Outgoing.objects.get(case=case(office.provider, london("2026-11-02 13:00")))
    assert "Take care." in later.text
    nextly = row.text.replace("version: '1'", "version: '2'").replace("Take care", "Mind how you go")
    cora.press(cora.press(done, "Check it", text=nextly), "Put these words in force")
    compared = cora.get(office.at(f"{AT}/2"))
    assert [x.text_content() for x in compared.doc.xpath("//main//ins")][-1].endswith("Mind how you go.")
    assert [x.text_content() for x in compared.doc.xpath("//main//del")][-1].endswith("Take care.")


def test_a_manager_tries_and_does_not_adopt_and_nobody_writes_for_another_provider(office: Office) -> None:
    mia = office.visitor("manager")
    page = mia.get(office.at(AT))
    text = str(page.doc.xpath("//textarea")[0].text_content()).strip()
    tried = mia.press(page, "Check it", text=text)
    assert "A person of compliance or an administrator puts it in force" in tried.main
    token = mia.client.cookies["csrftoken"].value
    assert (
        mia.send("POST", office.at(f"{AT}/adopt"), {"csrfmiddlewaretoken": token, "text": text}).status == 403
    )
    cora = office.visitor("compliance")
    other = text.replace("provider: larkfield", "provider: opus")
    assert "ANOTHER_PROVIDER" in cora.press(cora.get(office.at(AT)), "Check it", text=other).main
    token = cora.client.cookies["csrftoken"].value
    refused = cora.send("POST", office.at(f"{AT}/adopt"), {"csrfmiddlewaretoken": token, "text": other})
    assert (refused.status, AdoptedWords.objects.count()) == (422, 0)
    past = text.replace("from: 2 November 2026", "from: 1 November 2026")
    refused = cora.send("POST", office.at(f"{AT}/adopt"), {"csrfmiddlewaretoken": token, "text": past})
    assert "is past" in refused.main
    assert cora.send("POST", office.at(AT), {"csrfmiddlewaretoken": token, "text": ""}).status == 422


def test_words_that_were_adopted_and_are_not_read_any_more_are_told_with_their_problem(
    office: Office,
) -> None:
    """An older program took half a sentence for a whole one; a newer refuses it, and letters then say none of it."""
    cora, mia = office.visitor("compliance"), office.visitor("manager")
    settings = office.at("provider/settings")
    assert "stand in no letter" not in cora.get(settings).main
    page = cora.get(office.at(AT))
    assert "It cannot be put in force" not in page.main
    text = str(page.doc.xpath("//textarea")[0].text_content()).strip()
    half = text.replace("We read every message ourselves.", "Helping you is our #1 aim.")
    AdoptedWords.objects.create(
        provider=office.provider, position=1, words="larkfield-letters", version="1", text=half, fingerprint="0" * 64,
        in_force_from=date(2026, 11, 2), adopted_at=london("2026-11-02 09:00"), adopted_by="cora",
    )  # fmt: skip
    letter = Outgoing.objects.get(case=case(office.provider, london("2026-11-02 13:00")))
    assert "our #1" not in letter.text
    assert "Helping you" not in letter.text
    for who in (cora, mia):
        assert "stand in no letter" in who.get(settings).main
        page = who.get(office.at(AT))
        assert "cannot be read any more" in page.main
        assert "WORDS_CUT_OFF" in page.main
    mended = half.replace("Helping you is our #1 aim.", "Helping you comes first.").replace("'1'", "'2'")
    cora.press(cora.press(cora.get(office.at(AT)), "Check it", text=mended), "Put these words in force")
    assert "stand in no letter" not in cora.get(settings).main
    assert "cannot be read any more" not in cora.get(office.at(AT)).main
