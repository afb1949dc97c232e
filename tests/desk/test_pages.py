"""Promises of the console: everything works without JavaScript, every refusal says why, pressing twice does no harm."""

from __future__ import annotations

import ast
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

import amends
from amends.core import facts as f
from amends.core.case import State
from amends.core.duties import Action, duties
from amends.core.saying import moment
from amends.desk import actions, alarms, copying, documents, inbox, outage_runs, room
from amends.desk.access import TRIES
from amends.desk.books import book_for
from amends.desk.forms.contact import CHANNELS
from amends.desk.forms.deeds import BY_SLUG, SETTLES
from amends.desk.models import (
    Alarm,
    AuditEntry,
    CaseRow,
    DutyRow,
    FactRow,
    KeptMessage,
    Mail,
    Mailbox,
    Outgoing,
    Role,
    RoleName,
)
from amends.desk.outbox import POISON
from amends.desk.owing import NO_DATE
from amends.desk.people import person_id
from amends.desk.record import docket
from amends.desk.signing import lock
from amends.desk.templatetags.desk import mail_to, phone
from amends.desk.ticker import LATE_HINT
from amends.desk.views import signing_in
from amends.desk.watch import WATCHERS, watch
from tests.desk.made import MONDAY, PASSWORD, case, closed, days, london, look, provider, tell
from tests.desk.office import NOON, Office, clock
from tests.desk.visitor import Page, Visitor
from tests.story import FIVE

# --- signing in -----------------------------------------------------------------------------------------------


def test_signing_in_leads_to_my_day_and_signing_out_closes_it(office: Office) -> None:
    hana = office.visitor()
    page = hana.get("/")
    assert (page.address, page.h1) == (office.at(), "My day")
    assert hana.press(page, "Sign out").address == "/sign-in"
    assert hana.get(office.at()).address == "/sign-in"


def test_five_wrong_passwords_lock_the_name_for_every_process_and_the_right_one_waits(
    office: Office, settings: Settings
) -> None:
    someone = office.people["handler"].username
    for _ in range(5):
        stranger = Visitor()
        page = stranger.press(stranger.get("/sign-in"), "Sign in", username=someone, password="wrong")
        assert page.mistakes == ["The name or the password is not right."]
    page = stranger.press(page, "Sign in", username=someone.upper(), password=PASSWORD)
    assert page.mistakes == ["Too many wrong tries. Try again after 1 pm."]
    clock(settings, NOON + timedelta(minutes=61))
    assert stranger.press(page, "Sign in", username=someone, password=PASSWORD).h1 == "My day"


def test_who_guesses_at_a_name_keeps_nobody_out_but_their_own_network(office: Office) -> None:
    mia = office.people["manager"]
    stranger = Visitor()
    for address in ("192.0.2.7", "2001:db8:0:7::1"):
        stranger.client.defaults["REMOTE_ADDR"] = address
        for _ in range(6):
            page = stranger.get("/sign-in")
            page = stranger.press(page, "Sign in", username=mia.username, password="wrong")
        assert "Too many wrong tries" in page.mistakes[0]
    stranger.client.defaults["REMOTE_ADDR"] = "2001:db8:0:7:ffff::2"
    page = stranger.press(page, "Sign in", username=mia.username, password="wrong")
    assert "Too many wrong tries" in page.mistakes[0], "the same household"
    assert office.visitor("manager").get(office.at()).status == 200


def test_behind_a_proxy_of_this_machine_the_network_is_what_the_proxy_names_last(office: Office) -> None:
    name, stranger = office.people["manager"].username, Visitor()
    for n in range(6):
        # What stands first the visitor wrote; the proxy adds the last.
        stranger.client.defaults["HTTP_X_FORWARDED_FOR"] = f"198.51.100.{n}, 192.0.2.7"
        page = stranger.press(stranger.get("/sign-in"), "Sign in", username=name, password="wrong")
    assert "Too many wrong tries" in page.mistakes[0]
    mia = Visitor()
    mia.client.defaults["HTTP_X_FORWARDED_FOR"] = "203.0.113.9"
    assert mia.signed_in(office.people["manager"]).get(office.at()).status == 200


@pytest.mark.parametrize("limit", ["TRIES_OF_A_NETWORK", "TRIES_AT_A_NAME"])
def test_very_many_guesses_lock_a_network_at_every_name_and_a_name_in_every_network(
    office: Office, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    assert TRIES < lock.TRIES_OF_A_NETWORK < lock.TRIES_AT_A_NAME
    monkeypatch.setattr(lock, limit, 7)
    stranger, spread = Visitor(), limit == "TRIES_AT_A_NAME"
    for n in range(8):
        stranger.client.defaults["REMOTE_ADDR"] = f"192.0.2.{n}" if spread else "192.0.2.1"
        name = office.people["agent"].username if spread else f"name {n}"
        page = stranger.press(stranger.get("/sign-in"), "Sign in", username=name, password="wrong")
        assert ("Too many" in page.mistakes[0]) is (n == 7)


def test_the_sign_ins_of_the_demonstration_are_shown_on_this_machine_and_past_no_proxy(
    office: Office, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / signing_in.DEMO_MARK).write_text(
        json.dumps({"sign_ins": [{"role": "handler", "username": "hana", "password": "to be seen"}]})
    )
    settings.HOME, settings.DEMO = tmp_path, True
    settings.SITE, settings.ALLOWED_HOSTS = "http://127.0.0.1:8000", ["localhost", "127.0.0.1", "[::1]"]

    def shown(**headers: str) -> bool:
        return b"to be seen" in Client().get("/sign-in", HTTP_HOST="localhost:8000", **headers).content  # type: ignore[arg-type]  # headers by name

    assert shown()
    where_customers_go = f'href="{office.portal()}"'.encode()
    assert where_customers_go in Client().get("/sign-in", HTTP_HOST="localhost:8000").content
    assert shown(REMOTE_ADDR="::1")
    assert not shown(REMOTE_ADDR="192.0.2.7")
    for header in (
        "HTTP_X_FORWARDED_FOR",
        "HTTP_FORWARDED",
        "HTTP_X_FORWARDED_HOST",
        "HTTP_X_REAL_IP",
        "HTTP_VIA",
    ):
        assert not shown(**{header: "127.0.0.1"})
    settings.SITE = "https://complaints.example.net"
    assert not shown()
    settings.SITE = "http://127.0.0.1:8000"
    settings.ALLOWED_HOSTS = ["localhost", "complaints.example.net"]
    assert not shown()
    settings.ALLOWED_HOSTS, settings.DEMO = ["localhost"], False
    assert not shown()


@pytest.mark.parametrize("path", [
    "letters?state=trouble&from=²", "letters?state=sent&from=²", "cases?from=²", "mail?from=2026-01-01T00:00:00Z",
])  # fmt: skip
def test_a_place_in_a_list_that_is_none_begins_at_the_start(office: Office, path: str) -> None:
    assert office.visitor().get(office.at(path)).status == 200


@pytest.mark.parametrize("at", [
    "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00%2B14:00", "2026-01-01", "2026-01-01T10:00:00", "soon",
])  # fmt: skip
def test_a_moment_of_no_zone_or_no_year_is_no_page(office: Office, at: str) -> None:
    assert office.visitor().get(office.at(f"mail?from={at}")).status == 404


def test_the_sign_in_follows_no_address_that_a_visitor_brings(office: Office) -> None:
    visitor = Visitor()
    page = visitor.get("/sign-in?next=https://evil.example/")
    done = visitor.press(page, "Sign in", username=office.people["agent"].username, password=PASSWORD)
    assert done.address == office.at()


def test_a_form_without_its_token_does_nothing(office: Office) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.people["handler"])
    answer = client.post(office.case_at("note"), {"words": "forged"})
    assert answer.status_code == 403
    assert not FactRow.objects.filter(case=office.row, kind="note added").exists()


