"""A customer's own case: where it stands, what comes next on both sides, its story, and what they can do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.core import awards, may, questions
from amends.core.calendar import london_date, midnight
from amends.core.case import Case, Question, State
from amends.core.citing import reasons
from amends.core.clocks import Clock, clocks
from amends.core.code import Owed
from amends.core.data_requests import is_one, may_fetch
from amends.core.duties import ADR, further_stage
from amends.core.facts import ANSWERED, CUSTOMER, SYSTEM
from amends.core.formats import Format
from amends.core.kinds import CaseKind
from amends.core.letters.sentences.scheme_words import doubts, names_on
from amends.core.may import Refusal
from amends.core.settled import as_if_left
from amends.core.ways import EMAIL
from amends.desk import actions, merging, room, told_of_scheme, uploads
from amends.desk.actions import THE_CUSTOMER, NewContact
from amends.desk.address import Address
from amends.desk.attachment import Attachment
from amends.desk.chat_door import points as chat_points
from amends.desk.forms.portal import AnswerQuestion, Higher, Reads, Reply, Say
from amends.desk.houses import memberships_of
from amends.desk.models import CaseAddress, CaseRow, Outgoing, Upload
from amends.desk.opened import Opened, facts_of, gathered, read
from amends.desk.people import names_at
from amends.desk.record import CaseInHand, Docket, LetterMissing, docket
from amends.desk.signing.log import network_of
from amends.desk.story import PRIVATE_LETTERS
from amends.desk.story_to_customer import tell_customer
from amends.desk.views.given import for_customer
from amends.desk.views.portal import at_scheme, services
from amends.desk.views.portal.page import Customer, own_case, show
from amends.desk.views.portal.takes import Take, taken_as

ONCE: Final = timedelta(hours=1)
"""The same words within so long are the same message, sent twice."""
NOT_YET_LEFT: Final = ("held", "withdrawn")

WE_WILL: Final = {
    Owed.ACKNOWLEDGEMENT: gettext_lazy("We write to say that we have your complaint"),
    Owed.CONFIRMATION: gettext_lazy("We confirm your details and reference"),
    Owed.HANDLER_ASSIGNED: gettext_lazy("We give your case to one person"),
    Owed.HANDLER_INTRODUCTION: gettext_lazy("The person who looks after your case gets in touch"),
    Owed.CONTACT_TIME: gettext_lazy("We agree a time to speak with you, or have settled it"),
    Owed.REPLY: gettext_lazy("We answer your message"),
    Owed.WRITTEN_RESPONSE: gettext_lazy("We answer you in writing"),
    Owed.CALL_BACK: gettext_lazy("We call you back"),
    Owed.UPDATE: gettext_lazy("We tell you how it stands"),
    Owed.OUTCOME: gettext_lazy("We tell you what we found and what we offer"),
    Owed.CANNOT_RESOLVE: gettext_lazy("We tell you if we cannot settle it"),
    Owed.ADR_LETTER: gettext_lazy(
        "If it is not settled by then, you can take it to an independent scheme, free of charge. We write to you that day"
    ),
    Owed.COPY_OF_CODE: gettext_lazy("We send you a copy of our code"),
    Owed.REPAIR: gettext_lazy("The fault is repaired"),
    Owed.SERVICE: gettext_lazy("We provide what you ordered"),
    Owed.CANCELLATION: gettext_lazy("We confirm your cancellation"),
    Owed.PRICES: gettext_lazy("We send you our prices"),
    Owed.PAYMENT_CHANGE: gettext_lazy("We change how you pay"),
    Owed.ADVICE: gettext_lazy("We advise you about the calls"),
    Owed.MARKETING_STOPPED: gettext_lazy("We stop our marketing to you"),
    Owed.NUMBER_MOVED: gettext_lazy("We move your number"),
    Owed.ARRANGEMENT: gettext_lazy("We agree with you on another way to pay"),
    Owed.DATA_ANSWER: gettext_lazy("We answer your request about your personal data"),
}
STATES: Final = {
    State.OPEN: gettext_lazy("We are looking into it"),
    State.OUTCOME_PROPOSED: gettext_lazy("We have proposed an outcome, and wait for your answer"),
    State.DEADLOCKED: gettext_lazy("We have told you our last word"),
    State.ADR_LETTER_SENT: gettext_lazy("You can take it to an independent scheme now"),
    State.CLOSED: gettext_lazy("It is closed"),
    State.MERGED: gettext_lazy("We look into it together with another case"),
}

STATES_OF_A_COPY: Final = {
    **STATES,
    State.OPEN: gettext_lazy("You asked for a copy of our code"),
    State.CLOSED: gettext_lazy("The copy of our code has left"),
}
STATES_OF_CARE: Final = {
    **STATES,
    State.OPEN: gettext_lazy("We are working on it"),
    State.CLOSED: gettext_lazy("It is done"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that comes next: what, by when, and whether the whole day is meant."""

    what: str
    due: datetime | None
    late_after: datetime | None = None
    late: bool = False
    """Whether we should have done it by now."""


