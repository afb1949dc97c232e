"""Every address of the desk, walked as a stranger, as another provider's manager, as each role, as another's customer.

An address is public with a reason, or it is refused. A new address that nobody thought about fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from amends.core import facts as f
from amends.core.calendar import london_date
from amends.desk import (
    access,
    alarms,
    batches,
    billing,
    chats,
    door_keys,
    inbox,
    lessons,
    outages,
    stationery,
)
from amends.desk.access import ERASES, IMPORTS, SEES_LESSONS, TAKES_LISTS_AWAY, TELLS_EVERYBODY, make_link
from amends.desk.actions import Actor
from amends.desk.case_files import making
from amends.desk.chats import Came
from amends.desk.customers import book, recorded, speakers
from amends.desk.houses import access_code
from amends.desk.models import (
    Account,
    CaseFileRow,
    CodeComment,
    CustomerRow,
    DataBundleRow,
    Door,
    DoorKey,
    ImportRun,
    KeptMessage,
    Lesson,
    Mailbox,
    Outgoing,
    PortRule,
    Role,
    RoleName,
    Upload,
)
from amends.desk.opened import gathered, read
from amends.desk.record import docket
from amends.desk.story import tell
from amends.desk.views.audit import READS_THE_AUDIT
from amends.desk.views.code_versions import ADOPTS
from amends.desk.views.comments import REVIEW
from amends.desk.views.here import DECIDE, EVERYBODY, KEEP, READ, WORK
from amends.desk.views.mailboxes import SETS_MAILBOXES
from tests.desk.made import MONDAY, case, person, provider
from tests.desk.office import NOON, Office
from tests.desk.visitor import Visitor

PUBLIC = {
    "home": "leads a stranger to the sign-in",
    "desk": "the same, for whoever cuts an address of the console short",
    "sign-in": "is where strangers show who they are",
    "second-factor": "asks for it of whoever has just given a password, and leads everybody else to the sign-in",
    "sign-on": "leads to a provider's own identity provider; it answers a press only",
    "sign-on-return": "lets in whom the identity provider has shown to be somebody who is linked here",
    "sign-out": "a stranger has nothing to leave; it answers a press only",
    "accent": "a colour in a style sheet",
    "portal": "the front page for customers",
    "portal-code": "the published code",
    "portal-code-version": "each version of the published code",
    "portal-code-file": "the published code in every format",
    "data": "what anybody may ask about their personal data, without an account",
    "ask-data": "anybody may ask for, or object to, what is held of them, without an account; it tells nothing",
    "ask-copy": "anybody may have a copy of the code, without an account",
    "comment-on-code": "anybody may comment on the code, without an account",
    "complain": "anybody may complain, without an account",
    "complain-on-one-page": "the same, every question at once",
    "complain-step": "one question of a complaint; its answers are those of this browser alone",
    "complain-check": "what this browser has answered, to be read over and sent",
    "complain-stop": "throws away what this browser has answered; it answers a press only",
    "follow": "asks for reference and code",
    "ask-link": "sends a link to the known address, and tells the same to everybody",
    "link": "opens one case to whoever holds a link that lasts minutes",
    "leave": "closes a case on this device",
    "chat": "the way into a chat, or the chat that this browser began",
    "chat-news": "whether anything happened in the chat of this browser",
    "chat-bell": "the same, for a browser without JavaScript",
    "chat-case": "opens the case that the chat of this browser began",
    "put-customer": "writes one customer for whoever holds a key of the provider; it answers a PUT only, and reads nothing",
    "billing-sums": "what is owed, for a billing system that holds a key of the provider",
    "billing-taken": "what a billing system took, from whoever holds its key; it answers a POST only",
    "billing-answers": "what became of it, from whoever holds its key; it answers a POST only",
    "chat-again": "lets this browser go from a chat that is over",
}
"""The addresses that need no sign-in, each with its reason."""

OF_A_CUSTOMER = {
    "received",
    "copy-asked",
    "data-asked",
    "fetch-data",
    "my-case",
    "say",
    "answer",
    "answer-question",
    "ask-higher",
    "tell-scheme",
    "my-letter",
    "my-letter-as",
    "my-paper",
    "reads",
}
"""The addresses of the one case that a customer has opened."""

OF_ONESELF = {
    "my-sign-in", "my-confirm", "my-password", "end-sessions", "set-up-second-factor", "my-authenticator", "my-passkey",
    "my-recovery-codes", "remove-second-factor",
}  # fmt: skip
"""The addresses at which everybody who is signed in finds their own, and nobody anything of another."""

ADMINISTER = frozenset({RoleName.ADMINISTRATOR})

ROLES: dict[str, frozenset[RoleName]] = {
    "my-day": EVERYBODY, "cases": READ, "case": READ, "case-here": READ, "drop-draft": WORK,
    "deed": WORK, "new-contact": WORK, "send-copy": WORK, "new-care": WORK,
    "case-file": READ, "case-file-as": READ, "bundle": READ, "bundle-as": WORK, "erase-case": ERASES, "keep-case": READ,
    "mail": READ, "message": READ, "place": WORK, "raw": READ, "message-html": READ, "upload": READ,
    "letters": READ, "posted": WORK, "comments": REVIEW, "comment": REVIEW, "erase-comment": REVIEW,
    "outages": READ, "outage": READ, "open-outage": WORK, "outage-tell": TELLS_EVERYBODY, "outage-end": TELLS_EVERYBODY,
    "outage-refunds": TELLS_EVERYBODY,
    "lessons": SEES_LESSONS, "lesson": SEES_LESSONS, "retention": SEES_LESSONS,
    "found-so-far": WORK, "decide": READ, "appointments": READ, "suppliers": READ, "questions": READ,
    "chats": WORK, "chats-news": WORK, "chats-bell": WORK, "end-chat": WORK,
    "batches": READ, "make-batch": WORK, "batch": READ, "batch-pdf": READ, "batch-csv": READ,
    "letter-pdf": READ, "letter-as": READ, "letter": READ,
    "alarms": READ | KEEP, "clear-alarm": WORK | KEEP, "runbook": READ | KEEP,
    "save-view": READ, "drop-view": READ, "export": TAKES_LISTS_AWAY, "reports": READ, "promises": READ,
    "customers": DECIDE | KEEP, "lists": KEEP, "letterheads": KEEP, "letterhead-pdf": KEEP,
    "customer-book": READ, "customer": READ, "add-customer": WORK, "edit-customer": WORK, "erase-customer": ERASES,
    "add-account": WORK, "edit-account": WORK, "add-service": WORK, "edit-service": WORK, "add-speaker": WORK,
    "end-speaker": WORK, "add-need": WORK, "review-need": WORK, "whose": WORK, "service-terms": READ,
    "disconnection": READ, "port-rules": READ, "end-port-rule": KEEP & READ,
    "import-customers": IMPORTS, "import-look": IMPORTS,
    "house": EVERYBODY, "code": EVERYBODY, "scheme": KEEP, "people": ADMINISTER | DECIDE,
    "add-person": ADMINISTER | DECIDE, "give-role": ADMINISTER | DECIDE, "take-role": ADMINISTER | DECIDE,
    "person": ADMINISTER, "reset-password": ADMINISTER, "reset-second-factor": ADMINISTER, "record-sign-on": ADMINISTER,
    "remove-sign-on": ADMINISTER, "sign-in-rules": ADMINISTER, "sign-ins": ADMINISTER, "sending": KEEP, "let-go": KEEP,
    "mailboxes": KEEP, "mailbox": SETS_MAILBOXES, "new-mailbox": SETS_MAILBOXES, "try-mailbox": SETS_MAILBOXES,
    "open-mailbox": SETS_MAILBOXES,
    "settings": EVERYBODY, "limits": KEEP, "signature": KEEP, "keys": KEEP, "revoke-key": KEEP,
    "code-roles": KEEP,
    "assignment": KEEP, "rule-up": KEEP, "remove-rule": KEEP, "account-managers": KEEP, "absences": DECIDE,
    "end-absence": DECIDE, "handover": DECIDE, "give-back": DECIDE,
    "bank-holidays": KEEP, "letter-words": KEEP, "adopt-letter-words": ADOPTS, "letter-words-version": KEEP,
    "code-file": EVERYBODY, "code-difference": EVERYBODY, "code-next": KEEP, "code-adopt": ADOPTS,
    "audit": READS_THE_AUDIT, "audit-as": READS_THE_AUDIT, "people-as": ADMINISTER | DECIDE, "sign-ins-as": ADMINISTER,
    "money": READ, "hand-over": WORK, "billing-file": WORK, "billing-batch": READ, "billing-csv": WORK,
}  # fmt: skip
"""Who may open which page of the console."""

ONLY_POST = {
    "fetch-data",
    "drop-draft", "complain-stop",
    "sign-out", "place", "posted", "make-batch", "clear-alarm", "add-person", "give-role", "take-role", "let-go", "ask-link",
    "leave", "say", "answer", "answer-question", "ask-higher", "erase-comment", "reads", "chat-case", "chat-again",
    "sign-on", "end-sessions",
    "remove-second-factor", "reset-password", "reset-second-factor", "record-sign-on", "remove-sign-on", "save-view",
    "drop-view", "code-adopt", "end-port-rule", "erase-customer", "end-speaker",
    "adopt-letter-words", "rule-up", "remove-rule", "account-managers", "end-absence", "give-back", "put-customer",
    "try-mailbox", "open-mailbox",
    "hand-over", "billing-file", "revoke-key", "billing-taken", "billing-answers",
}  # fmt: skip
"""What changes something and shows nothing: a mere visit is refused."""


class Place(NamedTuple):
    """One address pattern with its name and its view."""

    name: str
    route: str
    view: Any


def places(patterns: list[Any] | None = None, before: str = "") -> Iterator[Place]:
    """Every address of the desk."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            yield from places(pattern.url_patterns, before + str(pattern.pattern))
        else:
            assert isinstance(pattern, URLPattern)
            assert pattern.name, f"{before}{pattern.pattern} has no name"
            yield Place(pattern.name, before + str(pattern.pattern), pattern.callback)