# --- my day ---------------------------------------------------------------------------------------------------


def test_my_day_shows_what_i_owe_first_with_its_date_its_clause_and_the_one_action(office: Office) -> None:
    office.give_to("handler")
    page = office.visitor().get(office.at())
    assert "Decide: was this a complaint?" in page.main
    assert "Ann Archer" in page.main
    assert "A-was-it-a-complaint" in page.main
    assert "One working day from Monday 2 November 2026, when it was written down" in page.main
    assert any(link.startswith(office.case_at("decide?contact=")) for link in page.links)


def test_my_day_has_a_line_for_each_duty_of_a_case(office: Office) -> None:
    office.give_to("handler")
    lines = _lines(office.visitor().get(office.at()))
    owed = [duty.what for duty in duties(office.case(), book_for(office.fresh()), NOON)]
    assert [line.partition(f": {office.row.reference}")[0] for line in lines] == owed
    assert len(owed) > 3


def _lines(page: Page) -> list[str]:
    """What the lines of a queue say is owed, in their order."""
    return [" ".join(what.text_content().split()) for what in page.within("what")]


def test_a_refused_outcome_is_owed_now_and_stands_before_what_has_a_later_date(office: Office) -> None:
    """It has no date of its own, and once stood below a letter that was six weeks off."""
    office.give_to("handler")
    office.proposed()
    with docket(office.row.pk, now=NOON) as d:
        hand, customer = d.cases[office.row.pk], actions.THE_CUSTOMER
        assert actions.answer(d, hand, customer, NOON, accepted=False, how="portal", words="No.") is None
    hana = office.visitor()
    page = hana.get(office.at())
    refused = next(n for n, line in enumerate(_lines(page)) if line.startswith("The outcome was refused"))
    dated = [n for n, line in enumerate(_lines(page)) if "ADR letter" in line]
    assert dated
    assert refused < min(dated)
    assert any(link.startswith(office.case_at("escalate")) for link in page.links)
    owed = [" ".join(p.text_content().split()) for p in hana.get(office.case_at()).within("owed", "li")]
    assert "Now owed since Monday 2 November" in next(
        words for words in owed if "The outcome was refused" in words
    )


def test_an_adr_letter_that_lies_in_the_post_room_is_late_everywhere_from_the_end_of_its_day(
    office: Office, settings: Settings
) -> None:
    row = case(office.provider, MONDAY, {"name": "Bo Bell", "address": "1 High Street\nLarkfield\nLK1 2AB"})
    due = london("2026-12-14 06:00")
    look(row, due)
    letter = Outgoing.objects.get(case=row, letter="adr-letter")
    clock(settings, due + days(2))
    look(office.row, due)
    hana = office.visitor()
    late = [" ".join(li.text_content().split()) for li in hana.get(office.at("?whose=team")).within("late")]
    said = next(words for words in late if "Post the ADR letter" in words)
    assert "Monday 14 December 2 days ago, late" in said.replace("working ", "")
    assert "It was posted" in said
    for page in (hana.get(office.at("?whose=team")), hana.get(office.at(f"cases/{row.reference}"))):
        assert office.at(f"letters/pdf/{letter.key}") in page.links, "it is printed from where it is owed"
    assert any("Post the ADR letter" in li.text_content() for li in page.within("late"))


def test_a_contact_time_that_is_over_asks_what_became_of_it_though_nothing_was_written_since(
    office: Office, settings: Settings
) -> None:
    office.give_to("handler")
    tell(office.row, NOON, f.ContactTimeAgreed, appointment="a", starts=NOON + days(1), ends=NOON + days(1.1))
    hana = office.visitor()
    assert any(line.startswith("Keep the agreed contact time") for line in _lines(hana.get(office.at())))
    clock(settings, NOON + days(2))
    page = office.visitor().get(office.at())
    assert any(line.startswith("Say what became of the agreed contact time") for line in _lines(page))
    assert office.case_at("settle-time?appointment=a") in page.links


@pytest.mark.parametrize(("when", "shown", "hidden"), [
    ("now", "Give the case to a person", "Decide: was this a complaint?"),
    ("tomorrow", "Decide: was this a complaint?", "Give the case to a person"),
    ("today", "", "Send the ADR letter"),
])  # fmt: skip
def test_what_breaks_now_today_tomorrow_or_this_week_can_be_looked_at_alone(
    office: Office, when: str, shown: str, hidden: str
) -> None:
    page = office.visitor().get(office.at(f"?whose=team&when={when}"))
    assert not shown or any(line.startswith(shown) for line in _lines(page))
    assert not any(line.startswith(hidden) for line in _lines(page))
    counts = {a.text_content().split()[0]: a.text_content().split()[-1] for a in page.within("spans", "a")}
    chosen = page.doc.xpath('//*[@class="spans"]//a[@aria-current]')[0].text_content().split()
    assert chosen[-1] == str(len(_lines(page))) == counts[chosen[0]]


def test_counts_end_where_nobody_reads_on(office: Office) -> None:
    for n in range(25):
        case(office.provider, MONDAY, {"name": f"Customer {n:02}", "email": f"c{n}@example.org"})
    DutyRow.objects.update(falls=NOON - days(1))
    page = office.visitor().get(office.at("?whose=team"))
    assert "Everybody’s 99+" in " ".join(page.main.split())
    spans = [" ".join(a.text_content().split()) for a in page.within("spans", "a")]
    assert spans == ["All", "Now 99+", "Today", "Tomorrow", "This week"], "past the last nothing is claimed"


def test_each_thing_beside_the_queue_names_its_section_of_the_runbook(office: Office) -> None:
    Outgoing.objects.filter(case=office.row).update(state="in doubt")
    alarms.raise_all(
        [alarms.alarm("mailbox silent", "x", "It is silent", "A mailbox is silent", NOON, office.slug)]
    )
    page = office.visitor().get(office.at())
    for section in ("a-mailbox-is-silent", "a-letter-in-doubt"):
        assert office.at(f"runbook#{section}") in page.links


def test_a_manager_who_owes_nothing_sees_everybodys_day_and_their_own_when_asked(office: Office) -> None:
    mia = office.visitor("manager")
    assert mia.get(office.at()).h1 == "Everybody’s day"
    assert "Ann Archer" in mia.get(office.at()).main
    assert mia.get(office.at("?whose=mine")).h1 == "My day"
    assert office.visitor().get(office.at()).h1 == "My day", "a handler looks for work under nobody's"
    office.give_to("manager")
    assert mia.get(office.at()).h1 == "My day"


