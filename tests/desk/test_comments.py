"""Comments on the code are collected for its next review, considered by somebody by name, and erased on request.

O-review.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from amends.desk import comments
from amends.desk.models import AuditEntry, CodeComment, PortalAttempt, Provider
from amends.desk.now import set_now
from amends.desk.people import person_id
from amends.desk.providers import Adopted, adopt
from tests.desk.made import days, example
from tests.desk.office import NOON, Office
from tests.desk.visitor import Page, Visitor

pytestmark = pytest.mark.django_db

WORDS = "Your phone hours are wrong: nobody answers after six."


def comment(office: Office, words: str = WORDS, **filled: Any) -> Page:
    """The page after a reader has commented in the portal."""
    reader = Visitor()
    return reader.press(reader.get(office.portal("comment")), "Send my comment", words=words, **filled)


def test_a_reader_comments_on_a_clause_and_it_is_considered_by_name(office: Office) -> None:
    """A story: Bo comments on Monday, the compliance officer decides on Tuesday, the next version comes on Wednesday."""
    page = comment(office, clause="L-acknowledge", name="Bo Bell", email="bo@example.org")
    assert page.address == office.portal("code")
    assert "Thank you" in page.main
    kept = CodeComment.objects.get()
    assert (kept.clause, kept.code.version, kept.at) == (
        "L-acknowledge",
        office.provider.codes.get().version,
        NOON,
    )

    officer = office.visitor("compliance")
    assert "1 comment on the code waits to be considered" in officer.get(office.at("provider")).main
    page = officer.get(office.at("provider/comments"))
    assert WORDS in page.main
    assert "Bo Bell" in page.main
    set_now((NOON + days(1)).isoformat())
    officer = office.visitor("compliance")
    page = officer.get(office.at(f"provider/comments/{kept.pk}"))
    assert "We tell you within 2 working days" in page.main
    assert officer.press(page, "Mark as considered", decision=" ").mistakes == ["Write what was decided."]
    page = officer.press(page, "Mark as considered", decision="The hours change in the next version.")
    assert "None waits." in page.main
    kept.refresh_from_db()
    assert (kept.considered_at, kept.considered_by) == (
        NOON + days(1),
        person_id(office.people["compliance"]),
    )
    entry = AuditEntry.objects.get(what="comment on the code considered")
    assert WORDS not in str(entry.detail)
    assert "Bo" not in str(entry.detail)

    considered = officer.get(office.at("provider/comments?state=considered")).main
    assert "The hours change in the next version." in considered
    assert isinstance(adopt(example("next", "4 November 2026"), "x", now=NOON + days(2), by="t"), Adopted)
    page = officer.get(office.at("provider/code/1"))
    assert "What readers say of this version" in page.main
    assert "Decided: The hours change in the next version." in page.main


def test_what_waits_is_told_when_the_next_version_is_adopted(office: Office) -> None:
    comment(office)
    comment(office, "Shorter, please.")
    adopted = adopt(example("next", "4 November 2026"), "x", now=NOON, by="t")
    assert isinstance(adopted, Adopted)
    assert adopted.comments == 2
    found = CodeComment.objects.order_by("pk")[0]
    assert comments.consider(found, decision="No change.", by="7", now=NOON) is None
    adopted = adopt(example("later", "5 November 2026"), "x", now=NOON, by="t")
    assert isinstance(adopted, Adopted)
    assert adopted.comments == 1


def test_only_those_who_review_the_code_read_comments_and_only_their_provider_s(office: Office) -> None:
    comment(office)
    kept = CodeComment.objects.get()
    for role in ("agent", "handler", "auditor", "administrator"):
        assert office.visitor(role).get(office.at("provider/comments")).status == 403
        assert WORDS not in office.visitor(role).get(office.at("provider/code/1")).words
        assert "comments" not in " ".join(office.visitor(role).get(office.at("provider")).links)
    other = Office("opus")
    assert other.visitor("compliance").get(other.at(f"provider/comments/{kept.pk}")).status == 404
    assert WORDS not in other.visitor("manager").get(other.at("provider/comments")).main


def test_a_comment_is_erased_and_what_was_decided_stays(office: Office) -> None:
    comment(office, name="Bo Bell", email="bo@example.org")
    kept = CodeComment.objects.get()
    assert comments.consider(kept, decision="The hours change.", by="7", now=NOON) is None
    officer = office.visitor("compliance")
    page = officer.get(office.at(f"provider/comments/{kept.pk}"))
    assert officer.press(page, "Erase the words").mistakes == ["Write why."]
    officer.press(page, "Erase the words", **{"erase-why": "the writer asked on the phone"})
    kept.refresh_from_db()
    assert (kept.words, kept.name, kept.email) == ("", "", "")
    assert (kept.decision, kept.erased_at) == ("The hours change.", NOON)
    page = officer.get(office.at("provider/comments?state=considered"))
    assert "What they wrote was erased on" in page.main
    assert "Bo Bell" not in page.main
    entry = AuditEntry.objects.get(what="comment on the code erased")
    assert entry.detail == {"comment": kept.pk, "why": "the writer asked on the phone"}


@pytest.mark.parametrize(
    ("filled", "mistake"),
    [
        ({"words": "  "}, "Write your comment."),
        ({"words": "x" * 10_001}, "This is too long: write at most 10000 characters."),
        ({"words": "a", "email": "nobody"}, "This is no email address. Write one such as ann@example.org."),
        ({"words": "a", "clause": "X-none"}, "That is not offered here. Choose one of those that are."),
        ({"words": "\u200b\u202e"}, "There is no comment."),
        ({"words": "a\x00b"}, "There is a character here that cannot be read. Write the words again."),
    ],
)
def test_what_is_no_comment_is_told_at_its_box(office: Office, filled: dict[str, str], mistake: str) -> None:
    reader = Visitor()
    form, _ = reader.get(office.portal("comment")).form("Send my comment")
    token = form.xpath('.//input[@name="csrfmiddlewaretoken"]')[0].get("value")
    page = reader.send("POST", office.portal("comment"), {"csrfmiddlewaretoken": token, **filled})
    assert page.status == 422
    assert any(mistake in said for said in page.mistakes), page.mistakes
    assert not CodeComment.objects.exists()


def test_a_double_click_is_one_comment_and_a_flood_stops(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comments, "FOR_ALL", 3)
    for _ in range(3):
        assert comment(office).status == 200
    assert CodeComment.objects.count() == 1
    statuses = [comment(office, f"Comment {n}").status for n in range(3)]
    assert statuses == [200, 200, 422]
    assert CodeComment.objects.count() == 3
    assert "Bell" not in str(list(PortalAttempt.objects.values_list("key", flat=True)))
    set_now((NOON + timedelta(hours=1, minutes=1)).isoformat())
    assert comment(office, "Later").status == 200


def test_hostile_words_are_shown_and_do_nothing(office: Office) -> None:
    comment(office, "<script>alert(1)</script>\u202e {{ x }}", name="<b>Bo")
    page = office.visitor("manager").get(office.at("provider/comments"))
    assert b"<script>alert" not in page.content
    assert "<script>alert(1)</script>" in page.main
    assert "\u202e" not in page.main


def test_where_no_code_is_in_force_nobody_is_asked(db: None) -> None:
    Provider.objects.create(slug="bare", name="Bare", created=NOON)
    assert Visitor().get("/portal/bare/comment").status == 404


def test_a_list_of_many_is_turned_page_by_page(office: Office) -> None:
    row = office.provider.codes.get()
    for n in range(30):
        CodeComment.objects.create(provider=office.provider, code=row, at=NOON, words=f"Comment number {n}.")
    officer = office.visitor("compliance")
    page = officer.get(office.at("provider/comments"))
    assert ("Comment number 24." in page.main, "Comment number 25." in page.main) == (True, False)
    onward = next(link for link in page.links if "from=" in link)
    page = officer.get(office.at("provider/comments") + onward)
    assert ("Comment number 24." in page.main, "Comment number 29." in page.main) == (False, True)