ALL = tuple(places())
NAMES = tuple(place.name for place in ALL)


def _owed_and_billed(office: Office) -> None:
    """Ann is owed money, and billing has some of it."""
    with docket(office.row.pk, now=NOON) as d:
        d.cases[office.row.pk].add(
            f.AwardPrepared(
                at=NOON, logged=NOON, award="1", award_kind="credit", basis="scheme decision", clause="AD-10", pence=1000,
                words="Secret of Ann",
            )
        )  # fmt: skip
    billing.hand_over(office.provider, "7", NOON)


def _at_a_scheme(office: Office) -> None:
    """A scheme has Ann's dispute, and a case file was made for it."""
    with docket(office.row.pk, now=NOON) as d:
        d.cases[office.row.pk].add(f.SchemeReferred(at=NOON, logged=NOON, scheme="cisas"))
    opened = read(office.fresh())
    papers = gathered(Outgoing.objects.filter(case=office.row), Upload.objects.filter(case=office.row), {})
    made = making.make(
        opened.row,
        opened.case,
        opened.book,
        len(opened.facts),
        tell(opened.facts, papers),
        {},
        "",
        by=Actor("7"),
        now=NOON,
    )
    assert isinstance(made, CaseFileRow), made
    with docket(office.row.pk, now=NOON) as d:
        noted = lessons.note(
            d, d.cases[office.row.pk], Actor("7"), NOON, words="Secret of Ann", cause="Delay"
        )
        assert noted is None