def test_a_case_of_nobodys_stands_under_nobodys(office: Office) -> None:
    hana = office.visitor()
    assert "Ann Archer" not in hana.get(office.at("?whose=mine")).main
    assert "Ann Archer" in hana.get(office.at("?whose=nobody")).main
    first = hana.get(office.at())
    assert "Nothing is owed by you. These cases wait for somebody to take them." in first.main
    assert "Ann Archer" in first.main, "the first screen is not empty while work waits"
    assert "Ann Archer" in hana.get(office.at("?whose=team")).main


def test_a_closed_case_whose_customer_wrote_again_stands_in_the_queue(office: Office) -> None:
    office.give_to("handler")
    closed(office.row, NOON)
    assert "Ann Archer" not in office.visitor().get(office.at()).main
    with docket(office.row.pk, now=NOON) as d:
        from amends.desk import actions

        again = actions.NewContact("email", NOON + timedelta(minutes=1), "It is broken again.")
        actions.add_contact(d.cases[office.row.pk], again, actions.THE_CUSTOMER, NOON + timedelta(minutes=1))
    assert "Ann Archer" in office.visitor().get(office.at()).main


def test_the_queue_turns_by_key_and_shows_every_duty_once(office: Office) -> None:
    for n in range(25):
        case(office.provider, MONDAY, {"name": f"Customer {n:02}", "email": f"c{n}@example.org"})
    wanted = DutyRow.objects.filter(provider=office.provider).order_by("falls", "id")
    DutyRow.objects.filter(pk__in=list(wanted.values_list("pk", flat=True)[60:])).update(falls=NO_DATE)
    hana, address, seen = office.visitor(), office.at("?whose=team"), list[str]()
    for _ in range(10):
        page = hana.get(address)
        seen += [
            " ".join(a.text_content().split())
            for a in page.within("queue", "a")
            if a.get("href", "").startswith(f"/desk/{office.provider.pk}/cases/")
            and "button" not in a.get("class", "")
        ]
        onward = [link for link in page.links if "from=" in link]
        if not onward:
            break
        address = office.at(onward[-1])
    assert len(wanted) > 100
    assert seen == [f"{row.what}: {row.case.reference}" for row in wanted.select_related("case")]


