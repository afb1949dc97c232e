"""Who else is on a case, told to a page that asks now and then; and one's own drafts, looked through and thrown away."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.desk import unsent
from amends.desk.forms.deeds import BY_SLUG
from amends.desk.models import Draft
from amends.desk.story import tell
from amends.desk.views.case import open_for, papers, since
from amends.desk.views.company import company
from amends.desk.views.here import WORK, Here, console
from amends.desk.views.pages import back

NEW_CONTACT = gettext_lazy("New contact")
DATA_COPY = gettext_lazy("What goes into a copy of personal data")


@console()
def case_here(request: HttpRequest, here: Here, reference: str) -> HttpResponse:
    """Who else is on the case, and what happened since the page was opened: the part of it that changes by itself."""
    opened = open_for(here, reference)
    doing = request.GET.get("doing", "")
    said = request.GET.get("facts", "")
    seen = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else opened.row.facts
    moved = since(opened.facts, seen)
    around = {
        "company": company(here, opened.row, doing if doing in BY_SLUG else ""),
        "happened": [entry for _day, entries in tell(moved, papers(here, opened)) for entry in entries]
        if moved
        else [],
        "writes": doing in BY_SLUG,
        "now": here.now,
        "calendar": opened.book.calendar,
    }
    answer = render(request, "console/here_page.html", around)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@dataclass(frozen=True, slots=True)
class Begun:
    """Something that somebody was writing, with the way back to it."""

    draft: Draft
    words: str | Promise
    address: str


def begun(here: Here) -> list[Begun]:
    """What the person was writing at this provider, the newest first."""
    if not here.works:
        return []
    return [found for draft in unsent.of_person(here.person, here.provider) if (found := _begun(here, draft))]


def _begun(here: Here, draft: Draft) -> Begun | None:
    if draft.deed == unsent.NEW_CONTACT:
        address = reverse("new-contact", args=[here.provider.pk])
        return Begun(draft, NEW_CONTACT, f"{address}?about={draft.case.reference}" if draft.case else address)
    if draft.deed == unsent.DATA_COPY and draft.case is not None:
        return Begun(draft, DATA_COPY, reverse("bundle", args=[here.provider.pk, draft.case.reference]))
    deed = BY_SLUG.get(draft.deed)
    if deed is None or draft.case is None:
        return None
    return Begun(
        draft, deed.label, reverse("deed", args=[here.provider.pk, draft.case.reference, draft.deed])
    )


@console(roles=WORK, methods=("POST",))
def drop_draft(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Throw away one of one's own drafts."""
    mine = Draft.objects.filter(pk=number, person=here.person, provider=here.provider).first()
    if mine is None:
        raise Http404(str(number))
    mine.delete()
    messages.success(request, _("The draft is gone."))
    return back(here, "my-day")
