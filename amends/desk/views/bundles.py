"""A copy of personal data on a page: what is held, each mark to be decided, and the copies that were made."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from typing import Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.core import data_answers
from amends.core.may import Refusal
from amends.desk import access, merging, unsent
from amends.desk.bundles import deciding, making
from amends.desk.bundles.deciding import REASONS, STAFF_POLICY, STAFF_STAY
from amends.desk.bundles.gathering import Held, cases_of, gather
from amends.desk.case_files.zipped import NotAsMade
from amends.desk.models import CaseRow, DataBundleRow, Draft
from amends.desk.opened import Opened
from amends.desk.people import names_at
from amends.desk.views.acting import BY_ITSELF, DRAFT
from amends.desk.views.case import open_for
from amends.desk.views.here import WORK, Here, console
from amends.desk.views.pages import show

ZIP, PAGE = "zip", "page"
MOST_CHOSEN: Final = 200
"""Further words that a person may have taken out of one copy."""
MAKE: Final = "make"


@console(methods=("GET", "HEAD", "POST"))
def bundle(request: HttpRequest, here: Here, reference: str) -> HttpResponse:
    """What is held of the person, with its marks; pressed, and every mark decided, a copy is made."""
    opened = open_for(here, reference)
    shut = data_answers.bring_together(opened.case)
    mine = access.cases(here.person, here.provider.pk)
    draft = unsent.find(here.person, here.provider, opened.row, unsent.DATA_COPY) if here.works else None
    kept = unsent.as_form(draft) if draft is not None else QueryDict()
    sent = request.POST if request.method == "POST" else kept
    also = [x for x in (request.GET.getlist("also") or sent.getlist("also")) if x]
    chosen = [line.strip() for line in sent.get("chosen", "").splitlines() if line.strip()][:MOST_CHOSEN]
    held = gather(opened.row, cases_of(opened.row, mine, also), chosen)
    said = {name: value for name, value in sent.items() if isinstance(value, str)}
    refusal: Refusal | None = None
    if request.method == "POST":
        if not here.may(WORK):
            raise Http404(reference)
        draft = None
        if (answer := _kept(request, here, opened, said.get("step", ""))) is not None:
            return answer
        if said.get("step") == MAKE:
            made = making.make(
                opened.row, opened.book, held, _number(said.get("facts", "")), said, said.get("staff", ""), by=here.actor,
                now=here.now,
            )  # fmt: skip
            if isinstance(made, DataBundleRow):
                unsent.drop(here.person, here.provider, [opened.row], unsent.DATA_COPY)
                messages.success(request, _("The copy is made. Look at it, then hand it out."))
                return HttpResponseRedirect(reverse("bundle", args=[here.provider.pk, opened.row.reference]))
            refusal = made
    return _page(
        request, here, opened, held, said, refusal=refusal, shut=shut, also=also, chosen=chosen, draft=draft
    )


def _kept(request: HttpRequest, here: Here, opened: Opened, step: str) -> HttpResponse | None:
    """What was decided so far is kept for whoever decides, at every press: nobody begins a long page twice."""
    kept = unsent.keep(here.person, here.provider, opened.row, unsent.DATA_COPY, request.POST, here.now)
    if BY_ITSELF in request.headers:
        return HttpResponse(status=204 if kept else 422)
    if step == DRAFT and kept:
        messages.success(request, _("What you decided so far is kept, for you alone. It waits in My day."))
    return None


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 10 else -1


def _page(  # noqa: PLR0913 - a page of what was read and what was typed, each by its own name
    request: HttpRequest, here: Here, opened: Opened, held: Held, said: Mapping[str, str], *, refusal: Refusal | None,
    shut: Refusal | None, also: list[str], chosen: list[str], draft: Draft | None,
) -> HttpResponse:  # fmt: skip
    gone = making.gone_papers(held)
    open_ = set(deciding.undecided(held, said, gone)) if refusal is not None else set()
    return show(
        request, here, "console/bundle.html", at="cases", status=422 if refusal else 200, row=opened.row,
        case=opened.case, refusal=refusal, shut=shut, held=held, questions=deciding.questions(held, said),
        wholes=deciding.wholes(held, said, gone), open=open_, reasons=REASONS.items(), policies=STAFF_POLICY.items(),
        staff=said.get("staff", STAFF_STAY), chosen="\n".join(chosen), also=also, near=_near(here, opened, held),
        made=_made(here, opened), handed={x.number: x for x in opened.case.bundles}, draft=draft,
    )  # fmt: skip


def _near(here: Here, opened: Opened, held: Held) -> list[tuple[merging.Near, bool]]:
    """Cases that may be of the same person, where nobody has said whose they are; those that were ticked, ticked."""
    there = {each.pk for each in held.cases}
    mine = access.cases(here.person, here.provider.pk)
    found = merging.near(mine, opened.row, opened.case)
    return [(near, near.row.pk in there) for near in found if not _theirs(near.row, opened.row)]


def _theirs(one: CaseRow, other: CaseRow) -> bool:
    """Whether somebody has said already that both are of one customer."""
    return one.customer is not None and one.customer == other.customer


def _made(here: Here, opened: Opened) -> list[tuple[DataBundleRow, str]]:
    names = names_at(here.provider.pk)
    rows = access.bundles_for(here.person, here.provider.pk).filter(case=opened.row).order_by("-number")
    return [(x, names.get(x.made_by, x.made_by)) for x in rows.defer("told")]


@console(roles=WORK)
def bundle_as(request: HttpRequest, here: Here, reference: str, number: int, kind: str) -> HttpResponseBase:
    """One copy as a zip, or its page alone to be printed. Whoever takes it away stands in the audit."""
    opened = open_for(here, reference)
    rows = access.bundles_for(here.person, here.provider.pk).filter(case=opened.row, number=number)
    made = rows.first() if number < 10**9 and kind in (ZIP, PAGE) else None
    if made is None or not made.page:
        raise Http404(f"{reference}/{number}")
    answer = as_zip(made) if kind == ZIP else _page_alone(made)
    if request.method == "GET":
        making.audit(made, here.id, here.now, "copy of personal data taken away", format=kind)
    return answer


def _page_alone(made: DataBundleRow) -> HttpResponse:
    """The page as a download: what it tells was written by strangers."""
    answer = HttpResponse(bytes(made.page or b""), content_type="text/html; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{making.PAGE}"'
    return answer


def as_zip(made: DataBundleRow) -> FileResponse:
    """The zip, written to a file on disk and sent from there. Raises Http404 where a part is not what it was."""
    into = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it when it has been sent
    try:
        making.zip_of(made, into)
    except NotAsMade as gone:
        into.close()
        raise Http404(str(gone)) from gone
    into.seek(0)
    name = f"{made.case.reference}-your-data-{made.number}.zip"
    return FileResponse(into, as_attachment=True, filename=name, content_type="application/zip")
