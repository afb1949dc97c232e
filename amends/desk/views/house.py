"""The provider's own pages: the code in force with its problems at their lines, and the scheme it belongs to."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.core.calendar import london_date
from amends.core.check import judge
from amends.core.schemes import Membership
from amends.desk import access, books
from amends.desk.comments import waiting
from amends.desk.forms.house import SchemeSince
from amends.desk.models import (
    AdoptedCode,
    Mailbox,
    Provider,
    SchemeMembership,
)
from amends.desk.people import names_at
from amends.desk.providers import belong
from amends.desk.views.comments import REVIEW
from amends.desk.views.file_lines import lines_of
from amends.desk.views.here import EVERYBODY, KEEP, Here, console
from amends.desk.views.pages import back, show
from amends.law import law

WAITING_SHOWN: Final = 100
"""So many comments are counted at most while a page waits."""


@console(roles=EVERYBODY)
def house(request: HttpRequest, here: Here) -> HttpResponse:
    """What the provider is: its code, its scheme, its mailboxes, and where its settings are."""
    codes = list(AdoptedCode.objects.filter(provider=here.provider).defer("text").order_by("-position"))
    in_force, _code = books.governing(here.provider.pk, london_date(here.now))
    reviews = here.may(REVIEW)
    return show(
        request, here, "console/house.html", at="house", codes=codes, in_force=in_force, reviews=reviews,
        comments_wait=waiting(here.provider.pk)[:WAITING_SHOWN].count() if reviews else 0,
        memberships=_schemes(here.provider), mailboxes=list(Mailbox.objects.filter(provider=here.provider).order_by("pk")),
    )  # fmt: skip


def _schemes(provider: Provider) -> list[tuple[SchemeMembership, str]]:
    names = {s.id: s.name for s in law().schemes}
    return [
        (m, names.get(m.scheme, m.scheme))
        for m in SchemeMembership.objects.filter(provider=provider).order_by("-since")
    ]


@console(roles=EVERYBODY)
def code(request: HttpRequest, here: Here, position: int) -> HttpResponse:
    """One adopted version, with everything that is wrong with it by the rules of today, at its line."""
    row = AdoptedCode.objects.filter(provider=here.provider, position=position).first()
    if row is None:
        raise Http404(str(position))
    memberships = tuple(Membership(m.scheme, m.since, m.until) for m, _name in _schemes(here.provider))
    _code, found = judge(row.text, f"{row.code}.yaml", law(), london_date(here.now), memberships)
    lines = lines_of(row.text, found)
    said = access.comments_for(here.person, here.provider.pk).filter(code=row) if here.may(REVIEW) else None
    return show(
        request, here, "console/code.html", at="house", code=row, problems=found, lines=lines,
        comments=list(said.order_by("pk")[:WAITING_SHOWN]) if said is not None else [], names=names_at(here.provider.pk),
    )  # fmt: skip


@console(roles=KEEP, methods=("GET", "HEAD", "POST"))
def scheme(request: HttpRequest, here: Here) -> HttpResponse:
    """Record which approved scheme the provider belongs to, and since when."""
    form = SchemeSince(request.POST or None, schemes=[(s.id, s.name) for s in law().schemes])
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        belong(here.provider, said["scheme"], said["since"], by=here.id, now=here.now)
        messages.success(request, _("The scheme is recorded."))
        return back(here, "house")
    return show(
        request, here, "console/scheme.html", at="house", status=422 if form.is_bound else 200, form=form
    )
