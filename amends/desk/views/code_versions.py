"""The versions of a code: the difference of any two, the file to take away, and the next version written at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from amends.core.build import build
from amends.core.calendar import london_date
from amends.core.code import Code
from amends.core.publish.around import Around
from amends.core.publish.changes import Run, changes, runs
from amends.core.publish.page import fragment
from amends.core.publish.published import Change
from amends.core.schemes import Membership
from amends.desk import code_site, drafts
from amends.desk.drafts import Draft
from amends.desk.forms.files import Adopting, Boxes
from amends.desk.holidays import calendars
from amends.desk.models import AdoptedCode, CaseRow, RoleName, SchemeMembership
from amends.desk.providers import Adopted
from amends.desk.views.file_lines import Line, lines_of
from amends.desk.views.here import EVERYBODY, KEEP, Here, console
from amends.desk.views.pages import back, few, show

ADOPTS: Final = frozenset({RoleName.COMPLIANCE, RoleName.ADMINISTRATOR})
"""Who puts a version of the code, or the words of letters, in force."""
COUNTED: Final = 1000


@dataclass(frozen=True, slots=True)
class Shown:
    """One change as a page shows it: the words before and after, cut where they differ."""

    change: Change
    before: tuple[Run, ...]
    now: tuple[Run, ...]


def shown(found: tuple[Change, ...]) -> list[Shown]:
    """Changes, with what differs in each marked."""
    return [Shown(change, *runs(change.before, change.now)) for change in found]


@console(roles=EVERYBODY)
def code_file(_request: HttpRequest, here: Here, position: int) -> HttpResponse:
    """The very file that was adopted."""
    row = _row(here, position)
    answer = HttpResponse(row.text, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="{here.provider.pk}-code-{row.position}.yaml"'
    )
    return answer


@console(roles=EVERYBODY)
def difference(request: HttpRequest, here: Here) -> HttpResponse:
    """What a reader finds changed between two versions: any two, in the order of the address."""
    rows = list(AdoptedCode.objects.filter(provider=here.provider).order_by("-position"))
    before, now = (_chosen(rows, request.GET.get(name, "")) for name in ("before", "now"))
    found: list[Shown] | None = None
    if before is not None and now is not None:
        found = shown(changes(_compiled(before), _compiled(now)))
    return show(
        request, here, "console/code_difference.html", at="house", rows=rows, before=before, after=now, found=found,
    )  # fmt: skip


def _chosen(rows: list[AdoptedCode], said: str) -> AdoptedCode | None:
    return next((row for row in rows if str(row.position) == said), None)


def _compiled(row: AdoptedCode) -> Code:
    code, problems = build(row.text, row.code)
    if code is None:
        raise Http404(f"{row} no longer compiles: {problems[0].message if problems else ''}")
    return code


def _row(here: Here, position: int) -> AdoptedCode:
    row = AdoptedCode.objects.filter(provider=here.provider, position=position).first()
    if row is None:
        raise Http404(str(position))
    return row


# --- the next version --------------------------------------------------------------------------------------


@console(roles=KEEP, methods=("GET", "HEAD", "POST"))
def next_version(request: HttpRequest, here: Here) -> HttpResponse:
    """The next version while it is written: its text, what is wrong at which line, what it changes, how it will look."""
    if request.method != "POST":
        said = request.GET.get("from", "")
        position = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else None
        text = drafts.begin(here.provider, position)
        return _editor(request, here, Adopting(initial={"text": text}))
    form = Adopting(request.POST)
    if not form.is_valid():
        return _editor(request, here, form, status=422)
    text, step = drafts.plain(form.cleaned_data["text"]), request.POST.get("step", "")
    if step == "boxes":
        return _boxes(request, here, Boxes(text=text))
    if step == "write":
        boxes = Boxes(request.POST, text=text)
        if not boxes.is_valid():
            return _boxes(request, here, boxes, status=422)
        return _editor(
            request, here, _with(form, boxes.file), drafts.draft(here.provider, boxes.file, here.now)
        )
    found = drafts.draft(here.provider, text, here.now)
    if step == "look" and found.code is not None:
        return _look(request, here, found)
    return _editor(request, here, _with(form, text), found)


@console(roles=ADOPTS, methods=("POST",))
def adopt_version(request: HttpRequest, here: Here) -> HttpResponse:
    """Put the next version in force from its day."""
    form = Adopting(request.POST)
    if not form.is_valid():
        return _editor(request, here, form, status=422)
    text, why = form.cleaned_data["text"], form.cleaned_data["why"].strip()
    done = drafts.adopt_draft(here.provider, text, why=why, by=here.id, now=here.now)
    if isinstance(done, Adopted):
        messages.success(request, _("The version is adopted. It governs complaints from its day on."))
        return back(here, "house")
    found = drafts.draft(here.provider, text, here.now)
    form = _with(form, found.text)
    if found.faulty and not found.barred:
        form.add_error(
            "why", _("Something is against a rule of its day. Mend it, or say why it is taken as it is.")
        )
    return _editor(request, here, form, found, status=422)


def _with(form: Adopting, text: str) -> Adopting:
    """The form with another text in it, already judged."""
    said = QueryDict(mutable=True)
    said.update({"text": text, "why": form.cleaned_data.get("why", "")})
    again = Adopting(said)
    again.full_clean()
    return again


def _editor(
    request: HttpRequest, here: Here, form: Adopting, found: Draft | None = None, status: int = 200
) -> HttpResponse:
    lines: list[Line] = lines_of(found.text, found.problems) if found else []
    return show(
        request, here, "console/code_next.html", at="house", status=status, form=form, found=found, lines=lines,
        changes=shown(found.changes) if found else [], may_adopt=here.may(ADOPTS),
        stays=_stays(here) if found else "", today=london_date(here.now),
    )  # fmt: skip


def _stays(here: Here) -> str:
    """How many open complaints there are, which keep the version under which they began."""
    count = CaseRow.objects.filter(provider=here.provider, is_open=True)[:COUNTED].count()
    return few(count, count == COUNTED)


def _boxes(request: HttpRequest, here: Here, form: Boxes, status: int = 200) -> HttpResponse:
    text = request.POST.get("text", "")
    return show(
        request, here, "console/code_boxes.html", at="house", status=status, form=form, text=drafts.plain(text),
        why=request.POST.get("why", ""),
    )  # fmt: skip


def _look(request: HttpRequest, here: Here, found: Draft) -> HttpResponse:
    """The page that customers will read from its day on."""
    assert found.code is not None
    memberships = tuple(
        Membership(m.scheme, m.since, m.until)
        for m in SchemeMembership.objects.filter(provider=here.provider)
    )
    rows = AdoptedCode.objects.filter(provider=here.provider, code=found.code.id).order_by("position")
    last = rows.exclude(fingerprint=found.code.fingerprint).last()
    texts = [last.text, found.text] if last else [found.text]
    versions = [code_site.read_version(text, "code.yaml") for text in texts]
    on = max(london_date(here.now), found.code.in_force_from or london_date(here.now))
    page = code_site.published(versions, len(versions) - 1, on, memberships, calendars())
    html: Any = mark_safe(fragment(page, Around()))  # noqa: S308 - every word was escaped as it went in
    return show(request, here, "console/code_look.html", at="house", html=html, found=found)