class Street:
    """An office with something behind every address, and the addresses themselves."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.letter = Outgoing.objects.get(case=office.row)
        raw = (
            b"From: s@example.net\r\nTo: x@example.net\r\nMessage-ID: <m@example.net>\r\nContent-Type: text/html\r\n"
            b"Subject: about " + office.row.reference.encode() + b"\r\n\r\n<p>Secret of Ann</p>"
        )  # fmt: skip
        self.message = KeptMessage.objects.get(pk=inbox.receive(office.provider, raw, NOON, now=NOON).message)
        self.upload = Upload.objects.create(
            provider=office.provider, case=office.row, contact="first", name="Secret of Ann.txt", media_type="text/plain",
            content=b"Secret of Ann", sha256="0", at=NOON,
        )  # fmt: skip
        alarms.raise_all([alarms.alarm("k", "a", "Secret of Ann", "h", NOON, office.provider.pk)])
        self.alarm = access.alarms_for(office.people["manager"]).get(text="Secret of Ann")
        self.comment = CodeComment.objects.create(
            provider=office.provider,
            code=office.provider.codes.get(),
            at=NOON,
            words="Secret of Ann",
            name="Ann Archer",
        )
        self.chat, _token = chats.begin(
            office.provider, Came("Ann Archer", "ann@example.org"), "Secret of Ann", "", NOON
        )
        by_post = {"name": "Secret of Ann", "address": "Secret of Ann\n1 High Street\nHarrogate\nHG1 1AA"}
        case(office.provider, MONDAY, by_post, channel="letter", words="Secret of Ann")
        batches.make(office.provider, Actor("7"), NOON)
        _owed_and_billed(office)
        _at_a_scheme(office)
        stationery.set_letterhead(
            office.provider,
            since=london_date(NOON),
            address="",
            signature="",
            logo=b"",
            logo_type="",
            by="7",
            now=NOON,
        )
        self.customer = _in_the_book(office)
        self.mailbox = Mailbox.objects.create(provider=office.provider, address="secret@larkfield.example")
        text = f"words: w\nprovider: {office.provider.pk}\nversion: '1'\nin force from: 3 November 2026\nletters:\n"
        text += "  acknowledgement:\n    before the end: Take care.\n"
        assert isinstance(stationery.adopt_words(text, "w.yaml", by="7", now=NOON), stationery.AdoptedOwn)
        self.role = Role.objects.get(provider=office.provider, role=RoleName.AUDITOR)
        self.numbers = {
            "upload": self.upload.pk,
            "clear-alarm": self.alarm.pk,
            "take-role": self.role.pk,
            "comment": self.comment.pk,
            "erase-comment": self.comment.pk,
            "end-chat": self.chat.pk,
            "import-look": _a_file(office).pk,
            "case-file-as": 1,
            "bundle-as": _a_copy(office).number,
            "lesson": Lesson.objects.get().pk,
            "end-port-rule": _a_port_rule(office).pk,
            **dict.fromkeys(("outage", "outage-tell", "outage-end", "outage-refunds"), _an_outage(office)),
            "revoke-key": _a_key(office).pk,
            **dict.fromkeys(OF_THE_BOOK, self.customer.pk),
            **dict.fromkeys(("mailbox", "try-mailbox", "open-mailbox"), self.mailbox.pk),
        }

    def address(self, place: Place, provider: str = "") -> str:
        """The address of a place, with what is really there."""
        filled = {
            "<slug:provider>": provider or self.office.slug, "<str:reference>": self.office.row.reference,
            "<slug:slug>": "note", "<slug:what>": "cases",
            "<slug:kind>": _KIND_OF.get(place.name, "txt"),
            "<uuid:message>": str(self.message.pk), "<path:key>": self.letter.key,
            "<int:position>": "1", "<int:batch>": "1", "<str:colour>": "1b4f72",
            "<slug:version>": "2026-07-01", "<str:name>": "larkfield-code-2026-07-01.txt", "<str:token>": "a" * 43,
            "<str:external>": "C1",
            "<slug:step>": "what",
            "<int:account>": str(self.customer.accounts.get().pk),
            "<int:service>": str(self.customer.services.get().pk),
            "<int:speaker>": str(self.customer.speakers.get().pk), "<int:need>": str(self.customer.needs.get().pk),
            "<int:number>": str(self.numbers.get(place.name, self.office.people["auditor"].pk)),
        }  # fmt: skip
        address = place.route
        for part, value in filled.items():
            address = address.replace(part, value)
        assert "<" not in address, f"{place.route}: say what fills it"
        return f"/{address}"


_KIND_OF = {
    "export": "csv", "audit-as": "csv", "people-as": "csv", "sign-ins-as": "csv", "new-care": "fault",
    "case-file-as": "zip", "bundle-as": "zip", "ask-data": "data-erasure",
}  # fmt: skip

OF_THE_BOOK = {
    "customer", "edit-customer", "erase-customer", "add-account", "edit-account", "add-service", "edit-service",
    "add-speaker", "end-speaker", "add-need", "review-need", "disconnection",
}  # fmt: skip
"""The addresses of one customer of the book."""


def _in_the_book(office: Office) -> CustomerRow:
    """A customer of the book with one of everything."""
    at: dict[str, Any] = {"by": "7", "now": NOON}
    made = book.keep_customer(office.provider, {"name": "Secret of Ann"}, **at)
    assert isinstance(made, CustomerRow)
    account = book.keep_account(made, "A-1", {}, **at)
    assert isinstance(account, Account)
    book.keep_service(made, account, {"kind": "broadband", "name": "Secret of Ann"}, **at)
    speakers.allow(made, speakers.New("Secret of Ann", "carer", "everything", "on a call"), **at)
    recorded.record(made, recorded.New("other", "on a call", "Secret of Ann"), **at)
    return made


def _an_outage(office: Office) -> int:
    """The number of an outage that is over, and to which Ann's case is linked."""
    said = outages.Said("Secret of Ann", NOON - timedelta(hours=2), "Secret of Ann")
    row = outages.open_outage(office.provider, said, "7", NOON)
    with docket(office.row.pk, now=NOON) as d:
        assert outages.link(d.cases[office.row.pk], row, Actor("7"), NOON) is None
    assert outages.end(row, NOON, "7", NOON) is None
    return int(row.number)