@pytest.mark.parametrize(
    "path", ["", "?whose=team", "cases", "cases?find=archer", "letters?state=sent", "mail"]
)
def test_a_page_asks_a_handful_of_questions_however_many_rows_it_has(
    office: Office, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    office.give_to("handler")
    client = Client()
    client.force_login(office.people["handler"])
    for n in range(20):
        case(office.provider, MONDAY, {"name": f"Archer {n}", "email": f"a{n}@example.org"})
    # The first page of a minute also notes that the person is still here; each asks for the rules of signing in.
    client.get(office.at("provider"))
    with django_assert_max_num_queries(24) as few:
        assert client.get(office.at(path)).status_code == 200
    before = len(few)
    for n in range(20, 40):
        case(office.provider, MONDAY, {"name": f"Archer {n}", "email": f"a{n}@example.org"})
    with django_assert_max_num_queries(before):
        client.get(office.at(path))
    assert not [q for q in few.captured_queries if "COUNT(" in q["sql"].upper()]


def test_every_page_says_when_the_worker_last_ran(office: Office) -> None:
    from amends.desk.ticker import tick

    asleep = office.visitor().get(office.at())
    assert "The worker is asleep. It has never run here." in asleep.words
    assert office.at("runbook#the-worker-is-asleep") in asleep.links
    assert office.at("suppliers") in asleep.links
    tick(NOON)
    awake = office.visitor().get(office.at())
    assert "asleep" not in awake.words
    assert "The worker last ran now." in awake.words


def test_every_duty_that_a_person_settles_has_its_form() -> None:
    by_the_desk = {Action.SEND, Action.LEAVE, Action.LOOK_AT_DATE}
    assert {a for a in Action if a not in SETTLES} == by_the_desk
    assert {deed.slug for deed in SETTLES.values()} <= set(BY_SLUG)


# --- finding --------------------------------------------------------------------------------------------------

JO = {
    "name": "Jo Ó Briain-Field", "email": "jo.field@example.com", "phone": "+44 20 8545 8200", "account": "ab-1234",
    "address": "1 High Street\nHarrogate\nhg1 1aa",
}  # fmt: skip


@pytest.mark.parametrize(
    "said",
    ["jo o briain", "o briain-field", "Briain-F", "JO.FIELD@example.com", "020 8545 8200", "(0)208 5458200",
     "HG11AA", "hg1 1aa", "ab-1234"],
)  # fmt: skip
def test_a_customer_is_found_by_whatever_they_say(office: Office, said: str) -> None:
    row = case(office.provider, MONDAY, JO)
    page = office.visitor().get(office.at(f"cases?find={said.replace('+', '%2B')}"))
    assert row.reference in page.main


def test_a_last_name_finds_and_so_does_a_reference_misread_on_the_phone(office: Office) -> None:
    row = case(office.provider, MONDAY, JO)
    hana = office.visitor()
    assert row.reference in hana.get(office.at("cases?find=briain-f")).main
    spoken = row.reference.lower().replace("0", "o")
    assert hana.get(office.at(f"cases?find={spoken}")).address == office.at(f"cases/{row.reference}")


def test_before_the_identity_check_a_result_shows_name_postcode_area_and_reference_only(
    office: Office,
) -> None:
    row = case(office.provider, MONDAY, JO, subject="Secret matter")
    page = office.visitor().get(office.at("cases?find=jo o"))
    assert all(words in page.main for words in ("Jo Ó Briain-Field", "HG1", row.reference))
    hidden = ("1AA", "High Street", "jo.field@example.com", "8545", "ab-1234", "Secret matter", "open")
    assert [words for words in hidden if words in page.main.replace("more, until you", "")] == []


@pytest.mark.parametrize("said", ["", "%", "jo%", "_o", "'; drop table", "\0", "x" * 5000, "0", "@"])
def test_a_search_for_anything_at_all_breaks_nothing(office: Office, said: str) -> None:
    answer = office.visitor().client.get(office.at("cases"), {"find": said})
    assert answer.status_code == 200
    assert office.row.reference.encode() not in answer.content or said == ""


# --- a new contact --------------------------------------------------------------------------------------------

SAID = {"words": "My bill doubled.", "complaint": "yes"}


def test_a_call_from_nobody_known_opens_a_case_with_everything_that_was_typed(office: Office) -> None:
    agent = office.visitor("agent")
    page = agent.press(
        agent.get(office.at("new-contact")), "Save the contact", **SAID, name="Jo Field", phone="020 8545 8200",
        email="jo@example.com", subject="The bill", take="on", identity="yes", identity_how="postcode and last bill",
    )  # fmt: skip
    assert page.h1 == "Jo Field: The bill"
    row = CaseRow.objects.get(customer_name="Jo Field")
    assert (row.complaint, row.handler) == (True, person_id(office.people["agent"]))
    assert Outgoing.objects.filter(case=row, letter="acknowledgement").exists()
    assert "checked the caller’s identity: passed" in page.main


def test_other_words_on_a_form_that_was_sent_open_another_case_and_are_not_lost(office: Office) -> None:
    agent = office.visitor("agent")
    form = agent.get(office.at("new-contact"))
    first = agent.press(form, "Save the contact", **SAID, name="Jo Field")
    second = agent.press(form, "Save the contact", **{**SAID, "words": "And £100 too much."}, name="Jo Field")
    assert first.address != second.address
    assert "And £100 too much." in second.main
    assert CaseRow.objects.filter(customer_name="Jo Field").count() == 2


def test_pressing_save_twice_opens_one_case(office: Office) -> None:
    agent = office.visitor("agent")
    form = agent.get(office.at("new-contact"))
    first = agent.press(form, "Save the contact", **SAID, name="Jo Field")
    second = agent.press(form, "Save the contact", **SAID, name="Jo Field")
    assert first.address == second.address
    assert CaseRow.objects.filter(customer_name="Jo Field").count() == 1


def test_a_contact_that_is_no_complaint_needs_a_reason(office: Office) -> None:
    agent = office.visitor("agent")
    page = agent.get(office.at("new-contact"))
    page = agent.press(page, "Save the contact", words="When do you open?", complaint="no")
    assert page.status == 422
    assert page.mistakes == ["Write why: nothing was wrong in their eyes, or no answer was expected."]
    page = agent.press(page, "Save the contact", why_not="asked for opening hours", name="Al")
    assert "found to be no complaint" in page.main


def test_settled_on_the_line_the_case_closes_on_the_customers_word(office: Office) -> None:
    agent = office.visitor("agent")
    page = agent.press(
        agent.get(office.at("new-contact")), "Save the contact", **SAID, name="Jo", email="jo@example.com",
        ends="settled", settled_words="She said: fine, thank you.",
    )  # fmt: skip
    row = CaseRow.objects.get(customer_name="Jo")
    assert row.state == State.CLOSED
    assert FactRow.objects.get(case=row, kind="case closed").open["how"] == "settled on first contact"
    assert "She said: fine, thank you." in page.main


def test_an_agreed_time_is_planned_in_the_same_step(office: Office) -> None:
    agent = office.visitor("agent")
    page = agent.press(
        agent.get(office.at("new-contact")), "Save the contact", **SAID, name="Jo", email="jo@example.com",
        ends="time", day="2026-11-04", starts="14:00", until="15:00",
    )  # fmt: skip
    assert "Contact time agreed: Wednesday 4 November 2026, between 2 pm and 3 pm" in page.main


def test_a_letter_counts_from_the_post_room_only_with_a_reason(office: Office) -> None:
    agent = office.visitor("agent")
    back = {"channel": "letter", "effective_day": "2026-10-30", "effective_time": "09:00"}
    page = agent.press(agent.get(office.at("new-contact")), "Save the contact", **SAID, **back, name="Jo")
    assert page.mistakes == ["Counting from an earlier time needs a reason."]
    agent.press(page, "Save the contact", backdated_why="lay in the post room")
    first = CaseRow.objects.get(customer_name="Jo").first_received
    assert first is not None
    assert moment(first) == "Friday 30 October 2026, 9 am"


def test_a_known_customers_details_show_only_after_the_check_and_nothing_typed_is_lost(
    office: Office,
) -> None:
    row = case(office.provider, MONDAY, JO)
    agent = office.visitor("agent")
    page = agent.press(
        agent.get(office.at("new-contact")), "Find", find="jo o briain", words="Half a sentence"
    )
    assert page.form("Save the contact")[0].fields["words"].strip() == "Half a sentence"
    assert page.mistakes == []
    assert "High Street" not in page.main
    page = agent.press(page, "Find", about=row.reference)
    assert "Check who they are before their details show." in page.main
    page = agent.press(page, "Record the check", identity="yes", identity_how="the last bill")
    assert "High Street" in page.main
    assert page.form("Save the contact")[0].fields["words"].strip() == "Half a sentence"
    assert FactRow.objects.filter(case=row, kind="identity checked").count() == 1


def test_a_failed_check_shows_nothing_and_stands_on_the_case(office: Office) -> None:
    row = case(office.provider, MONDAY, JO)
    agent = office.visitor("agent")
    page = agent.get(office.at(f"new-contact?about={row.reference}"))
    page = agent.press(page, "Record the check", identity="no", identity_how="the last bill")
    assert "High Street" not in page.main
    assert FactRow.objects.get(case=row, kind="identity checked").open["passed"] is False


def test_something_new_from_a_known_customer_is_a_new_case_with_their_details(office: Office) -> None:
    row = case(office.provider, MONDAY, JO)
    agent = office.visitor("agent")
    page = agent.get(office.at(f"new-contact?about={row.reference}"))
    agent.press(page, "Save the contact", **SAID, about=f"new:{row.reference}")
    new = CaseRow.objects.exclude(pk__in=[row.pk, office.row.pk]).get()
    assert (new.customer_name, new.customer_email, new.account) == (JO["name"], JO["email"], JO["account"])


def test_another_contact_on_a_known_case_joins_it_once(office: Office) -> None:
    agent = office.visitor("agent")
    form = agent.get(office.at(f"new-contact?about={office.row.reference}"))
    for _ in range(2):
        page = agent.press(form, "Save the contact", **SAID)
    assert page.address == office.case_at()
    assert FactRow.objects.filter(case=office.row, kind="contact received").count() == 2


# --- a case ---------------------------------------------------------------------------------------------------


def test_a_case_shows_what_is_owed_first_why_each_date_and_its_story(office: Office) -> None:
    page = office.visitor().get(office.case_at())
    headings = [" ".join(h.text_content().split()) for h in page.doc.xpath("//h2")]
    assert headings[0] == "What is owed"
    assert "CH-08" in page.main
    assert "It is down again." in page.main
    assert "this clock never pauses and never starts again" in page.main
    assert "Monday 14 December" in page.main, "the ADR letter's day, 42 days after 2 November"
    bars = [" ".join(li.text_content().split()) for li in page.within("strip", "li")]
    assert "Adr letter (the law): running" in bars or "ADR letter (the law): running" in bars


def test_what_may_not_be_done_stands_with_its_reason(office: Office) -> None:
    page = office.visitor().get(office.case_at())
    shut = [" ".join(li.text_content().split()) for li in page.within("not")]
    assert any(
        "Decide about a request" in words and "Ask one of: manager, director" in words for words in shut
    )
    assert any("Declare deadlock" in words and "No outcome has been told" in words for words in shut)
    assert any(
        "Record the customer’s answer" in words and "No outcome waits for an answer" in words
        for words in shut
    )
    assert office.case_at("deadlock") not in page.links


def test_an_auditor_reads_and_is_offered_nothing(office: Office) -> None:
    auditor = office.visitor("auditor")
    page = auditor.get(office.case_at())
    assert "It is down again." in page.main
    assert not page.within("deeds")
    assert auditor.get(office.case_at("note")).status == 403


DONE: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("call", "Log the call", "handler", {"purpose": "update", "reached": "yes", "words": "Told her."}, "contact made"),
    ("write", "Send it", "handler", {"words": "We are on it."}, "letter decided"),
    ("agree-time", "Agree this time", "handler",
     {"day": "2026-11-03", "starts": "10:00", "ends": "11:00"}, "contact time agreed"),
    ("interval", "Agree this", "handler", {"working_days": "5"}, "update interval agreed"),
    ("decide", "Save the decision", "agent", {"complaint": "yes"}, "complaint decided"),
    ("findings", "Save the findings", "handler", {"words": "A cut cable."}, "findings recorded"),
    ("categorise", "Save", "handler", {"category": "Billing and charges", "cause": "Billing error"}, "categorised"),
    ("referred", "Write it down", "compliance", {"scheme": "cisas", "day": "2026-11-02"}, "scheme referred"),
    ("propose", "Send the outcome", "handler",
     {"words": "A refund.", "credit": "28.99", "what_for": "A month", "looked_at": "The log"}, "outcome proposed"),
    ("escalate", "Escalate", "handler", {"why": "she asked", "channel": "phone"}, "stage entered"),
    ("assign", "Give it to them", "handler", {}, "handler assigned"),
    ("customer", "Save the details", "agent", {"phone": "01632 960999"}, "customer known"),
    ("identity", "Record the check", "agent", {"passed": "yes", "how": "postcode"}, "identity checked"),
    ("party", "Add them", "handler",
     {"role": "family", "name": "Al", "email": "al@example.org", "why": "a signed letter"}, "party added"),
    ("note", "Add the note", "compliance", {"words": "Look at the bill."}, "note added"),
    ("letter-fate", "Save", "agent", {"fate": "failed", "why": "the log says so"}, "letter fate"),
    ("pause", "Let it stand still", "handler", {"why": "the router’s number"}, "promise paused"),
    ("extend", "Extend it and tell the customer", "handler",
     {"until_day": "2026-12-30", "until_time": "12:00", "why": "the supplier"}, "promise extended"),
    ("correct-receipt", "Correct it", "handler",
     {"received_day": "2026-11-01", "received_time": "09:00", "why": "it lay in junk"}, "receipt corrected"),
    ("close", "Close the case", "handler",
     {"evidence": "customer confirmed", "words": "On the phone: all good."}, "case closed"),
]  # fmt: skip


