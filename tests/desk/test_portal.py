"""Promises of the portal: no account, plain words, what happens next and by when, one case and no other."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP

import pytest
from django.test import Client
from pytest_django import Settings

from amends.core import facts as f
from amends.core.case import State
from amends.desk import access, liblouis
from amends.desk import reference as references
from amends.desk.compose import compose
from amends.desk.evidence import verify
from amends.desk.houses import access_code
from amends.desk.models import AccessLink, CaseRow, FactRow, Outgoing, Provider
from amends.desk.outbox import Outbox, mailbox_of
from amends.desk.ticker import tick
from tests.desk.made import MONDAY, case, closed, provider, tell
from tests.desk.office import NOON, Office, clock
from tests.desk.visitor import Page, Visitor

ONE_PAGE = "complain/on-one-page"
COMPLAINT = {
    "words": "My line has crackled for ten days.", "wish": "Repair it.", "name": "Jo Field", "prefers": "email",
    "email": "jo@example.com",
}  # fmt: skip


def complain(office: Office, visitor: Visitor) -> Page:
    """The page after complaining."""
    return visitor.press(visitor.get(office.portal(ONE_PAGE)), "Send my complaint", **COMPLAINT)


def followed(office: Office, row: CaseRow | None = None, address: str = "127.0.0.1") -> tuple[Visitor, Page]:
    """A customer who has opened a case by its code, or has tried to, from this address of the network."""
    row, jo = row or office.row, Visitor()
    jo.client.defaults["REMOTE_ADDR"] = address
    page = jo.get(office.portal("follow"))
    return jo, jo.press(
        page, "See my complaint", reference=row.reference.lower(), code=access_code(row).lower()
    )


def test_the_front_page_says_how_to_complain_and_who_is_there_now(office: Office, settings: Settings) -> None:
    page = Visitor().get(office.portal())
    assert office.portal("complain") in page.links
    assert "Open now" in page.main
    clock(settings, NOON + timedelta(hours=12))
    assert "Closed now. Opens Tuesday 3 November, 8 am" in Visitor().get(office.portal()).main


def test_the_code_reads_with_the_law_of_today_beside_it(office: Office) -> None:
    page = Visitor().get(office.portal("code"))
    assert "6 weeks" in page.main
    assert "Communications Ombudsman" in page.main
    assert "free" in page.main
    opus = provider("opus")
    page = Visitor().get(f"/portal/{opus.pk}/code")
    assert "What applies today" in page.main
    named = [name in page.main for name in ("Communications Ombudsman", "CISAS")]
    assert named == [True, True], "the scheme of Opus is not known: both are named"


def test_every_version_of_the_code_and_every_file_of_it_can_be_read(office: Office) -> None:
    jo = Visitor()
    page = jo.get(office.portal("code"))
    files = [link for link in page.links if link.startswith(f"{office.portal('code')}/") and "." in link]
    assert len(files) == 6 + liblouis.there()
    for link in files:
        answer = jo.client.get(link)
        assert answer.status_code == 200
        assert ("attachment" in answer.headers["Content-Disposition"]) is link.endswith(".brf")
        assert len(answer.content) > 1000
    version = files[0].rpartition("/")[0]
    assert jo.get(version).h1 == page.h1
    assert jo.get(f"{office.portal('code')}/1999-01-01").status == 404
    assert jo.client.get(f"{version}/nothing.pdf").status_code == 404


def test_a_page_of_mistakes_leads_a_customer_back_to_the_portal_they_came_from(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, jo = office.portal(""), Visitor()
    assert jo.get(home).status == 200
    assert jo.get(office.portal("nothing/here")).links == [home]
    assert jo.get(office.portal("leave")).links == [home]
    strict = Client(enforce_csrf_checks=True)
    assert Page(strict.post(office.portal("comment"), {"words": "x"}), "").links == [home]
    monkeypatch.setattr("amends.desk.views.portal.page.now", lambda: 1 / 0)
    broken = Page(Client(raise_request_exception=False).get(office.portal("code")), "")
    assert (broken.status, broken.links) == (500, [home])
    monkeypatch.undo()
    assert jo.get("/portal/nobody/code").links == ["/portal/nobody/"]
    assert jo.get("/portal/nobody/").links == ["/"], "it does not lead to itself"
    assert office.visitor("agent").get(office.at("nothing")).links == ["/"]


def test_a_provider_without_a_code_still_says_what_the_law_gives(office: Office) -> None:
    Provider.objects.create(pk="bare", name="Bare", created=NOON)
    page = Visitor().get("/portal/bare/code")
    assert "not settled after 6 weeks" in page.main
    assert "One of these two schemes is ours" in page.main


def test_a_complaint_gets_its_reference_and_what_happens_next_by_when(office: Office) -> None:
    jo = Visitor()
    page = complain(office, jo)
    row = CaseRow.objects.get(customer_name="Jo Field")
    assert page.h1 == "Thank you. We have your complaint"
    assert row.reference in page.main
    assert access_code(row) in page.main.replace(" ", "")
    assert "Monday 14 December" in page.main
    assert "independent scheme, free of charge" in page.main
    facts = FactRow.objects.filter(case=row, kind="contact received").get()
    assert facts.open["channel"] == "form"
    assert Outgoing.objects.filter(case=row, letter="acknowledgement").exists()


def test_sent_twice_a_complaint_is_one_case(office: Office) -> None:
    jo = Visitor()
    form = jo.get(office.portal(ONE_PAGE))
    for _ in range(2):
        page = jo.press(form, "Send my complaint", **COMPLAINT)
    assert page.h1 == "Thank you. We have your complaint"
    assert CaseRow.objects.filter(customer_name="Jo Field").count() == 1


def _send(visitor: Visitor, office: Office, which: str, **said: str) -> Page:
    """The page after sending a form that was asked for somewhere else."""
    page = visitor.get(office.portal(ONE_PAGE))
    return visitor.press(page, "Send my complaint", **{**COMPLAINT, **said, "which": which})


def _which(page: Page) -> str:
    return str(page.doc.xpath("//input[@name='which']")[0].get("value"))


def test_clicked_twice_before_the_answer_came_a_complaint_is_one_case(office: Office) -> None:
    """The second click still brings the cookies of before the first answer."""
    jo = Visitor()
    form = jo.get(office.portal(ONE_PAGE))
    before = dict(jo.client.cookies)
    pages = []
    for _ in range(2):
        jo.client.cookies.clear()
        jo.client.cookies.update(before)
        pages.append(jo.press(form, "Send my complaint", **COMPLAINT).main)
    assert pages[0] == pages[1]
    assert CaseRow.objects.filter(customer_name="Jo Field").count() == 1


def test_other_words_on_the_same_form_are_another_complaint_and_none_is_lost(office: Office) -> None:
    jo = Visitor()
    form = jo.get(office.portal(ONE_PAGE))
    said = ("My line has crackled.", "You also took £100 too much.")
    for words in (*said, *said):
        page = jo.press(form, "Send my complaint", **{**COMPLAINT, "words": words})
        assert words in jo.get(office.portal("case")).main
        assert page.h1 == "Thank you. We have your complaint"
    assert CaseRow.objects.filter(customer_name="Jo Field").count() == 2


@pytest.mark.parametrize("left", ["another browser", "the same one, closed", "an hour later", "no form"])
def test_nobody_else_who_sends_a_form_again_is_let_into_its_case(
    office: Office, settings: Settings, left: str
) -> None:
    jo = Visitor()
    form = jo.get(office.portal(ONE_PAGE))
    page = jo.press(form, "Send my complaint", **COMPLAINT)
    theirs = CaseRow.objects.get(customer_name="Jo Field")
    if left == "an hour later":
        clock(settings, NOON + timedelta(minutes=61))
        other = jo.press(form, "Send my complaint", **COMPLAINT)
    elif left == "the same one, closed":
        jo.press(jo.get(office.portal("case")), "Close on this device")
        other = jo.press(form, "Send my complaint", **COMPLAINT)
    else:
        other = _send(Visitor(), office, _which(form) if left == "another browser" else "")
    assert other.h1 == page.h1
    assert theirs.reference not in other.main
    assert CaseRow.objects.filter(customer_name="Jo Field").count() == 2


def test_a_form_of_one_provider_is_none_of_anothers(office: Office) -> None:
    opus, jo = provider("opus"), Visitor()
    which = _which(jo.get(f"/portal/{opus.pk}/{ONE_PAGE}"))
    for _ in range(2):
        _send(jo, office, which)
    assert CaseRow.objects.filter(customer_name="Jo Field", provider=office.provider).count() == 2


def test_a_reference_that_is_given_already_is_drawn_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    lots = iter([office.row.reference, office.row.reference, "LB-1111-111X"])
    monkeypatch.setattr(references, "drawn_from", lambda initials, lot: next(lots))
    page = complain(office, Visitor())
    assert "LB-1111-111X" in page.main
    assert office.row.reference not in page.main
    assert FactRow.objects.filter(case=office.row, by="customer").count() == 0


def test_the_same_lot_draws_the_same_reference_and_another_one_another() -> None:
    first = references.drawn_from("LB", b"1")
    assert references.normal(first) == first == references.drawn_from("LB", b"1")
    assert len({references.drawn_from("LB", bytes([n])) for n in range(256)}) == 256


@pytest.mark.parametrize(("prefers", "box"), [("email", "email"), ("letter", "address"), ("phone", "phone")])
def test_the_way_to_be_answered_needs_its_address(office: Office, prefers: str, box: str) -> None:
    jo = Visitor()
    said = {**COMPLAINT, "prefers": prefers, "email": ""}
    page = jo.press(jo.get(office.portal(ONE_PAGE)), "Send my complaint", **said)
    assert len(page.mistakes) == 1
    assert page.within("mistakes", "a")[0].get("href") == f"#id_{box}"


def test_whoever_can_only_be_called_may_complain(office: Office) -> None:
    jo = Visitor()
    said = {**COMPLAINT, "prefers": "phone", "email": "", "phone": "01632 960 111"}
    page = jo.press(jo.get(office.portal(ONE_PAGE)), "Send my complaint", **said)
    assert page.h1 == "Thank you. We have your complaint"


def test_reference_and_code_open_the_case_however_they_are_typed(office: Office) -> None:
    _, page = followed(office)
    assert page.h1 == "Your complaint"
    assert "It is down again." in page.main


def test_a_wrong_reference_and_a_wrong_code_are_answered_alike_and_locked_alike(
    office: Office, settings: Settings
) -> None:
    def told(reference: str) -> list[str]:
        jo, words = Visitor(), list[str]()
        jo.client.defaults["REMOTE_ADDR"] = "192.0.2.66"
        page = jo.get(office.portal("follow"))
        for _ in range(6):
            page = jo.press(page, "See my complaint", reference=reference, code="00000000")
            words += page.mistakes
        return words

    real, none = told(office.row.reference), told("LB-0000-0000")
    assert real == none
    assert "do not fit together" in real[0]
    assert (
        real[-1]
        == "Too many wrong tries. Please try again after 1 pm, or have a link sent to you: see below."
    )
    assert followed(office)[1].h1 == "Your complaint", "a stranger who guesses locks out nobody else"
    _, page = followed(office, address="192.0.2.66")
    assert page.mistakes == [real[-1]], "locked for all who come from there, in the database"
    clock(settings, NOON + timedelta(minutes=61))
    assert followed(office, address="192.0.2.66")[1].h1 == "Your complaint"


def test_whoever_is_locked_out_still_has_a_link_sent_and_opens_their_case(office: Office) -> None:
    jo = Visitor()
    page = jo.get(office.portal("follow"))
    for _ in range(6):
        page = jo.press(page, "See my complaint", reference=office.row.reference, code="00000000")
    assert "have a link sent to you" in page.mistakes[0]
    sent = jo.press(
        page, "Send me a link", **{"link-reference": office.row.reference, "link-email": "ann@example.org"}
    )
    assert sent.status == 200
    assert jo.press(jo.get(_link(office.row)), "Open my complaint").h1 == "Your complaint"


def _link(row: CaseRow) -> str:
    letter = Outgoing.objects.filter(case=row, letter="access-link").latest("id")
    mail = message_from_bytes(compose(letter, mailbox_of(letter), NOON).content, policy=SMTP)
    body = mail.get_body(("plain",))
    assert body is not None
    whole = next(word for word in body.get_content().split() if "/link/" in word)
    shown = mail.get_body(("html",))
    assert shown is not None
    assert whole in shown.get_content()
    assert isinstance(whole, str)
    return "/" + whole.split("/", 3)[3]


def test_a_link_goes_to_the_known_address_only_and_whoever_asks_is_told_the_same(office: Office) -> None:
    def ask(reference: str, email: str) -> str:
        someone = Visitor()
        said = {"link-reference": reference, "link-email": email}
        return someone.press(someone.get(office.portal("follow")), "Send me a link", **said).main

    told = ask(office.row.reference, "ANN@example.org")
    letter = Outgoing.objects.get(letter="access-link")
    assert letter.to.lower() == "ann@example.org"
    assert (
        told == ask(office.row.reference, "somebody@else.example") == ask("LB-0000-0000", "ann@example.org")
    )
    assert Outgoing.objects.filter(letter="access-link").count() == 1


def test_a_link_is_spent_by_the_press_of_a_button_once_and_not_by_being_opened(
    office: Office, settings: Settings
) -> None:
    jo = Visitor()
    said = {"link-reference": office.row.reference, "link-email": "ann@example.org"}
    jo.press(jo.get(office.portal("follow")), "Send me a link", **said)
    address = _link(office.row)
    for _ in range(3):
        page = jo.get(address)
        assert page.h1 == "Open your complaint"
        assert page.answer.headers["Referrer-Policy"] == "strict-origin"
    assert jo.press(page, "Open my complaint").h1 == "Your complaint"
    opener = Visitor()
    fresh = opener.get(address)
    assert fresh.h1 == "This link does not work any more"
    assert AccessLink.objects.get().used is not None
    clock(settings, NOON + timedelta(minutes=1))
    opener.press(opener.get(office.portal("follow")), "Send me a link", **said)
    stale = _link(office.row)
    clock(settings, NOON + timedelta(minutes=30))
    assert Visitor().get(stale).h1 == "This link does not work any more"


def test_no_mailbox_is_filled_with_links(office: Office) -> None:
    jo = Visitor()
    said = {"link-reference": office.row.reference, "link-email": "ann@example.org"}
    for _ in range(6):
        jo.press(jo.get(office.portal("follow")), "Send me a link", **said)
    assert Outgoing.objects.filter(letter="access-link").count() == 3


def test_the_key_in_a_link_is_shown_to_nobody_else(office: Office) -> None:
    jo = Visitor()
    said = {"link-reference": office.row.reference, "link-email": "ann@example.org"}
    jo.press(jo.get(office.portal("follow")), "Send me a link", **said)
    letter = Outgoing.objects.get(letter="access-link")
    token = _link(office.row).rstrip("/").rpartition("/")[2]
    assert access.look_at_link(office.slug, token, now=NOON) == office.row
    for role in ("handler", "manager", "auditor"):
        staff = office.visitor(role)
        pages = (office.case_at(), office.at("letters?state=ready"), office.at("letters?state=sent"),
                 office.at(f"letters/read/{letter.key}"), office.at(f"letters/pdf/{letter.key}"))  # fmt: skip
        assert not any(token.encode() in staff.get(page).content for page in pages)
        assert staff.get(office.at(f"letters/read/{letter.key}")).status == 404
        assert staff.get(office.at(f"letters/pdf/{letter.key}")).status == 404


def test_what_is_kept_of_a_link_opens_nothing(office: Office) -> None:
    """Whoever reads the database, or a copy of it, has no key in the hand."""
    jo = Visitor()
    said = {"link-reference": office.row.reference, "link-email": "ann@example.org"}
    jo.press(jo.get(office.portal("follow")), "Send me a link", **said)
    letter = Outgoing.objects.get(letter="access-link")
    whole = _link(office.row).rpartition("/")[2]
    kept = str(Outgoing.objects.filter(pk=letter.pk).values().get()) + str(AccessLink.objects.values().get())
    assert whole not in kept
    name = next(word for word in letter.text.split() if "/link/" in word).rpartition("/")[2]
    assert whole.startswith(f"{name}.")
    for token in (name, f"{name}.", whole[:-1]):
        assert Visitor().get(office.portal(f"link/{token}")).status == 404
    assert verify().whole


def test_a_letter_to_the_customer_is_not_shown_to_another_party_and_none_of_theirs_to_the_customer(
    office: Office,
) -> None:
    tell(office.row, NOON, f.PartyAdded, role="adviser", name="Al", email="Al@advice.example")
    own = Outgoing.objects.get(case=office.row)
    theirs = Outgoing.objects.get(case=office.row)
    theirs.pk, theirs.key, theirs.to = None, f"{office.row.reference}/reply/1", "al@ADVICE.example"
    theirs.save()
    said = {"link-reference": office.row.reference, "link-email": "al@advice.example"}
    al = Visitor()
    al.press(al.get(office.portal("follow")), "Send me a link", **said)
    assert al.press(al.get(_link(office.row)), "Open my complaint").h1 == "Your complaint"
    ann = Visitor()
    ann.press(ann.get(office.portal("follow")), "Send me a link", **{**said, "link-email": "ANN@example.org"})
    ann.press(ann.get(_link(office.row)), "Open my complaint")
    jo, _ = followed(office)
    for reader, letter, status in (
        (al, own, 404), (al, theirs, 200), (jo, own, 200), (jo, theirs, 404), (ann, own, 200), (ann, theirs, 404),
    ):  # fmt: skip
        assert reader.get(office.portal(f"case/letters/{letter.key}")).status == status


def test_the_customers_story_leaves_out_what_was_written_for_colleagues(office: Office) -> None:
    office.give_to("handler")
    office.do("note", "Add the note", words="Difficult caller.")
    office.do("findings", "Save the findings", words="Our cable was cut.")
    office.do("call", "Log the call", purpose="update", reached="yes", words="Internal words of the call.")
    office.do("write", "Send it", words="We are on it, dear Ann.")
    _, page = followed(office)
    assert "We are on it, dear Ann." in page.main
    assert "called you" in page.main
    hidden = ("Difficult caller", "cable was cut", "Internal words", "found that this was")
    assert [words for words in hidden if words in page.main] == []


def test_a_customer_writes_and_the_case_has_the_message_once(office: Office) -> None:
    jo, page = followed(office)
    for _ in range(2):
        page = jo.press(page, "Send the message", words="It is worse now.")
    assert "We have your message." in page.words
    assert FactRow.objects.filter(case=office.row, kind="contact received", by="customer").count() == 1


def test_a_customer_accepts_in_the_portal_and_the_case_closes_on_their_word(office: Office) -> None:
    office.proposed()
    jo, page = followed(office)
    assert "£28.99" in page.main
    page = jo.press(page, "Send my answer", **{"reply-accepted": "yes", "reply-words": "Thank you."})
    assert office.fresh().state == State.CLOSED
    assert FactRow.objects.get(case=office.row, kind="outcome answered").open["how"] == "portal"
    assert "It is closed" in page.main


def test_a_customer_refuses_and_an_old_page_cannot_answer_again(office: Office) -> None:
    office.proposed()
    jo, page = followed(office)
    after = jo.press(page, "Send my answer", **{"reply-accepted": "no"})
    assert office.fresh().is_open
    assert "You refused the outcome" in after.main
    again = jo.press(page, "Send my answer", **{"reply-accepted": "yes", "reply-words": "I was too quick."})
    assert again.status == 422
    assert "waits for no answer any more" in again.words
    (box,) = again.doc.xpath("//textarea[@name='words']")
    assert box.text.strip() == "I was too quick.", "what was written stands in the box for any message"
    assert "I was too quick." in jo.press(again, "Send the message").main
    assert FactRow.objects.filter(case=office.row, kind="outcome answered").count() == 1


def test_saying_nothing_is_no_answer(office: Office) -> None:
    office.proposed()
    jo, page = followed(office)
    page = jo.press(page, "Send my answer")
    assert page.mistakes == ["Tell us whether you accept the outcome."]
    assert not FactRow.objects.filter(case=office.row, kind="outcome answered").exists()


def test_a_customer_asks_for_somebody_higher_up(office: Office) -> None:
    jo, page = followed(office)
    page = jo.press(page, "Ask for this", **{"higher-words": "I want a manager."})
    assert FactRow.objects.get(case=office.row, kind="stage entered").open["stage"] == 1
    assert "I want a manager." in page.main


def test_writing_on_a_closed_case_opens_it_again_with_its_first_date(office: Office) -> None:
    first = office.row.first_received
    closed(office.row, NOON)
    jo, page = followed(office)
    jo.press(page, "Send the message", words="It is not settled at all.")
    assert office.fresh().is_open
    assert office.fresh().first_received == first


def test_after_the_adr_letter_the_customer_reads_which_scheme_that_it_is_free_and_the_last_day(
    office: Office, settings: Settings
) -> None:
    at = MONDAY.replace(hour=9) + timedelta(days=42)
    clock(settings, at)
    tick(at)
    Outbox(lambda: at).run()
    _, page = followed(office)
    assert "You can take it to an independent scheme now" in page.main
    assert (
        "You can take it to the Communications Ombudsman, free of charge, until this day at least"
        in page.main
    )
    assert "Tuesday 14 December 2027 in 365 days" in page.main, (
        "the day alone: midnight says not which end of it"
    )


def test_held_letters_are_not_shown_as_if_they_had_left(office: Office) -> None:
    Outgoing.objects.filter(case=office.row).update(state="held")
    _, page = followed(office)
    assert not page.within("letter")


def test_a_case_closes_on_the_device_by_the_press_of_a_button_and_by_itself_after_an_hour(
    office: Office, settings: Settings
) -> None:
    jo, page = followed(office)
    jo.press(page, "Close on this device")
    assert jo.get(office.portal("case")).address == office.portal("follow")
    jo, page = followed(office)
    clock(settings, NOON + timedelta(minutes=61))
    assert jo.get(office.portal("case")).address == office.portal("follow")


def test_a_new_access_code_closes_what_the_old_one_has_opened(office: Office) -> None:
    jo, _ = followed(office)
    access.renew_access_code(office.row)
    assert jo.get(office.portal("case")).address == office.portal("follow")


def test_no_case_stays_open_longer_than_half_a_day(office: Office, settings: Settings) -> None:
    jo, _ = followed(office)
    for minutes in range(30, 12 * 60 + 1, 30):
        clock(settings, NOON + timedelta(minutes=minutes))
        assert jo.get(office.portal("case")).h1 == "Your complaint"
    clock(settings, NOON + timedelta(hours=12, minutes=1))
    assert jo.get(office.portal("case")).address == office.portal("follow")


def test_an_open_case_opens_no_other_and_none_of_another_provider(office: Office) -> None:
    other = case(office.provider, MONDAY, {"name": "Bo", "email": "bo@example.org"})
    elsewhere = case(provider("opus"), MONDAY)
    jo, _ = followed(office)
    for row in (other, elsewhere):
        letter = Outgoing.objects.filter(case=row).first()
        assert letter is not None
        assert jo.get(office.portal(f"case/letters/{letter.key}")).status == 404
    assert (
        jo.get(f"/portal/{elsewhere.provider_id}/case").address == f"/portal/{elsewhere.provider_id}/follow"
    )


def test_a_customers_letter_is_a_pdf(office: Office) -> None:
    jo, page = followed(office)
    link = next(link for link in page.links if "/case/letters/" in link)
    assert jo.get(link).content[:5] == b"%PDF-"


def test_the_customer_reads_what_happened_as_said_to_them_and_no_reason_that_colleagues_give_each_other(
    office: Office,
) -> None:
    tell(
        office.row, NOON, f.HandlerAssigned, handler="7", handler_name="Dev", why="Hana is off with her back"
    )
    tell(office.row, NOON, f.EscalationAsked, channel="phone")
    tell(office.row, NOON, f.StageEntered, stage=1, role="Customer Care Lead", why="she shouted at Hana")
    page = followed(office)[1]
    assert "Dev looks after your case now" in page.main
    assert "You asked for somebody higher up to look at it" in page.main
    assert "Our Customer Care Lead looks at your case now" in page.main
    closed(office.row, NOON)
    tell(office.row, NOON, f.CaseReopened, why="Cora says we must")
    page = followed(office)[1]
    assert "opened the case again" in page.main
    for reason in ("off with her back", "shouted", "Cora says", "The customer"):
        assert reason not in page.main
    colleagues = office.visitor("handler").get(office.case_at()).main
    assert "Hana is off with her back" in colleagues
    assert "Cora says we must" in colleagues