def next_steps(customer: Customer, opened: Opened | None = None) -> list[Step]:
    """What we owe the customer next, the nearest first; each kind of step once."""
    found = opened or read(customer.row)
    steps: dict[str, Step] = {}
    for clock in sorted(_running(found), key=lambda c: (c.due is None, c.due)):
        if clock.running and clock.due is not None:
            what = str(WE_WILL[clock.owe])
            steps.setdefault(
                what, Step(what, clock.due, clock.late_after, clock.standing(customer.door.now) == "broken")
            )
    for appointment in found.case.appointments:
        if not appointment.settled and appointment.ends > customer.door.now:
            steps[appointment.id] = Step(_("We speak, as agreed"), appointment.starts)
    return sorted(steps.values(), key=lambda s: s.due or customer.door.now)


_TOLD_UNTIL_IT_LEFT: Final = (Owed.ADR_LETTER, Owed.COPY_OF_CODE)
"""What a customer waits for is in the post or the mail: they are told by when until it has left."""


def _running(opened: Opened) -> Iterator[Clock]:
    """The clocks that still matter to the customer: what is written and on its way is not promised once more."""
    for case, law in ((as_if_left(opened.case), False), (opened.case, True)):
        yield from (c for c in clocks(case, opened.book) if (c.owe in _TOLD_UNTIL_IT_LEFT) is law)


def your_steps(opened: Opened) -> Iterator[Step]:
    """What the customer can do next, and until when."""
    if opened.case.open_outcome is not None:
        yield Step(_("You can accept the outcome or refuse it. If you say nothing, it is not settled"), None)
    if opened.case.closed is None:
        for asked in questions.open_of(opened.case):
            if questions.waits(opened.case, asked):
                day = questions.last_day(asked, opened.book)
                yield Step(
                    _("You can answer what we asked you"), midnight(day), midnight(day + timedelta(days=1))
                )
    sent = [x for x in opened.case.letters_of(ADR) if x.left and x.fate_at is not None]
    if sent and opened.case.referral is None and opened.case.scheme_told is None:
        assert sent[-1].fate_at is not None
        left = london_date(sent[-1].fate_at)
        last, _window = opened.book.law.adr_closes(left)
        scheme = names_on(left, opened.book.law, memberships_of(opened.row.provider_id))
        yield Step(
            _("You can take it to %(scheme)s, free of charge, until this day at least") % {"scheme": scheme},
            midnight(last), midnight(last + timedelta(days=1)),
        )  # fmt: skip


STATES_OF_DATA: Final = {
    **STATES,
    State.OPEN: gettext_lazy("We are working on your request"),
    State.CLOSED: gettext_lazy("We have answered your request"),
}


def _doubts(opened: Opened) -> tuple[str, ...]:
    """What the scheme may not take of it, in the words of the letter, once that has left; nothing once a scheme has it."""
    sent = [x for x in opened.case.letters_of(ADR) if x.left and x.fate_at is not None]
    if not sent or opened.case.referral is not None:
        return ()
    assert sent[-1].fate_at is not None
    left = london_date(sent[-1].fate_at)
    return doubts(opened.case, left, opened.book.law, memberships_of(opened.row.provider_id))