def _a_port_rule(office: Office) -> PortRule:
    """A rule for moving numbers that stands."""
    return PortRule.objects.create(
        provider=office.provider, start="1", moves=False, why="Secret of Ann", since=london_date(NOON),
        added_at=NOON, added_by="7",
    )  # fmt: skip


def _a_key(office: Office) -> DoorKey:
    """A key of the billing door."""
    made = door_keys.make_key(office.provider, "Secret of Ann", by="7", now=NOON, opens=Door.BILLING)
    assert isinstance(made, tuple), made
    return made[0]


def _a_copy(office: Office) -> DataBundleRow:
    """A copy of what is held of Ann."""
    return DataBundleRow.objects.create(
        provider=office.provider,
        case=office.row,
        number=1,
        made_at=NOON,
        made_by="7",
        page=b"Secret of Ann",
        told=b"{}",
    )


def _a_file(office: Office) -> ImportRun:
    """A file that waits to be brought in."""
    content = b"customer,name\nC1,Secret of Ann\n"
    return ImportRun.objects.create(
        provider=office.provider,
        what="customers",
        sha256=sha256(content).hexdigest(),
        content=content,
        began=NOON,
        by="7",
    )


@pytest.fixture
def street(office: Office) -> Street:
    return Street(office)


def _secret(content: bytes) -> bool:
    return any(words in content for words in (b"Ann Archer", b"It is down again", b"Secret of Ann"))


