"""The chats of a provider on one page: who waits and how long, one's own side by side, each taken, handed on and ended.

The page is one form: whatever is pressed, what is half typed in every box is kept on the server, and stands there again
after a reload, in another browser, or at the side of another chat. Without JavaScript a press looks for new words.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Left
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from amends.core import facts as f
from amends.core.case import State
from amends.core.code import Unless
from amends.core.letters.blocks import one_line
from amends.core.may import Refusal
from amends.desk import access, actions, chat_filing, chats
from amends.desk.access import NotYours
from amends.desk.actions import Actor
from amends.desk.browser import OWN_FRAME
from amends.desk.chat_filing import Ending, NotFiled
from amends.desk.forms.chat import EndChat
from amends.desk.forms.contact import CHECKED
from amends.desk.forms.deciding import BY_A_PERSON
from amends.desk.forms.keeping import customer_known
from amends.desk.models import CaseRow, Chat, ChatLine, Writer
from amends.desk.record import CaseInHand, Docket, LetterMissing
from amends.desk.reference import normal
from amends.desk.search import Result
from amends.desk.views.case import colleagues
from amends.desk.views.here import WORK, Here, console
from amends.desk.views.pages import show
from amends.desk.views.portal.chat import LOOK_AGAIN, door_of
from amends.desk.views.portal.page import door as portal_door
from amends.law import law

SHOWN: Final = 100
"""Chats that go on at one provider and that one page shows."""
DEFINITION: Final = "R-01"
BEGINS: Final = 90
"""Characters of a customer's first words that stand beside a chat that waits."""
READ: Final = 400
"""So much of them is read to find these: what is only space is taken out."""


@dataclass(frozen=True, slots=True)
class Held:
    """A chat as the page shows it: who holds it, whether each side is still there, its lines, its half-typed words."""

    chat: Chat
    away: bool
    """Whether its holder has gone away, so that a colleague may take it."""
    customer_away: bool
    nonce: str = ""
    lines: list[ChatLine] = field(default_factory=list)
    begins: str = ""
    """How the customer's first words begin, on one line: of a chat that waits."""


def _open(here: Here) -> QuerySet[Chat]:
    return access.chats_for(here.person, here.provider.pk).filter(over=False)


@console(roles=WORK, methods=("GET", "HEAD", "POST"))
def board(request: HttpRequest, here: Here) -> HttpResponse:
    """The page of the chats."""
    problem: Refusal | None = None
    if request.method == "POST":
        chats.keep_drafts(here.provider.pk, here.actor, _typed(request))
        done = _do(request, here)
        if isinstance(done, HttpResponse):
            return done
        problem = done
        if problem is None:
            return HttpResponseRedirect(reverse("chats", args=[here.provider.pk]))
    return _page(request, here, problem)


def _typed(request: HttpRequest) -> dict[int, str]:
    """The half-typed words of each chat on the page."""
    found = ((name.removeprefix("words-"), str(said)) for name, said in request.POST.items())
    return {int(number): said for number, said in found if _is_number(number)}


def _is_number(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) < 16


def _do(request: HttpRequest, here: Here) -> HttpResponse | Refusal | None:
    """What was pressed: `here`, `away`, `look`, or a deed and the number of its chat."""
    what, _colon, number = request.POST.get("do", "look").partition(":")
    if what in ("here", "away"):
        chats.come(here.provider, here.person, here.now, here=what == "here")
        return None
    if what == "look" or not _is_number(number):
        return None
    chat = _open(here).filter(pk=int(number)).first()
    if chat is None:
        return Refusal(_("That chat is over"), chats.CLAUSE, _("Look at the case that it became."))
    if what == "take":
        chats.come(here.provider, here.person, here.now, here=True)
        return chats.take(chat.pk, here.actor, here.now)
    if what == "send":
        words = request.POST.get(f"words-{chat.pk}", "")
        nonce = request.POST.get(f"nonce-{chat.pk}", "")
        return chats.say(chat.pk, Writer.PERSON, words, here.now, by=here.actor, nonce=nonce)
    if what == "hand":
        return chats.hand(
            chat.pk, here.actor, _colleague(here, request.POST.get(f"to-{chat.pk}", "")), here.now
        )
    return (
        HttpResponseRedirect(reverse("end-chat", args=[here.provider.pk, chat.pk])) if what == "end" else None
    )


def _colleague(here: Here, who: str) -> Actor:
    return next((c for c in colleagues(here.provider.pk) if c.id == who), Actor("", _("Nobody")))