def _ticked(page: Any, button: str, filled: dict[str, Any]) -> dict[str, Any]:
    """What was filled in, with the first answer ticked where one must be chosen among what the case offers."""
    form, _ = page.form(button)
    for name in ("contact", "clock", "key", "appointment"):
        if name in form.inputs and name not in filled:
            filled = {**filled, name: form.xpath(f'.//input[@name="{name}"]/@value')[0]}
    return filled


@pytest.mark.parametrize(("slug", "button", "role", "filled", "kind"), DONE, ids=[d[0] for d in DONE])
def test_each_action_is_a_form_that_writes_its_fact(
    office: Office, slug: str, button: str, role: str, filled: dict[str, Any], kind: str
) -> None:
    visitor = office.visitor(role)
    page = visitor.get(office.case_at(slug))
    page = visitor.press(page, button, **_ticked(page, button, filled))
    assert (page.address, page.status) == (office.case_at(), 200), page.mistakes
    assert FactRow.objects.filter(case=office.row, kind=kind, by=person_id(office.people[role])).exists() or kind in (
        "letter decided", "customer known", "handler assigned",
    )  # fmt: skip
    assert FactRow.objects.filter(case=office.row, kind=kind).exists()


@pytest.mark.parametrize("slug", sorted(BY_SLUG))
def test_no_action_is_taken_on_an_empty_form_and_each_mistake_leads_to_its_box(
    office: Office, slug: str
) -> None:
    visitor = office.visitor("manager")
    page = visitor.get(office.case_at(slug))
    forms = page.doc.xpath("//main//form")
    if not forms:
        assert page.within("watch"), "an action that is shut says why"
        return
    before = FactRow.objects.filter(case=office.row).count()
    boxes = {name: "" for name in forms[0].fields if name not in ("csrfmiddlewaretoken", "facts")}
    said = {
        **boxes,
        "csrfmiddlewaretoken": forms[0].fields["csrfmiddlewaretoken"],
        "facts": forms[0].fields["facts"],
    }
    page = visitor.send("POST", office.case_at(slug), said)
    if slug in ("customer", "silence-notice"):
        return  # nothing must be filled in there
    assert FactRow.objects.filter(case=office.row).count() == before
    assert page.mistakes
    assert page.doc.xpath("//title")[0].text.startswith("Mistake:")
    for link in page.within("mistakes", "a"):
        assert page.doc.get_element_by_id(link.get("href")[1:]) is not None


def test_sent_twice_a_form_acts_once_and_says_what_happened(office: Office) -> None:
    hana = office.visitor()
    form = hana.get(office.case_at("write"))
    hana.press(form, "Send it", words="We are on it.")
    again = hana.press(form, "Send it", words="We are on it.")
    assert again.status == 409
    assert "The case has moved while you were writing" in again.main
    assert again.form("Send it")[0].fields["words"].strip() == "We are on it."
    assert Outgoing.objects.filter(case=office.row, letter="reply").count() == 1
    assert hana.press(again, "Send it").address == office.case_at(), "pressed again, it holds"


def test_a_letter_that_left_meanwhile_stops_nobody(office: Office) -> None:
    from amends.core import facts as f

    hana = office.visitor()
    form = hana.get(office.case_at("note"))
    letter = Outgoing.objects.get(case=office.row)
    tell(office.row, NOON, f.LetterFate, key=letter.key, fate="sent", by="system")
    assert hana.press(form, "Add the note", words="Fine.").address == office.case_at()


def test_the_next_stage_may_be_asked_for_on_every_channel(office: Office) -> None:
    page = office.visitor().get(office.case_at("escalate"))
    (box,) = page.doc.xpath('//select[@name="channel"]')
    assert {x.get("value") for x in box.iter("option")} == {"", *(name for name, _said in CHANNELS)}


def test_a_refused_outcome_climbs_and_deadlock_sends_the_letter(office: Office) -> None:
    office.give_to("handler")
    office.do("decide", "Save the decision", contact="first", complaint="yes")
    office.do("propose", "Send the outcome", words="We refund the month.")
    page = office.do("answer", "Record the answer", accepted="no", words="She said no, on the phone at noon.")
    assert "The outcome was refused: escalate to" in page.main
    page = office.do("escalate", "Escalate", why="she refused")
    assert page.within("path", "li[@aria-current]")[0].text_content().strip() != "Customer care team"
    page = office.do("deadlock", "Declare deadlock", position="We stand by the refund.")
    assert "it waits under Decide" in page.words
    assert "Deadlocked" not in page.main, "a handler asks"
    page = office.do("deadlock", "Declare deadlock", role="manager", position="We stand by the refund.")
    assert "Deadlocked" in page.main
    assert Outgoing.objects.filter(case=office.row, letter="adr-letter").exists()


