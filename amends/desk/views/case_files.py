"""The case file for a scheme: what goes into it and what is left out, made, and taken away as a PDF or a zip."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from amends.core.calendar import london_date
from amends.core.eligibility import SchemeAnswer
from amends.core.may import Refusal
from amends.core.scheme_path import may_go
from amends.desk import access, merging
from amends.desk.at_scheme import has_it
from amends.desk.case_files import making, zipped
from amends.desk.case_files.pieces import CODES, LeftOut, Paper, Piece, Reason
from amends.desk.models import CaseFileRow
from amends.desk.opened import Opened, facts_of
from amends.desk.people import names_at
from amends.desk.story import tell
from amends.desk.views.case import open_for, papers
from amends.desk.views.here import WORK, Here, console
from amends.desk.views.pages import show

PDF, ZIP = "pdf", "zip"
WORDS_LIMIT: Final = 4000


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may be left out, with the boxes that are ticked."""

    which: Piece | Paper
    ticked: frozenset[str]

    @property
    def boxes(self) -> Iterator[tuple[str, str, bool]]:
        """A box for each reason: its value, its words, whether it is ticked."""
        for code, reason in CODES.items():
            yield f"{code}/{self.which.id}", str(reason), code in self.ticked


@dataclass(frozen=True, slots=True)
class Chosen:
    """One piece with its documents, each with its boxes."""

    piece: Piece
    choice: Choice
    papers: tuple[tuple[Paper, Choice], ...]


@console(methods=("GET", "HEAD", "POST"))
def case_file(request: HttpRequest, here: Here, reference: str) -> HttpResponse:
    """What goes into the file, and the files that were made; pressed, one more is made."""
    opened = open_for(here, reference)
    ended = merging.ended_in(opened.row) if opened.case.merged else []
    others = facts_of(ended)
    story = tell(opened.facts, papers(here, opened, ended), others)
    seen = len(opened.facts) + sum(map(len, others.values()))
    refusal: Refusal | None = None
    if request.method == "POST":
        if not here.may(WORK):
            raise Http404(reference)
        asked = request.POST.get("facts", "")
        then = int(asked) if asked.isdecimal() and len(asked) < 10 else -1
        words = request.POST.get("words", "")[:WORDS_LIMIT]
        left_out = ticked(request.POST.getlist("out"))
        made = making.make(
            opened.row, opened.case, opened.book, then, story, left_out, words, by=here.actor, now=here.now
        )
        if isinstance(made, CaseFileRow):
            messages.success(request, _("The case file is made. Look at it before it goes to the scheme."))
            return HttpResponseRedirect(reverse("case-file", args=[here.provider.pk, opened.row.reference]))
        refusal = made
    marked = ticked(request.POST.getlist("out")) if request.method == "POST" else None
    return show(
        request, here, "console/case_file.html", at="cases", status=422 if refusal else 200, row=opened.row,
        case=opened.case, refusal=refusal, shut=has_it(opened.case), chosen=choices(story, marked),
        answer=eligible(here, opened), words=request.POST.get("words", ""), facts_seen=seen,
        files=_files(here, opened),
    )  # fmt: skip


def _files(here: Here, opened: Opened) -> list[tuple[CaseFileRow, str, object]]:
    names = names_at(here.provider.pk)
    sent = {x.number: x.sent for x in opened.case.case_files}
    rows = access.case_files_for(here.person, here.provider.pk).filter(case=opened.row).order_by("-number")
    return [(x, names.get(x.made_by, x.made_by), sent.get(x.number)) for x in rows.defer("papers")]


def eligible(here: Here, opened: Opened) -> SchemeAnswer | None:
    """Whether the complaint may go, or might have gone, to the scheme, with every reason why not."""
    referral = opened.case.referral
    return may_go(opened.case, opened.book, london_date(referral.at if referral else here.now))


def choices(story: making.Story, marked: LeftOut | None) -> list[Chosen]:
    """Every piece with its boxes: as they were ticked, or as they are before anybody has looked."""
    found = []
    for _day, pieces in making.what_goes(story, {}).days:
        for piece in pieces:
            begins = {piece.id: piece.begins_out} if marked is None else marked
            own = tuple((paper, _choice(paper, begins)) for paper in piece.papers)
            found.append(Chosen(piece, _choice(piece, begins), own))
    return found


def _choice(which: Piece | Paper, marked: LeftOut) -> Choice:
    names = frozenset(reason.name.lower() for reason in Reason if reason in marked.get(which.id, ()))
    return Choice(which, names)


def ticked(values: Sequence[str]) -> LeftOut:
    """What was ticked, by the ids of pieces and papers; what is no box of ours is left aside."""
    out: dict[str, list[Reason]] = {}
    for value in values:
        code, _slash, which = value.partition("/")
        if code in CODES and which:
            out.setdefault(which, []).append(CODES[code])
    return out


@console()
def case_file_as(
    request: HttpRequest, here: Here, reference: str, number: int, kind: str
) -> HttpResponseBase:
    """One case file, as a PDF or as a zip with every document. Whoever takes it away stands in the audit."""
    opened = open_for(here, reference)
    rows = access.case_files_for(here.person, here.provider.pk).filter(case=opened.row, number=number)
    made = rows.select_related("pdf", "case").first() if number < 10**9 and kind in (PDF, ZIP) else None
    if made is None or not made.pdf.content:
        raise Http404(f"{reference}/{number}")
    name = f"{opened.row.reference}-case-file-{made.number}.{kind}"
    answer: HttpResponseBase = _pdf(made, name) if kind == PDF else _zip(made, name)
    if request.method == "GET":
        making.audit(made, here.id, here.now, "case file taken away", format=kind)
    return answer


def _pdf(made: CaseFileRow, name: str) -> HttpResponse:
    answer = HttpResponse(bytes(made.pdf.content), content_type="application/pdf")
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=False, filename=name) or "inline"
    )
    return answer


def _zip(made: CaseFileRow, name: str) -> FileResponse:
    """The zip, written to a file on disk and sent from there. Raises Http404 where a document is not what it was."""
    into = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it when it has been sent
    try:
        zipped.write(made, into)
    except zipped.NotAsMade as gone:
        into.close()
        raise Http404(str(gone)) from gone
    into.seek(0)
    return FileResponse(into, as_attachment=True, filename=name, content_type="application/zip")