def _page(request: HttpRequest, here: Here, problem: Refusal | None) -> HttpResponse:
    there = chats.who_is_there(here.provider.pk, here.now)
    me = chats.sign_of(here.provider, here.person, here.now)
    rows = list(_open(here).select_related("proved").order_by("opened", "id")[:SHOWN])
    mine = [held(c, there, here.now) for c in rows if c.person == here.id]
    _with_lines(mine)
    waiting = _with_first_words([held(c, there, here.now) for c in rows if not c.person])
    others = [held(c, there, here.now) for c in rows if c.person and c.person != here.id]
    return show(
        request, here, "console/chats.html", at="chats", status=422 if problem else 200, mine=mine, waiting=waiting,
        others=others, i_am_here=bool(me and me.here), problem=problem, version=_version(rows, there, here),
        colleagues=[c for c in colleagues(here.provider.pk) if c.id in there and c.id != here.id],
        chat_door=door_of(portal_door(here.provider.pk)),
    )  # fmt: skip


def held(chat: Chat, there: set[str], now: datetime) -> Held:
    """A chat with who is there for it."""
    away = bool(chat.person) and chat.person not in there
    return Held(chat, away, chats.customer_is_away(chat, now), secrets.token_urlsafe(12))


def _with_lines(mine: list[Held]) -> None:
    """The lines of these chats, by one question for all of them."""
    found: dict[int, list[ChatLine]] = defaultdict(list)
    for line in ChatLine.objects.filter(chat__in=[h.chat.pk for h in mine]).order_by("chat_id", "seq"):
        found[line.chat_id].append(line)
    for one in mine:
        one.lines.extend(found[one.chat.pk])


def _with_first_words(waiting: list[Held]) -> list[Held]:
    """How the first words of these customers begin, by one question for all of them."""
    theirs = ChatLine.objects.filter(chat=OuterRef("pk"), writer=Writer.CUSTOMER).order_by("seq")
    asked = Chat.objects.filter(pk__in=[h.chat.pk for h in waiting])
    first = asked.annotate(first=Subquery(theirs.annotate(start=Left("words", READ)).values("start")[:1]))
    found = dict(first.values_list("pk", "first"))
    return [replace(h, begins=_beginning(one_line(found.get(h.chat.pk) or ""))) for h in waiting]


def _beginning(words: str) -> str:
    return words if len(words) <= BEGINS else f"{words[: BEGINS - 1].rstrip()}…"


def _version(rows: list[Chat], there: set[str], here: Here) -> str:
    """A few letters that change as soon as anything on the page does; each minute while somebody waits."""
    said = "|".join(
        f"{c.pk},{chats.version(c.lines, c.state, c.person, left=c.customer_left)},"
        f"{int(chats.customer_is_away(c, here.now))},{int(c.person in there)}"
        for c in rows
    )  # fmt: skip
    minute = f"{here.now:%H%M}" if any(not c.person for c in rows) else ""
    return chats.hashed(f"{here.id} {said} {minute}")[:16]


def _current(here: Here) -> str:
    chats.sign_of(here.provider, here.person, here.now)
    there = chats.who_is_there(here.provider.pk, here.now)
    rows = list(_open(here).order_by("opened", "id")[:SHOWN])
    return _version(rows, there, here)


@console(roles=WORK)
def chats_news(_request: HttpRequest, here: Here) -> HttpResponse:
    """Whether anything has happened in the chats of this provider: a few letters, asked for every few seconds."""
    return HttpResponse(_current(here), content_type="text/plain; charset=utf-8")


@xframe_options_sameorigin
@console(roles=WORK)
def chats_bell(request: HttpRequest, here: Here) -> HttpResponse:
    """A small page for a browser without JavaScript: it looks again by itself and says when something is new."""
    new = _current(here) != request.GET.get("seen", "")
    answer = show(request, here, "parts/bell.html", new=new)
    answer.headers["Content-Security-Policy"] = OWN_FRAME
    if request.GET.get("still") != "yes":
        answer.headers["Refresh"] = str(LOOK_AGAIN)
    return answer


# --- ending a chat -----------------------------------------------------------------------------------------


