"""The switch of outgoing mail: what is held, of which kind and how old, stands before it; each kind is then asked about."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.core.duties import ADR
from amends.core.may import Refusal
from amends.core.saying import counted, moment
from amends.desk import access
from amends.desk.forms.mail import Release, Switch
from amends.desk.freeze import HELD
from amends.desk.models import Mail, Outgoing
from amends.desk.providers import Held, held_summary, release, switch_mail
from amends.desk.story import LETTER_TITLES
from amends.desk.views.here import KEEP, Here, console
from amends.desk.views.pages import back, show

ADR_SHOWN: Final = 50


@console(roles=KEEP, methods=("GET", "HEAD", "POST"))
def sending(request: HttpRequest, here: Here) -> HttpResponse:
    """The switch of outgoing mail. What is owed, of which kind and how old, is shown before it is thrown."""
    form = Switch(request.POST or None, initial={"mail": here.provider.mail})
    if request.method == "POST" and form.is_valid():
        refusal = switch_mail(here.provider, Mail(form.cleaned_data["mail"]), by=here.id, now=here.now)
        if refusal is None:
            messages.success(
                request, _("Outgoing mail is set. Letters held until now stay held until you say otherwise.")
            )
            return back(here, "sending")
        form.add_error("mail", str(refusal))
    return _sending(request, here, form, None, 422 if form.is_bound else 200)


def _sending(
    request: HttpRequest, here: Here, form: Switch, letting: Release | None, status: int = 200
) -> HttpResponse:
    held = held_summary(here.provider)
    letting = letting or Release(kinds=_kinds(held))
    named = [(h, LETTER_TITLES.get(h.letter, h.letter)) for h in held]
    adr = _adr_letters(here) if here.reads else []
    return show(
        request, here, "console/sending.html", at="house", status=status, form=form, release=letting, held=named,
        adr=adr[:ADR_SHOWN], more_adr=len(adr) > ADR_SHOWN,
        off=here.provider.mail == Mail.OFF,
    )  # fmt: skip


def _adr_letters(here: Here) -> list[Outgoing]:
    """The ADR letters that are held, the longest owed first: none may be dropped with others, so each is named."""
    held = access.outgoing_for(here.person, here.provider.pk).filter(state=HELD, letter=ADR)
    return list(held.select_related("case").order_by("case__first_received", "id")[: ADR_SHOWN + 1])


def _kinds(held: tuple[Held, ...]) -> list[tuple[str, str, bool]]:
    counts: dict[str, int] = defaultdict(int)
    oldest: dict[str, Any] = {}
    for each in held:
        counts[each.letter] += each.count
        oldest[each.letter] = min(oldest.get(each.letter, each.oldest), each.oldest)
    return [
        (
            kind,
            f"{LETTER_TITLES.get(kind, kind)}: {count:,}, the oldest of {moment(oldest[kind])}",
            kind != ADR,
        )
        for kind, count in counts.items()
    ]


@console(roles=KEEP, methods=("POST",))
def let_go(request: HttpRequest, here: Here) -> HttpResponse:
    """Let held letters go, or drop them, kind by kind."""
    form = Release(request.POST, kinds=_kinds(held_summary(here.provider)))
    switch = Switch(initial={"mail": here.provider.mail})
    if not form.is_valid():
        return _sending(request, here, switch, form, 422)
    done = release(here.provider, form.answers, why=form.cleaned_data["why"], by=here.id, now=here.now)
    if isinstance(done, Refusal):
        form.add_error(None, str(done))
        return _sending(request, here, switch, form, 422)
    messages.success(
        request,
        _("Leaving now: %(sent)s. Withdrawn: %(dropped)s.")
        % {
            "sent": counted(sum(done.sent.values()), "letter"),
            "dropped": counted(sum(done.dropped.values()), "letter"),
        },
    )
    return back(here, "sending")