def test_an_accepted_outcome_closes_the_case_and_it_opens_again_with_its_first_date(office: Office) -> None:
    office.give_to("handler")
    office.proposed()
    page = office.do("answer", "Record the answer", accepted="yes", words="On the phone: yes.")
    assert "Closed" in page.main
    first = office.fresh().first_received
    page = office.do("reopen", "Open it again", why="it broke again")
    assert office.fresh().is_open
    assert office.fresh().first_received == first


def test_closing_offers_only_evidence_that_there_is_and_says_why_not_the_rest(office: Office) -> None:
    page = office.visitor().get(office.case_at("close"))
    assert page.doc.xpath('//input[@name="evidence"]/@value') == ["customer confirmed"]
    assert "No ADR letter has left (R-07)" in page.main


def test_leaving_out_an_adr_letter_takes_two_people(office: Office) -> None:
    asked = {"exception": "frivolous or vexatious", "why": "the tenth the same day"}
    page = office.do("adr-exception", "Ask a second person", role="handler", **asked)
    assert "waits for a second person" in page.main
    assert office.case().adr_exception is None
    own = office.visitor("handler").get(office.case_at("confirm-exception"))
    assert "You asked for it yourself: it takes two people" in own.main
    page = office.visitor("manager").get(office.case_at("confirm-exception"))
    assert "the tenth the same day" in page.main
    office.do("confirm-exception", "Save my decision", role="manager", agree="yes")
    excepted = office.case().adr_exception
    assert (excepted.by, excepted.second) == (
        person_id(office.people["handler"]),
        person_id(office.people["manager"]),
    )
    assert excepted.why == "the tenth the same day"


def test_the_second_person_may_refuse_and_the_letter_stays_due(office: Office) -> None:
    asked = {"exception": "frivolous or vexatious", "why": "the tenth the same day"}
    office.do("adr-exception", "Ask a second person", role="handler", **asked)
    office.do("confirm-exception", "Save my decision", role="manager", agree="no")
    assert office.case().adr_exception is None
    assert "Nobody has asked" in office.visitor("manager").get(office.case_at("confirm-exception")).main


# --- letters and mail -----------------------------------------------------------------------------------------