@console(roles=WORK, methods=("GET", "HEAD", "POST"))
def end_chat(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """The page on which a person ends a chat: whose it is, was it a complaint, how it goes on."""
    chat = (
        access.chats_for(here.person, here.provider.pk)
        .filter(pk=number)
        .select_related("proved", "case")
        .first()
    )
    if chat is None:
        raise Http404(str(number))
    if chat.case is not None:
        return HttpResponseRedirect(reverse("case", args=[here.provider.pk, chat.case.reference]))
    form = _form(request, here, chat)
    if request.method != "POST":
        return _end_page(request, here, chat, form)
    if not form.is_valid():
        return _end_page(request, here, chat, form, status=422)
    try:
        filed = chat_filing.file(chat.pk, here.actor, here.now, _ending(here, chat, form))
    except (NotFiled, LetterMissing, NotYours) as undone:
        form.add_error(None, _("There is no such case.") if isinstance(undone, NotYours) else str(undone))
        return _end_page(request, here, chat, form, status=422)
    messages.success(request, _("The chat stands on the case."))
    return HttpResponseRedirect(reverse("case", args=[here.provider.pk, filed.case.reference]))


def _form(request: HttpRequest, here: Here, chat: Chat) -> EndChat:
    wanted = chat_filing.suggestions(chat)
    rows = {r.pk: r for r in access.cases(here.person, here.provider.pk).filter(pk__in=wanted)}
    results = [
        Result(r.reference, r.customer_name, r.postcode.partition(" ")[0], r.is_open)
        for r in (rows[pk] for pk in wanted if pk in rows)
    ]
    proved = chat.proved.reference if chat.proved else ""
    start = {} if proved else {"name": chat.name, "email": chat.email}
    return EndChat(
        request.POST if request.method == "POST" else None, results=results, proved=proved,
        definition=law().rule(DEFINITION).says, start=start,
    )  # fmt: skip


def _end_page(
    request: HttpRequest, here: Here, chat: Chat, form: EndChat, *, status: int = 200
) -> HttpResponse:
    lines = ChatLine.objects.filter(chat=chat).order_by("seq")
    theirs = (
        not chat.person
        or chat.person == here.id
        or chat.person not in chats.who_is_there(here.provider.pk, here.now)
    )
    return show(
        request,
        here,
        "console/chat_end.html",
        at="chats",
        status=status,
        chat=chat,
        form=form,
        lines=lines,
        free=theirs,
    )


def _ending(here: Here, chat: Chat, form: EndChat) -> Ending:
    """What the form says. Raises NotYours for a case that there is none of, NotFiled where a colleague holds the chat."""
    if chat.person not in ("", here.id) and chat.person in chats.who_is_there(here.provider.pk, here.now):
        raise NotFiled(
            Refusal(f"{chat.person_name} holds this chat", chats.CLAUSE, "Ask them to hand it to you.")
        )
    onto = _onto(here, form.case)
    return Ending(
        "ended", onto=onto, as_new=not form.case, known=_known(here, form, chat, onto),
        answered=form.cleaned_data["answered"], also=_also(here, form),
    )  # fmt: skip


def _onto(here: Here, reference: str) -> CaseRow | None:
    return (
        access.case_for(here.person, here.provider.pk, normal(reference) or reference) if reference else None
    )


def _known(here: Here, form: EndChat, chat: Chat, onto: CaseRow | None) -> f.CustomerKnown | None:
    """What was written down of the customer; of an existing case only what is new there."""
    said = dict(form.cleaned_data)
    if onto is None and chat.proved is not None:
        said["name"] = said["name"] or chat.proved.customer_name
        said["email"] = said["email"] or chat.proved.customer_email
    known = customer_known(said, here.actor, here.now)
    filled = (known.name, known.email, known.phone, known.account, known.customer_kind)
    return known if any(filled) else None


def _also(here: Here, form: EndChat) -> chat_filing.Doing:
    said, by, now = form.cleaned_data, here.actor, here.now

    def doing(taken: Docket, hand: CaseInHand, contact: str) -> Refusal | None:
        done: list[Refusal | None] = []
        if said["identity"] in CHECKED:
            done.append(
                actions.check_identity(
                    hand, by, now, passed=said["identity"] == "yes", how=said["identity_how"]
                )
            )
        if said["complaint"] in ("yes", "no"):
            complaint = said["complaint"] == "yes"
            done.append(
                actions.decide_complaint(
                    hand, by, now, contact=contact, complaint=complaint, why=said["why_not"]
                )
            )
        if said["take"]:
            done.append(actions.assign(hand, by, now, handler=by))
        if said["ends"] == "settled" and hand.case.state is not State.CLOSED:
            done.append(_settled(taken, hand, by, now, said))
        return next((r for r in done if r is not None), None)

    return doing


def _settled(
    taken: Docket, hand: CaseInHand, by: Actor, now: datetime, said: dict[str, Any]
) -> Refusal | None:
    evidence = "not a complaint" if hand.case.complaint is False else "customer confirmed"
    first = len([c for c in hand.case.contacts if c.inbound and not c.machine]) == 1
    how = str(Unless.SETTLED_FIRST_CONTACT) if first else BY_A_PERSON
    return actions.close(taken, hand, by, now, evidence=evidence, how=how, words=said["settled_words"])
