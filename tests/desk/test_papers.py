"""Papers that go with a letter: chosen from the files of the case, named in it, bound to it, and with it on every way.

F-tariffs: a customer's own tariff by email on request.
"""

from __future__ import annotations

from email import message_from_bytes
from email.policy import SMTP

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from amends.core import facts as f
from amends.core.kinds import CaseKind
from amends.core.may import Refusal
from amends.desk import actions, batches, enclosed, uploads
from amends.desk.access import make_link
from amends.desk.actions import Actor
from amends.desk.attachment import Attachment
from amends.desk.compose import compose
from amends.desk.erasure import erase_private
from amends.desk.evidence import verify
from amends.desk.models import CaseRow, Mailbox, Outgoing, Upload
from amends.desk.outbox import mailbox_of
from amends.desk.record import docket
from tests.desk.made import ANN, case, closed, london
from tests.desk.office import NOON, Office, clock
from tests.desk.test_care import SMALL, opened
from tests.desk.test_promises import newest
from tests.desk.visitor import Visitor

pytestmark = pytest.mark.django_db
HANA = Actor("7", "Hana", "handler")
TARIFF = b"%PDF-1.7 the tariff of Bell Bakery"


@pytest.fixture
def office(settings: Settings) -> Office:
    clock(settings)
    return Office()


def keep(row: CaseRow, *names: str, content: bytes = TARIFF) -> list[Upload]:
    """Files that a colleague kept on a case with a note."""
    files = tuple(
        Attachment(name, "application/pdf", content + name.encode(), inline=False) for name in names
    )
    with docket(row.pk, now=NOON) as d:
        assert actions.note(d.cases[row.pk], HANA, NOON, words="From billing.", files=files) is None
    return list(Upload.objects.filter(case=row).order_by("pk"))


def attached(letter: Outgoing) -> dict[str, bytes]:
    """What the mail of a letter carries, by name."""
    mail = message_from_bytes(compose(letter, mailbox_of(letter), NOON).content, policy=SMTP)
    return {str(part.get_filename()): part.get_content() for part in mail.iter_attachments()}


def mailbox(office: Office) -> None:
    Mailbox.objects.get_or_create(provider=office.provider, address="complaints@larkfield.example")


def test_a_tariff_that_was_asked_for_leaves_with_the_letter_that_names_it(settings: Settings) -> None:
    """F-tariffs: asked for by phone, found by a colleague, sent by email, and in the portal too."""
    clock(settings)
    focus = Office("focus-group")
    Mailbox.objects.create(provider=focus.provider, address="care@focus.example")
    visitor, page = opened(focus, CaseKind.PRICES, SMALL[CaseKind.PRICES], email="b@bell.example")
    assert page.status == 200, page.mistakes
    row = newest()
    visitor.press(
        visitor.get(focus.at(f"cases/{row.reference}/step")), "Take the step", how="done", words="Found."
    )
    (tariff,) = keep(row, "Tariff of Bell Bakery.pdf")
    page = visitor.get(focus.at(f"cases/{row.reference}/step"))
    assert "Tariff of Bell Bakery.pdf" in page.main
    refused = visitor.press(page, "Take the step", how="done", papers=str(tariff.pk), tell="")
    assert "Write the letter that the files go with." in refused.mistakes
    page = visitor.press(
        page, "Take the step", how="done", papers=str(tariff.pk), tell="Here is your tariff."
    )
    if "Take the step" in page.main and page.status == 200 and "Here is your tariff." in page.main:
        assert "With this letter: Tariff of Bell Bakery.pdf." in page.main, "the preview tells it"
        page = visitor.press(page, "Take the step")
    letter = Outgoing.objects.get(case=row, letter="reply")
    assert "With this letter: Tariff of Bell Bakery.pdf." in letter.text
    assert attached(letter) == {"Tariff of Bell Bakery.pdf": bytes(tariff.content or b"")}
    bell = Visitor()
    opening = bell.get(focus.portal(f"link/{make_link(row, 'b@bell.example', now=NOON)}"))
    page = bell.press(opening, next(b for b in ("Open my request", "Open my complaint") if b in opening.main))
    got = bell.client.get(focus.portal(f"case/letters/with/1/{letter.key}"))
    assert (got.status_code, got.content) == (200, bytes(tariff.content or b""))
    assert "attachment" in got.headers["Content-Disposition"]
    assert bell.client.get(focus.portal(f"case/letters/with/2/{letter.key}")).status_code == 404
    assert verify().whole


def test_nobody_gets_a_file_of_another_case(office: Office) -> None:
    other = case(office.provider, NOON, {"name": "Bo Bell", "email": "bo@example.org"})
    (theirs,) = keep(other, "theirs.pdf")
    with docket(office.row.pk, now=NOON) as d:
        refused = actions.write(
            d, d.cases[office.row.pk], HANA, NOON, purpose="reply", words="Here.", papers=(theirs.pk,)
        )
    assert isinstance(refused, Refusal)
    assert "theirs.pdf" not in office.visitor().get(office.case_at("write")).main
    (mine,) = keep(office.row, "mine.pdf")
    mailbox(office)
    with docket(office.row.pk, now=NOON) as d:
        assert (
            actions.write(
                d, d.cases[office.row.pk], HANA, NOON, purpose="reply", words="Here.", papers=(mine.pk,)
            )
            is None
        )
    letter = Outgoing.objects.filter(case=office.row, letter="reply").latest("pk")
    bo = Visitor()
    bo.press(
        bo.get(office.portal(f"link/{make_link(other, 'bo@example.org', now=NOON)}")), "Open my complaint"
    )
    assert bo.client.get(office.portal(f"case/letters/with/1/{letter.key}")).status_code == 404