def test_a_letter_is_read_as_it_looked_and_printed_as_pdf(office: Office) -> None:
    hana = office.visitor()
    letter = Outgoing.objects.get(case=office.row)
    page = hana.get(office.at(f"letters/read/{letter.key}"))
    assert "Dear Ann Archer" in page.main
    pdf = hana.get(office.at(f"letters/pdf/{letter.key}"))
    assert (pdf.answer.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


def test_post_is_printed_and_marked_and_marked_once(office: Office) -> None:
    at_home = {"name": "Bo", "address": "1 High Street\nHarrogate\nHG1 1AA"}
    row = case(office.provider, MONDAY, at_home, channel="letter")
    agent = office.visitor("agent")
    page = agent.get(office.at("letters?state=post"))
    key = Outgoing.objects.get(case=row).key
    done = agent.press(page, "The ticked ones were posted", keys=[key])
    assert "1 letter is marked as posted." in done.words
    again = agent.press(page, "The ticked ones were posted", keys=[key])
    assert "No letter was marked" in again.words
    assert FactRow.objects.filter(case=row, kind="letter fate").count() == 1
    assert Outgoing.objects.get(key=key).state == "posted"


def _mail(office: Office, words: bytes = b"", **headers: str) -> KeptMessage:
    lines = {
        "From": "Stranger <s@example.net>",
        "To": "x@larkfield.example",
        "Message-ID": "<m1@example.net>",
        **headers,
    }
    raw = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode() + b"\r\n" + words
    got = inbox.receive(office.provider, raw, NOON, now=NOON)
    return KeptMessage.objects.get(pk=got.message)


def test_mail_that_waits_is_joined_opened_or_set_aside_by_a_person(office: Office) -> None:
    subjects = {"Subject": f"about {office.row.reference}"}
    first = _mail(office, b"Me too.", **subjects)
    agent = office.visitor("agent")
    assert "about" in agent.get(office.at("mail")).main
    page = agent.get(office.at(f"mail/{first.pk}"))
    assert "names the reference of a case, which anybody can" in page.main
    page = agent.press(page, "Put it there", what="join", case=office.row.reference)
    assert page.address == office.case_at()
    assert "Me too." in page.main

    second = _mail(office, b"Something else.", **subjects, **{"Message-ID": "<m2@example.net>"})
    page = agent.press(agent.get(office.at(f"mail/{second.pk}")), "Put it there", what="open")
    assert page.address not in (office.case_at(), office.at("mail"))

    third = _mail(office, b"Buy now.", **subjects, **{"Message-ID": "<m3@example.net>"})
    page = agent.press(agent.get(office.at(f"mail/{third.pk}")), "Put it there", what="aside")
    assert page.mistakes == ["Write why nothing is owed."]
    agent.press(page, "Put it there", why="an advertisement")
    assert KeptMessage.objects.get(pk=third.pk).state == "set aside"


def test_two_people_cannot_place_one_message_twice(office: Office) -> None:
    kept = _mail(office, b"Me too.", Subject=f"about {office.row.reference}")
    agent = office.visitor("agent")
    page = agent.get(office.at(f"mail/{kept.pk}"))
    agent.press(page, "Put it there", what="open")
    again = agent.press(page, "Put it there", what="open")
    assert "Somebody has dealt with it already" in again.words
    assert CaseRow.objects.count() == 2


def test_a_message_cannot_be_put_on_another_providers_case(office: Office) -> None:
    elsewhere = case(provider("opus"), MONDAY)
    kept = _mail(office, b"Me too.", Subject=f"about {office.row.reference}")
    agent = office.visitor("agent")
    page = agent.press(
        agent.get(office.at(f"mail/{kept.pk}")), "Put it there", what="join", reference=elsewhere.reference
    )
    assert page.mistakes == ["There is no such case here."]


def test_what_strangers_sent_is_handed_out_so_that_it_can_do_nothing(office: Office) -> None:
    hostile = b"<html><body><script>alert(1)</script><img src=http://evil.example/x>Hello<form></form></body></html>"
    kept = _mail(office, hostile, **{"Content-Type": "text/html", "Subject": f"about {office.row.reference}"})
    hana = office.visitor()
    raw = hana.get(office.at(f"mail/{kept.pk}/raw"))
    assert raw.content == bytes(kept.raw)
    assert raw.answer.headers["Content-Disposition"].startswith("attachment")
    assert raw.answer.headers["Content-Type"] == "application/octet-stream"
    assert raw.answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in raw.answer.headers["Content-Security-Policy"]
    shown = hana.get(office.at(f"mail/{kept.pk}/html"))
    assert b"script" not in shown.content
    assert b"evil.example" not in shown.content
    assert "default-src 'none'" in shown.answer.headers["Content-Security-Policy"]


def test_a_customers_file_is_a_download_whatever_it_says_it_is(office: Office) -> None:
    from amends.desk.models import Upload

    upload = Upload.objects.create(
        provider=office.provider, case=office.row, contact="first", name="bill\r\n.svg", media_type="image/svg+xml",
        content=b"<svg onload=alert(1)>", sha256="0", at=NOON,
    )  # fmt: skip
    hana = office.visitor()
    assert office.at(f"files/{upload.pk}") in hana.get(office.case_at()).links
    got = hana.get(office.at(f"files/{upload.pk}"))
    assert got.content == b"<svg onload=alert(1)>"
    assert got.answer.headers["Content-Type"] == "application/octet-stream"
    assert "\n" not in got.answer.headers["Content-Disposition"]


# --- the provider's own pages ---------------------------------------------------------------------------------


def test_switching_mail_on_shows_what_is_held_and_sends_none_of_it_until_each_kind_is_decided(
    office: Office,
) -> None:
    office.provider.mail = Mail.OFF
    office.provider.save()
    case(office.provider, MONDAY, {"name": "Bo", "email": "bo@example.org"})
    mia = office.visitor("manager")
    page = mia.get(office.at("provider/sending"))
    assert "Acknowledgement" in page.main
    page = mia.press(page, "Set the switch", mail="folder")
    assert Outgoing.objects.filter(state="held").count() == 1
    page = mia.press(page, "Do this now", **{"kind acknowledgement": "drop"})
    assert page.mistakes == [
        "Dropping letters needs a reason (A-evidence). Write why their customers need not get them."
    ]
    page = mia.press(page, "Do this now", **{"kind acknowledgement": "send"})
    assert "Leaving now: 1 letter." in page.words
    assert not Outgoing.objects.filter(state="held").exists()


def test_an_administrator_gives_and_takes_every_role_and_never_the_last_one(office: Office) -> None:
    adam = office.visitor("administrator")
    page = adam.get(office.at("provider/people"))
    page = adam.press(
        page,
        "Add the person",
        username="newt",
        name="Newt",
        password=PASSWORD,
        role="agent",
        phone="",
        email="",
    )
    assert Role.objects.filter(person__username="newt", role=RoleName.AGENT).exists()
    weak = adam.press(page, "Add the person", username="x", name="X", password="short", role="agent")
    assert "too short" in weak.mistakes[0]
    mine = Role.objects.get(provider=office.provider, role=RoleName.ADMINISTRATOR)
    page = adam.send("POST", office.at(f"provider/people/{mine.pk}/take"), _token(page))
    assert "This is the last administrator" in page.words
    assert office.visitor("handler").get(office.at("provider/people")).status == 403
    assert AuditEntry.objects.filter(what="role given").exists()


def _token(page: Any) -> dict[str, str]:
    return {"csrfmiddlewaretoken": page.doc.xpath('//input[@name="csrfmiddlewaretoken"]/@value')[0]}


def test_the_code_in_force_shows_each_problem_at_its_line(db: None, settings: Settings) -> None:
    clock(settings)
    opus = Office("opus")
    page = opus.visitor("compliance").get(opus.at("provider/code/1"))
    problems = page.within("problem")
    assert len(problems) > 3
    for problem in problems:
        line = problem.xpath(".//a")[0].get("href")[1:]
        assert "marked" in page.doc.get_element_by_id(line).get("class", "")
    assert "Ofcom" in page.main


def test_an_alarm_names_what_to_do_and_can_be_dealt_with(office: Office) -> None:
    from amends.desk import alarms

    kind = min(alarms.ENDED_BY_A_PERSON)
    alarms.raise_all([alarms.alarm(kind, "x", "Something is wrong", "A heading", NOON, office.provider.pk)])
    mia = office.visitor("manager")
    assert "Something is wrong" in mia.get(office.at()).main
    page = mia.get(office.at("alarms"))
    assert "A heading" in page.main
    assert "No alarm stands." in mia.press(page, "It is dealt with").main


def test_an_alarm_whose_reason_stands_cannot_be_cleared_by_hand_and_keeps_its_age(office: Office) -> None:
    """It once said "The alarm is cleared", and was back a minute later, a minute old."""
    alarms.raise_all([alarms.alarm("letter to post", "x", "Nobody posts it", "A heading", NOON, office.slug)])
    [alarm] = Alarm.objects.all()
    mia = office.visitor("manager")
    page = mia.get(office.at("alarms"))
    assert "It is dealt with" not in page.main
    assert "It ends by itself when this is mended" in page.main
    token = page.doc.xpath('//input[@name="csrfmiddlewaretoken"]/@value')[0]
    after = mia.send("POST", office.at(f"alarms/{alarm.pk}/clear"), {"csrfmiddlewaretoken": token})
    assert "This alarm stands as long as its reason does" in after.words
    alarm.refresh_from_db()
    assert (alarm.cleared, alarm.raised) == (None, NOON)
    assert not AuditEntry.objects.filter(what="alarm cleared").exists()


def test_every_alarm_that_a_person_ends_is_one_that_the_program_raises_and_nobody_else_clears() -> None:
    kinds = {watcher.kind for watcher in WATCHERS}
    assert not kinds & alarms.ENDED_BY_A_PERSON
    raised = {LATE_HINT, documents.ALARM, "no PDF", copying.ALARM, room.ALARM, outage_runs.STOPPED}
    assert raised == alarms.ENDED_BY_A_PERSON


UNMENDED_HERE = {"worker asleep", "cases overdue", "alarms untold"}
"""What only whoever sits at the machine mends: its section of the runbook says how."""


@pytest.mark.parametrize("kind", sorted({w.kind for w in WATCHERS} - UNMENDED_HERE))
def test_every_alarm_that_the_clock_raises_leads_to_the_one_place_where_it_is_settled(
    office: Office, kind: str
) -> None:
    box = Mailbox.objects.create(provider=office.provider, address="in@larkfield.example")
    kept = KeptMessage.objects.create(
        provider=office.provider, kept_at=NOON, received=NOON, size=1, raw=b"Subject: x\r\n\r\ny", state="quarantined",
        reason="odd", content_hash="x",
    )  # fmt: skip
    letter = Outgoing.objects.get(case=office.row)
    about = {
        "letter put off": letter.key, "letter in doubt": letter.key, "letter undelivered": letter.key,
        "no way to reach": office.row.reference, "quarantine": str(kept.pk), "mailbox silent": box.address,
        "mailbox unheard": box.address, "mailbox sign-on": box.address, "scheme decision": office.row.reference,
        "contact time over": f"{office.row.reference}/x",
    }.get(kind)  # fmt: skip
    raised = alarms.alarm(
        kind,
        f"{office.slug}/{about}" if about else office.slug,
        "Look at this",
        "A heading",
        NOON,
        office.slug,
    )
    alarms.raise_all([raised])
    mia = office.visitor("manager")
    [press] = mia.get(office.at("alarms")).doc.xpath(
        "//main//ul[@class='queue']//a[contains(@class, 'button')]"
    )
    assert "Look at this" in press.text_content()
    assert mia.get(press.get("href")).status == 200


def test_a_case_on_which_the_program_failed_is_opened_from_its_alarm_and_from_my_day(office: Office) -> None:
    raised = alarms.alarm(
        POISON, str(office.row.pk), "It failed", "A case cannot be worked on", NOON, office.slug
    )
    alarms.raise_all([raised])
    for path in ("", "alarms"):
        page = office.visitor("auditor").get(office.at(path))
        [link] = page.doc.xpath("//main//a[starts-with(normalize-space(), 'Open the case')]")
        assert link.get("href") == office.case_at()
    other = Office("opus")
    elsewhere = alarms.alarm(POISON, str(office.row.pk), "It failed", "A heading", NOON, other.slug)
    elsewhere.key += "x"
    alarms.raise_all([elsewhere])
    assert "Open the case" not in other.visitor("manager").get(other.at("alarms")).main


def test_a_letter_that_did_not_arrive_is_told_once_beside_the_queue(office: Office) -> None:
    """Its alarm names it and leads to it; the line for all others of the kind stands only where there are others."""
    letter = Outgoing.objects.get(case=office.row)
    Outgoing.objects.update(state="bounced", settled_at=NOON)
    watch(NOON)
    lines = office.visitor("manager").get(office.at()).within("watch", "li")
    told = [line for line in lines if "did not arrive" in line.text_content()]
    assert len(told) == 1
    assert office.row.reference in told[0].text_content()
    letter.refresh_from_db()
    letter.pk, letter.key, letter.letter = None, f"{office.row.reference}/reply/1", "reply"
    letter.save(force_insert=True)
    lines = office.visitor("manager").get(office.at()).within("watch", "li")
    assert len([line for line in lines if "did not arrive" in line.text_content()]) == 2, (
        "of which no alarm tells"
    )


def test_several_alarms_of_one_kind_are_one_line_of_my_day_and_hide_no_other(office: Office) -> None:
    """Four letters to post once hid the mailbox that was silent behind "More alarms stand"."""
    many = [
        alarms.alarm("letter undelivered", f"{office.slug}/{n}", f"Letter {n}", "A letter", NOON, office.slug)
        for n in range(6)
    ]
    alarms.raise_all(
        [
            *many,
            alarms.alarm(
                "mailbox silent", f"{office.slug}/x", "Silent", "A mailbox is silent", NOON, office.slug
            ),
        ]
    )
    lines = office.visitor("manager").get(office.at()).within("watch", "li")
    said = [" ".join(line.text_content().split()) for line in lines]
    assert len(said) == 2
    assert "and 5 more alarms of its kind" in said[0]
    assert "What to do: A mailbox is silent" in said[1]


def test_mail_in_quarantine_leads_from_my_day_to_itself_and_not_to_the_mail_that_is_held(
    office: Office,
) -> None:
    for state in ("held", "quarantined"):
        KeptMessage.objects.create(
            provider=office.provider, kept_at=NOON, received=NOON, size=1, raw=b"x", state=state, reason="odd",
            content_hash=state,
        )  # fmt: skip
    hana = office.visitor()
    [link] = hana.get(office.at()).doc.xpath("//a[normalize-space()='Mail could not be read or filed']")
    assert "These could not be read or filed" in hana.get(link.get("href")).main


def test_recording_the_scheme_clears_its_alarm(db: None, settings: Settings) -> None:
    clock(settings)
    office = Office()
    from amends.desk.models import Alarm, SchemeMembership

    SchemeMembership.objects.all().delete()
    from amends.desk import alarms
    from amends.desk.providers import SCHEME_UNKNOWN

    alarms.raise_all([alarms.alarm(SCHEME_UNKNOWN, office.slug, "No scheme", "x", NOON, office.slug)])
    cora = office.visitor("compliance")
    page = cora.press(cora.get(office.at("provider/scheme")), "Record it", scheme="cisas", since="2026-01-01")
    assert "CISAS" in page.main
    assert not Alarm.objects.filter(cleared__isnull=True).exists()


# --- what is at hand --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["call", "introduce"])
def test_who_is_about_to_call_sees_the_number_and_can_press_it(office: Office, slug: str) -> None:
    row = case(office.provider, MONDAY, {**JO})
    page = office.visitor().get(office.at(f"cases/{row.reference}/{slug}"))
    assert "+44 20 8545 8200" in page.main
    assert "tel:+442085458200" in page.links


@pytest.mark.parametrize(("typed", "link"), [
    ("01632 960001", "tel:01632960001"), ("+44 (0)20 8545 8200", "tel:+4402085458200"), ("ask Ann", ""), ("", ""),
    ('"><script>', ""),
])  # fmt: skip
def test_a_number_is_a_link_and_other_words_stay_words(typed: str, link: str) -> None:
    shown = phone(typed)
    assert (f'href="{link}"' in shown) is bool(link)
    assert "<script>" not in shown


@pytest.mark.parametrize(("typed", "link"), [
    ("hana@larkfield.example", "mailto:hana@larkfield.example"), ("no address", ""), ("", ""),
    ('a"b@c.example', "mailto:a%22b@c.example"), ("a@b.example?cc=x", "mailto:a@b.example%3Fcc%3Dx"), ("a\n@b", ""),
])  # fmt: skip
def test_an_address_is_a_link_to_itself_and_to_nothing_else(typed: str, link: str) -> None:
    shown = mail_to(typed)
    assert (f'href="{link}"' in shown) is bool(link)


def test_what_may_not_be_done_cites_no_clause_of_another_company(db: None, settings: Settings) -> None:
    """A page of one provider once cited a clause of another's code; each prefix is one company's."""
    clock(settings)
    for name in FIVE:
        office = Office(name)
        own = {clause.id for clause in book_for(office.row).code.clauses}  # type: ignore[union-attr]  # it has a code
        cited = set(
            re.findall(r"\(([B-Z]-(?!\d+\))[a-z0-9-]+)\)", office.visitor().get(office.case_at()).main)
        )
        assert cited <= own, name


def test_the_program_itself_names_no_clause_of_a_code_that_comes_with_it() -> None:
    ids = {
        clause
        for path in (Path(amends.__file__).parent / "codes").glob("*.yaml")
        for clause in re.findall(r"\bid: ([A-Z]-[a-z0-9-]+)", path.read_text(encoding="utf-8"))
    }
    assert len(ids) > 50
    rooms = [
        p for p in Path(amends.__file__).parent.rglob("*.py") if not _ONE_STORY & {p.stem, p.parent.name}
    ]
    found = [
        f"{path.name}:{words.lineno} {clause}"
        for path in rooms
        for words in _words_of_the_program(ast.parse(path.read_text(encoding="utf-8")))
        for clause in ids
        if re.search(rf"(?<![\w-]){clause}(?![\w-])", str(words.value))
    ]
    assert found == []


def _words_of_the_program(tree: ast.Module) -> list[ast.Constant]:
    """Its strings but for those that explain it to whoever reads it."""
    explains = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = (
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return [node for node in strings if id(node) not in explains]


_ONE_STORY = {"demo", "examples", "seeding", "codes", "bench"}
"""Rooms that tell a story under one code, whose clauses they may name."""