def test_every_address_is_public_with_a_reason_or_belongs_to_somebody() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert set(NAMES) == set(PUBLIC) | OF_A_CUSTOMER | OF_ONESELF | set(ROLES)
    assert len(NAMES) == len(PUBLIC) + len(OF_A_CUSTOMER) + len(OF_ONESELF) + len(ROLES)
    assert all(len(reason) > 10 for reason in PUBLIC.values())


def test_a_stranger_sees_nobodys_words_and_is_led_to_a_door(street: Street) -> None:
    for place in ALL:
        stranger = Visitor().client
        address = street.address(place)
        for call in (stranger.get, stranger.post):
            answer = call(address)
            assert not _secret(answer.getvalue()), address
            if place.name in ROLES:
                assert answer.status_code in (302, 403, 405), address
                if answer.status_code == 302:
                    assert answer.headers["Location"] == "/sign-in", address
            if place.name in OF_ONESELF:
                assert answer.status_code in (302, 403, 405), address
                assert answer.headers.get("Location", "/sign-in") == "/sign-in", address
            if place.name in OF_A_CUSTOMER and answer.status_code == 302:
                assert answer.headers["Location"] == street.office.portal("follow"), address
            assert answer.status_code != 200 or place.name in PUBLIC, address


def test_another_providers_manager_is_told_that_there_is_no_such_page(street: Street) -> None:
    bob = Visitor().signed_in(person(provider("opus"), RoleName.MANAGER, "bob")).client
    for place in ALL:
        if place.name in PUBLIC or place.name in OF_A_CUSTOMER or place.name in OF_ONESELF:
            continue
        for address in (street.address(place), street.address(place, "opus-telecoms")):
            for call in (bob.get, _posts(bob)):
                answer = call(address)
                assert not _secret(answer.getvalue()), address
        address = street.address(place)
        assert _posts(bob)(address).status_code in (404, 405), address
        assert bob.get(address).status_code in (404, 405), address


