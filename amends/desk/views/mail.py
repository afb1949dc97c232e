"""Mail that waits for a person: where it may belong, what is wrong with it, and what machines wrote."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.core.saying import moment
from amends.desk import access, inbox, joining
from amends.desk.forms.mail import ASIDE, JOIN, Placed
from amends.desk.inbox import Kept
from amends.desk.message import Message, read_message
from amends.desk.models import CaseRow, KeptMessage
from amends.desk.queue import MOST
from amends.desk.reference import normal
from amends.desk.views.here import WORK, Here, console
from amends.desk.views.pages import Tab, few, show

PAGE: Final = 25
TABS: Final = {
    "held": (gettext_lazy("Waiting"), (Kept.HELD,)),
    "quarantined": (gettext_lazy("In quarantine"), (Kept.QUARANTINED,)),
    "machine": (gettext_lazy("From machines"), (Kept.MACHINE,)),
    "aside": (gettext_lazy("Set aside"), (Kept.SET_ASIDE,)),
    "filed": (gettext_lazy("On cases"), (Kept.FILED, Kept.DUPLICATE)),
}
OLDEST_FIRST: Final = ("held", "quarantined")


@console()
def mail(request: HttpRequest, here: Here) -> HttpResponse:
    """Messages by what became of them: what waits the longest stands first. It opens where something waits."""
    mine = access.messages_for(here.person, here.provider.pk)
    counts = {name: _few(mine, TABS[name][1]) for name in OLDEST_FIRST}
    tab = request.GET.get("state", "")
    if tab not in TABS:
        tab = next((name for name, count in counts.items() if count != "0"), "held")
    oldest = tab in OLDEST_FIRST
    found = mine.filter(state__in=TABS[tab][1])
    after = request.GET.get("from", "")
    if after:
        found = found.filter(**{f"received__{'gt' if oldest else 'lt'}": _moment(after)})
    rows = list(found.select_related("case").order_by("received" if oldest else "-received")[: PAGE + 1])
    onward = rows[PAGE - 1].received.isoformat() if len(rows) > PAGE else ""
    tabs = [
        Tab(words, f"?state={name}", name == tab, counts.get(name, ""))
        for name, (words, _states) in TABS.items()
    ]
    return show(
        request, here, "console/mail.html", at="mail", tabs=tabs, tab=tab, rows=rows[:PAGE], onward=onward,
        waits=oldest,
    )  # fmt: skip


def _few(found: QuerySet[KeptMessage], states: tuple[Kept, ...]) -> str:
    """How many messages are in these states, counted no further than a person would read."""
    count = len(found.filter(state__in=states).order_by().values_list("pk")[: MOST + 1])
    return few(min(count, MOST), count > MOST)


def _moment(words: str) -> datetime:
    try:
        said = datetime.fromisoformat(words)
        if said.tzinfo is None:
            raise Http404(words)
        # A moment in the last hours of the last year that there is lies in none as UTC has it.
        return said.astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise Http404(words) from wrong


def _kept(here: Here, message: UUID) -> tuple[KeptMessage, Message]:
    found = (
        access.messages_for(here.person, here.provider.pk)
        .filter(pk=message)
        .defer(None)
        .select_related("case")
        .first()
    )
    if found is None:
        raise Http404(str(message))
    return found, read_message(bytes(found.raw))


@console()
def message(request: HttpRequest, here: Here, message: UUID) -> HttpResponse:
    """One message: its words, what was odd about it, and where it may belong."""
    kept, read = _kept(here, message)
    waits = inbox.waits(kept)
    suggested = _suggested(here, read) if waits and here.works else []
    form = _form(here, read, suggested) if waits and here.works else None
    return _page(request, here, kept, read, form)


def _form(here: Here, read: Message, suggested: list[CaseRow], data: Any = None) -> Placed:
    forwarded = bool(joining.colleague(here.provider.pk, read))
    wrote = joining.original_sender(read) if forwarded else None
    return Placed(data, suggested=_choices(suggested), wrote=wrote, forwarded=forwarded)


def _suggested(here: Here, read: Message) -> list[CaseRow]:
    wanted = joining.suggestions(here.provider.pk, read)
    rows = {row.pk: row for row in access.cases(here.person, here.provider.pk).filter(pk__in=wanted)}
    return [rows[case] for case in wanted if case in rows]


def _choices(rows: list[CaseRow]) -> list[tuple[str, str]]:
    return [
        (
            r.reference,
            f"{r.reference}, {r.customer_name or _('no name')}, {r.state}: {r.subject or _('no subject')}",
        )
        for r in rows
    ]


def _page(
    request: HttpRequest, here: Here, kept: KeptMessage, read: Message, form: Placed | None, status: int = 200
) -> HttpResponse:
    return show(
        request, here, "console/message.html", at="mail", status=status, kept=kept, read=read, form=form,
        original=joining.original(read).removeprefix("; "),
    )  # fmt: skip


@console(roles=WORK, methods=("POST",))
def place(request: HttpRequest, here: Here, message: UUID) -> HttpResponse:
    """Say where a message belongs."""
    kept, read = _kept(here, message)
    form = _form(here, read, _suggested(here, read), request.POST)
    if not form.is_valid():
        return _page(request, here, kept, read, form, 422)
    try:
        return _placed(request, here, kept, form)
    except inbox.NotWaiting as gone:
        messages.info(request, _("Somebody has dealt with it already: %(why)s.") % {"why": gone})
    except NoSuchCase:
        form.add_error("reference", _("There is no such case here."))
        return _page(request, here, kept, read, form, 422)
    return HttpResponseRedirect(reverse("mail", args=[here.provider.pk]))


class NoSuchCase(LookupError):
    """A message was to join a case that this person has not."""


def _placed(request: HttpRequest, here: Here, kept: KeptMessage, form: Placed) -> HttpResponse:
    said = form.cleaned_data
    if said["what"] == ASIDE:
        inbox.set_aside(kept.pk, by=here.id, now=here.now, why=said["why"])
        messages.success(request, _("It was set aside. It is kept."))
        return HttpResponseRedirect(reverse("mail", args=[here.provider.pk]))
    case = _case(here, said) if said["what"] == JOIN else None
    received = said["received"]
    if received is not None and received > kept.received:
        form.add_error(
            "received", _("It reached this desk before that: %(at)s.") % {"at": moment(kept.received)}
        )
        return _page(request, here, kept, read_message(bytes(kept.raw)), form, 422)
    row = inbox.take_in(kept.pk, by=here.id, now=here.now, case=case, received=received, customer=form.writer)
    messages.success(request, _("The message stands on the case."))
    return HttpResponseRedirect(reverse("case", args=[here.provider.pk, row.reference]))


def _case(here: Here, said: dict[str, Any]) -> int:
    typed = said.get("reference", "").strip()
    wanted = (normal(typed) or typed) if typed else said["case"]
    found = (
        access.cases(here.person, here.provider.pk)
        .filter(reference=wanted)
        .values_list("pk", flat=True)
        .first()
    )
    if found is None:
        raise NoSuchCase(wanted)
    return found