def _may_go_higher(opened: Opened) -> bool:
    """Whether the next stage of ours is offered: not once an independent scheme has it, which looks at it instead."""
    case = opened.case
    return case.referral is None and not case.care and may.escalate(case, opened.book) is None


def _states(case: Case) -> Mapping[State, object]:
    if not case.care:
        return STATES
    if is_one(case):
        return STATES_OF_DATA
    return STATES_OF_A_COPY if case.kind is CaseKind.COPY_OF_CODE else STATES_OF_CARE


@own_case()
def my_case(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The case."""
    return page(request, customer)


def page(
    request: HttpRequest, customer: Customer, *, say: Say | None = None, reply: Reply | None = None,
    higher: Higher | None = None, reads: Reads | None = None, told: AnswerQuestion | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page of the case, with the form that has a mistake in it."""
    opened = read(customer.row)
    case, outcome = opened.case, opened.case.open_outcome
    ended = rows_of(customer)[1:]
    files = Upload.objects.filter(case__in=[customer.row, *ended])
    papers = gathered(letters_of(customer), files, names_at(customer.row.provider_id))
    forms = [x for x in (say, reply, higher, reads, told) if x is not None]
    return show(
        request, customer.door, "portal/my_case.html", status=status, row=customer.row, case=case, own=customer.row,
        called=_("Your request") if case.care else _("Your complaint"),
        state=at_scheme.state(case) or _states(case)[case.state],
        steps=next_steps(customer, opened) if case.closed is None and case.merged_into is None else [],
        yours=list(your_steps(opened)), story=tell_customer(opened.facts, papers, facts_of(ended)),
        questions=list(_asked(opened, told)),
        say=say or Say(), outcome=outcome, reply=reply or (Reply(outcome=outcome.id) if outcome else None),
        higher=higher or (Higher() if _may_go_higher(opened) else None),
        reads=(reads or Reads(wanted=str(format_shown(customer, case)))) if is_customer(customer) else None,
        takes=takes(customer, case),
        chat_offered=customer.door.code is not None and bool(chat_points(customer.door.code)),
        offered=for_customer(awards.of_outcome(case, outcome), opened.book) if outcome else [],
        given=for_customer((a for a in case.awards if a.owed is not None), opened.book),
        at_scheme=at_scheme.told(opened, london_date(customer.door.now)), doubts=_doubts(opened),
        may_tell_scheme=told_of_scheme.may_tell(case, opened.book, london_date(customer.door.now)),
        copy=may_fetch(case, customer.door.now) if is_customer(customer) else None,
        services=services.of(opened, london_date(customer.door.now)) if is_known(customer, case) else [],
        paid_as=opened.book.code.paid_as if opened.book.code else "",
        reasons=reasons(case, opened.book),
        next_stage=further_stage(case, opened.book), wrong=next((x for x in forms if x.errors), None),
    )  # fmt: skip


def _asked(opened: Opened, told: AnswerQuestion | None) -> Iterator[tuple[Question, date, AnswerQuestion]]:
    """What we asked and wait for, each with its day and its box; nothing on a case that is over."""
    if opened.case.closed is not None or opened.case.merged_into is not None:
        return
    for asked in questions.open_of(opened.case):
        box = told if told is not None and told.question == asked.id else AnswerQuestion(question=asked.id)
        yield asked, questions.last_day(asked, opened.book), box


def letters_of(customer: Customer) -> QuerySet[Outgoing]:
    """The letters to whoever reads that are on their way or there: to the customer, or to another party by name."""
    rows = rows_of(customer)
    found = Outgoing.objects.filter(case__in=rows).exclude(letter__in=PRIVATE_LETTERS)
    found = found.exclude(state__in=NOT_YET_LEFT)
    roles: dict[int, dict[str, str]] = {row.pk: {} for row in rows}
    for case, key, role in CaseAddress.objects.filter(case__in=rows).values_list(
        "case_id", "address_key", "role"
    ):
        roles[case][key] = role
    reader = Address("", customer.address).key if customer.address else ""
    mine = [
        pk for pk, case, channel, to in found.values_list("pk", "case_id", "channel", "to")
        if _is_to(reader, roles[case], Address("", to).key if channel == EMAIL else "")
    ]  # fmt: skip
    return found.filter(pk__in=mine)


def rows_of(customer: Customer) -> list[CaseRow]:
    """The case that was opened, and those that go on as it and whose story this reader may see."""
    return [customer.row, *merging.shown_with(customer.row, customer.address)]


def is_customer(customer: Customer) -> bool:
    """Whether the customer reads, and not somebody who acts for them and was sent a link of their own."""
    if not customer.address:
        return True
    key = Address("", customer.address).key
    return CaseAddress.objects.filter(case=customer.row, address_key=key, role=CUSTOMER).exists()


def is_known(customer: Customer, case: Case) -> bool:
    """Whether the customer reads, and it was seen that it is they: by a link to their mailbox, or by a check of a person.

    Whoever complains here may type anybody's address, and is given the code of that case at once.
    """
    if not is_customer(customer):
        return False
    mine = Address("", customer.address).key if customer.address else ""
    return case.identity_passed or (bool(mine) and mine == Address("", case.customer.email).key)


def format_shown(customer: Customer, case: Case) -> Format:
    """The format that the reader needs, as far as they said it here or are known: it tells of somebody's health."""
    need = case.format_need
    said_here = need is not None and need.by != SYSTEM
    return (
        case.format if is_known(customer, case) or (said_here and is_customer(customer)) else Format.STANDARD
    )


def takes(customer: Customer, case: Case) -> Take:
    """What is first offered of each letter: it in the format that its reader needs, else as it is printed."""
    return taken_as(format_shown(customer, case))


def _is_to(reader: str, roles: Mapping[str, str], to: str) -> bool:
    """Whether a letter is the reader's: a party's are those to their address, the customer's all but those to a party."""
    if reader and roles.get(reader) != CUSTOMER:
        return to == reader
    return roles.get(to, CUSTOMER) == CUSTOMER


Doing = Callable[[Docket, CaseInHand], Refusal | None]


def act(customer: Customer, doing: Doing) -> Refusal | None:
    """Do something to the one case that is open, while it is locked; why not, where it may not be done.

    A case that goes on as another brings that one along, for what is owed is owed there.
    """
    on = {customer.row.pk, merging.survivor(customer.row).pk}
    try:
        with docket(*sorted(on), now=customer.door.now) as taken:
            refusal = doing(taken, taken.cases[customer.row.pk])
            if refusal is not None:
                raise _Undone(refusal)
    except _Undone as undone:
        return undone.refusal
    except LetterMissing as missing:
        return Refusal(str(missing), "A-evidence", "Please call us.")
    return None


class _Undone(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


def back(request: HttpRequest, customer: Customer, words: str) -> HttpResponse:
    """On to the case, after something was done."""
    messages.success(request, words)
    return HttpResponseRedirect(reverse("my-case", args=[customer.row.provider_id]))


def _message(customer: Customer, words: str, files: tuple[Attachment, ...]) -> Doing:
    """What the customer writes, as a contact of theirs, once; a closed case opens again with it."""
    now = customer.door.now
    digests = uploads.digests(files).splitlines()
    there = set(Upload.objects.filter(case=customer.row, sha256__in=digests).values_list("sha256", flat=True))

    def doing(taken: Docket, hand: CaseInHand) -> Refusal | None:
        twice = any(c.inbound and c.words == words and now - c.logged < ONCE for c in hand.case.contacts)
        if twice and there.issuperset(digests):
            return None
        written = _heard(hand, words, files, now)
        for goes_on in (x for x in taken.cases.values() if x is not hand):
            merging.wants_answer(goes_on, hand, written, now)
        if hand.case.closed is not None:
            return actions.reopen(taken, hand, THE_CUSTOMER, now, why="the customer wrote through the portal")
        return None

    return doing


def _heard(hand: CaseInHand, words: str, files: tuple[Attachment, ...], now: datetime) -> str:
    """A contact of the customer's through the portal; its id."""
    contact = NewContact(
        channel="form", received=now, words=words, sender=hand.case.customer.email, files=files
    )
    return actions.add_contact(hand, contact, THE_CUSTOMER, now)


def _takes(request: HttpRequest, customer: Customer, form: Say | AnswerQuestion) -> bool:
    """Whether a form with files is filled in, and there is room for them; what is wrong stands at its boxes."""
    if form.is_valid() and not room.for_files(
        customer.door.provider, network_of(request), form.cleaned_data["enclosed"], customer.door.now
    ):
        form.add_error("enclosed", room.NO_FILES)
    if not form.is_valid():
        form.ask_files_again()
        return False
    return True


@own_case("POST")
def say(request: HttpRequest, customer: Customer) -> HttpResponse:
    """One more message from the customer. A closed case opens again with it: it is not settled, they say."""
    form = Say(request.POST, request.FILES)
    if not _takes(request, customer, form):
        return page(request, customer, say=form, status=422)
    refusal = act(customer, _message(customer, form.cleaned_data["words"], form.cleaned_data["enclosed"]))
    if refusal is not None:
        form.add_error(None, f"{refusal.what}. {refusal.mend}")
        return page(request, customer, say=form, status=422)
    return back(request, customer, _("We have your message."))


@own_case("POST")
def answer(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Accept or refuse the outcome that waits."""
    form = Reply(request.POST)
    if not form.is_valid():
        return page(request, customer, reply=form, status=422)
    said, now = form.cleaned_data, customer.door.now

    def doing(taken: Docket, hand: CaseInHand) -> Refusal | None:
        waiting = hand.case.open_outcome
        if waiting is None or waiting.id != said["outcome"]:
            return Refusal(
                _("This outcome waits for no answer any more"),
                "A-consent",
                _("Look at what is written below."),
            )
        return actions.answer(
            taken,
            hand,
            THE_CUSTOMER,
            now,
            accepted=said["accepted"] == "yes",
            how="portal",
            words=said["words"],
        )

    refusal = act(customer, doing)
    if refusal is not None:
        return _kept_words(request, customer, refusal, said["words"])
    return back(request, customer, _("Thank you. We have your answer."))


def _kept_words(request: HttpRequest, customer: Customer, refusal: Refusal, words: str) -> HttpResponse:
    """Why it was not done. Its box may be gone by now: what was written stands in the box for any message."""
    messages.error(request, f"{refusal.what}. {refusal.mend}")
    return page(request, customer, say=Say(initial={"words": words}), status=422)


@own_case("POST")
def answer_question(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Answer one thing that we asked: it joins the case as a contact of theirs, and the question is over.

    Where it was over before, what they write is a message like any other.
    """
    which = request.POST.get("question", "")
    form = AnswerQuestion(request.POST, request.FILES, question=which)
    if not _takes(request, customer, form):
        return page(request, customer, told=form, status=422)
    now, words, files = customer.door.now, form.cleaned_data["words"], form.cleaned_data["enclosed"]
    message = _message(customer, words, files)

    def doing(taken: Docket, hand: CaseInHand) -> Refusal | None:
        over = hand.case.closed is not None or hand.case.merged_into is not None
        if over or not any(q.id == which for q in questions.open_of(hand.case)):
            return message(taken, hand)
        written = _heard(hand, words, files, now)
        return actions.settle_question(hand, THE_CUSTOMER, now, question=which, how=ANSWERED, contact=written)

    refusal = act(customer, doing)
    if refusal is not None:
        return _kept_words(request, customer, refusal, words)
    return back(request, customer, _("Thank you. We have your answer."))


@own_case("POST")
def ask_higher(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Ask for the next stage of the code's path."""
    form = Higher(request.POST)
    if not form.is_valid():
        return page(request, customer, higher=form, status=422)
    words, now = form.cleaned_data["words"], customer.door.now

    def doing(taken: Docket, hand: CaseInHand) -> Refusal | None:
        if words.strip():
            contact = NewContact(channel="form", received=now, words=words, sender=hand.case.customer.email)
            actions.add_contact(hand, contact, THE_CUSTOMER, now)
        return actions.escalate(
            taken, hand, THE_CUSTOMER, now, channel="portal", why="the customer asked in the portal"
        )

    refusal = act(customer, doing)
    if refusal is not None:
        form.add_error(None, f"{refusal.what}. {refusal.mend}")
        return page(request, customer, higher=form, status=422)
    return back(request, customer, _("Your case is with the next person now."))