def _posts(client: Any) -> Any:
    """A call that sends a form with its token, so that it is the role that is refused and not the form."""

    def post(address: str) -> Any:
        token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
        return client.post(address, {"csrfmiddlewaretoken": token})

    return post


@pytest.mark.parametrize("role", list(RoleName))
def test_each_role_opens_its_own_pages_and_is_told_who_may_the_others(street: Street, role: RoleName) -> None:
    client = street.office.visitor(str(role)).client
    opened: dict[str, int] = {}
    for place in ALL:
        if place.name in ROLES and place.name not in ONLY_POST:
            answer = client.get(street.address(place))
            answer.getvalue()  # a download is read to its end, as a browser does
            opened[place.name] = answer.status_code
    refused = {name for name, status in opened.items() if status == 403}
    assert refused == {name for name in opened if role not in ROLES[name]}
    led_on = {"my-day": 302} if role not in READ else {}
    assert {name: status for name, status in opened.items() if status not in (200, 403)} in (
        led_on,
        {**led_on, "runbook": 404},
    )
    for place in ALL:
        if place.name in ROLES and place.name in ONLY_POST and role not in ROLES[place.name]:
            assert _posts(client)(street.address(place)).status_code == 403, place.name


@pytest.mark.parametrize("place", ALL, ids=NAMES)
def test_the_view_names_the_roles_that_this_table_names(place: Place) -> None:
    assert getattr(place.view, "roles", None) == ROLES.get(place.name)


def test_only_a_manager_or_director_decides_about_a_request(street: Street) -> None:
    for role in WORK:
        page = street.office.visitor(str(role)).get(street.office.case_at("decide-request"))
        assert ("Your role may not do this" in page.main) is (role not in DECIDE)


def test_a_customer_of_another_case_sees_nothing_of_this_one(street: Street) -> None:
    other = case(
        street.office.provider, MONDAY, {"name": "Bo Bell", "email": "bo@example.org"}, words="Too slow."
    )
    bo = Visitor()
    for place in ALL:
        page = bo.get(street.office.portal("follow"))
        if "Too slow." not in page.main:  # the first time, and after an address that shows customers out
            page = bo.press(page, "See my complaint", reference=other.reference, code=access_code(other))
        assert page.h1 == "Your complaint"
        assert "Too slow." in page.main
        for call in (bo.client.get, _posts(bo.client)):
            answer = call(street.address(place))
            assert not _secret(answer.getvalue()), place.name
            assert street.office.row.reference.encode() not in answer.getvalue(), place.name


def test_what_changes_something_answers_a_press_and_no_visit(street: Street) -> None:
    client = street.office.visitor("administrator").client
    for place in ALL:
        if place.name in ONLY_POST:
            assert client.get(street.address(place)).status_code in (302, 403, 405), place.name


def test_somebody_who_has_left_sees_nothing(street: Street) -> None:
    gone = street.office.visitor("handler")
    street.office.people["handler"].is_active = False
    street.office.people["handler"].save()
    assert gone.get(street.office.case_at()).address == "/sign-in"


def test_a_role_that_was_taken_away_opens_nothing_at_once(street: Street) -> None:
    hana = street.office.visitor("handler")
    Role.objects.filter(person=street.office.people["handler"]).delete()
    assert hana.get(street.office.case_at()).status == 404


def test_a_link_of_one_provider_opens_nothing_at_another(street: Street) -> None:
    token = make_link(street.office.row, "ann@example.org", now=NOON)
    elsewhere = provider("opus")
    assert Visitor().get(f"/portal/{elsewhere.pk}/link/{token}").status == 404
    assert Visitor().get(street.office.portal(f"link/{token}")).status == 200


def test_every_answer_tells_the_browser_to_run_and_sniff_nothing_foreign(street: Street) -> None:
    client = street.office.visitor("manager").client
    for place in ALL:
        answer = client.get(street.address(place))
        answer.getvalue()  # a download is read to its end, as a browser does
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy or "default-src 'none'" in policy, place.name
        assert "unsafe-inline" not in policy or "sandbox" in policy, place.name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", place.name
        assert answer.headers["X-Frame-Options"] in ("DENY", "SAMEORIGIN"), place.name
        assert answer.headers["Referrer-Policy"] in ("same-origin", "strict-origin"), place.name
        if place.name != "accent":
            assert "no-store" in answer.headers["Cache-Control"], place.name