def test_more_than_an_email_carries_is_refused_before_anything_is_written(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enclosed, "MOST_BYTES", 100)
    files = keep(office.row, "a.pdf", "b.pdf", "c.pdf")
    with docket(office.row.pk, now=NOON) as d:
        refused = actions.write(
            d,
            d.cases[office.row.pk],
            HANA,
            NOON,
            purpose="update",
            words="Here.",
            papers=[x.pk for x in files],
        )
    assert isinstance(refused, Refusal)
    assert "more than an email carries" in refused.what
    assert not Outgoing.objects.filter(case=office.row, letter="update").exists()


def test_by_post_the_manifest_says_what_else_goes_into_the_envelope(office: Office) -> None:
    row = case(
        office.provider, NOON, {**ANN, "email": "", "address": "1 Mill Lane\nLK1 1AA"}, channel="letter"
    )
    (file,) = keep(row, "Meter reading.pdf")
    with docket(row.pk, now=NOON) as d:
        hand = d.cases[row.pk]
        assert actions.write(d, hand, HANA, NOON, purpose="reply", words="Here.", papers=(file.pk,)) is None
    Outgoing.objects.filter(case=row, letter="reply").update(state="to post")
    batch = batches.make(office.provider, HANA, NOON)
    assert batch is not None
    assert "and enclose Meter reading.pdf" in batches.as_csv(batch).decode("utf-8-sig")
    letter = Outgoing.objects.get(case=row, letter="reply")
    page = office.visitor().get(office.at(f"letters/read/{letter.key}"))
    assert "Put these in the envelope: Meter reading.pdf" in page.words
    assert "With this letter: Meter reading.pdf." in page.words


def test_a_list_that_names_the_papers_of_letters_reads_none_of_them(office: Office) -> None:
    """A customer's page names those of each of their letters: megabytes apiece, and nobody has opened one."""
    (file,) = keep(office.row, "Meter reading.pdf")
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        assert actions.write(d, hand, HANA, NOON, purpose="reply", words="Here.", papers=(file.pk,)) is None
    letter = Outgoing.objects.get(case=office.row, letter="reply")
    with CaptureQueriesContext(connection) as asked:
        assert enclosed.file_names(letter) == ["Meter reading.pdf"]
    assert not any('"content"' in query["sql"].partition(" FROM ")[0] for query in asked.captured_queries)


def test_a_letter_that_goes_another_way_takes_its_papers_along(office: Office) -> None:
    """What bounced is written again for the post: the frozen words are the same, and so is what goes with them."""
    (file,) = keep(office.row, "Plan.pdf")
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        assert actions.write(d, hand, HANA, NOON, purpose="reply", words="Here.", papers=(file.pk,)) is None
        key = hand.case.letters[-1].key
        assert hand.case.letters_of("reply")
    first = Outgoing.objects.get(provider=office.provider, key=key)
    assert enclosed.file_names(first) == ["Plan.pdf"]
    assert file.sha256 in first.words["encloses"]


def test_what_is_hostile_in_the_name_of_a_file_is_harmless_in_the_letter_and_the_mail(office: Office) -> None:
    mailbox(office)
    names = ('"; x="evil.pdf', "line\nbreak.pdf", "<b>bold</b>.pdf", "#import.pdf", "übung ✓.pdf")
    files = keep(office.row, *names)
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        refusal = actions.write(
            d, hand, HANA, NOON, purpose="reply", words="Here.", papers=[x.pk for x in files]
        )
        assert refusal is None
    letter = Outgoing.objects.get(case=office.row, letter="reply")
    found = attached(letter)
    assert len(found) == 5
    assert all("\n" not in name for name in found)
    assert "<b>" not in letter.html


def test_erased_files_go_with_no_letter(office: Office) -> None:
    mailbox(office)
    (file,) = keep(office.row, "Plan.pdf")
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        assert actions.write(d, hand, HANA, NOON, purpose="reply", words="Here.", papers=(file.pk,)) is None
        hand.add(f.ComplaintDecided(at=NOON, logged=NOON, contact="first", complaint=True))
    Outgoing.objects.filter(case=office.row).update(state="sent")
    closed(office.row, NOON)
    done = erase_private(office.fresh(), why="its period", by="7", now=london("2029-01-01 09:00"))
    assert not isinstance(done, Refusal), done
    assert enclosed.files(Outgoing.objects.get(case=office.row, letter="reply")) == []
    assert verify().whole


def test_a_case_without_files_asks_for_none(office: Office) -> None:
    assert "Files of this case" not in office.visitor().get(office.case_at("write")).main
    keep(office.row, "Plan.pdf")
    assert "Files of this case" in office.visitor().get(office.case_at("write")).main
    assert uploads.MOST == enclosed.MOST_FILES
