"""Outages on pages: those that stand and stood, one with its cases, what all are written, its end and its refunds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.core import saying
from amends.core.may import Refusal
from amends.desk import access, outage_runs, outages, powers
from amends.desk.forms.outages import EndOutage, OpenOutage, SettleAll, TellAll, ticked
from amends.desk.limits import What
from amends.desk.models import CaseRow, Outage, OutageRun, OutageTurn, Outgoing
from amends.desk.opened import read
from amends.desk.outage_runs import Reckoned
from amends.desk.outages import DONE, END, REFUND, UPDATE, WAITING
from amends.desk.people import names_at
from amends.desk.record import LetterMissing, docket
from amends.desk.views.here import READ, WORK, Here, console
from amends.desk.views.pages import Tab, show

PAGE: Final = 50
SHOWN: Final = 200
"""Cases on the page of one outage; beyond them the list of cases is the place to look."""
TELLS: Final = access.TELLS_EVERYBODY


def _find(here: Here, number: int) -> Outage:
    found = access.outages_for(here.person, here.provider.pk).filter(number=number).first()
    if found is None:
        raise Http404(str(number))
    return found


@console(roles=READ)
def outage_list(request: HttpRequest, here: Here) -> HttpResponse:
    """Those that stand, or all."""
    past = request.GET.get("show") == "past"
    rows = (
        access.outages_for(here.person, here.provider.pk)
        .filter(until__isnull=not past)
        .order_by("-since", "-pk")
    )
    asked = request.GET.get("from", "")
    start = int(asked) if asked.isdecimal() and len(asked) < 7 else 0
    some = list(rows[start : start + PAGE + 1])
    linked = outages.cases_in(here.provider.pk, [row.number for row in some[:PAGE]])
    counted = [(row, linked.get(row.number, 0)) for row in some[:PAGE]]
    return show(
        request, here, "console/outages.html", at="outages", rows=counted, past=past,
        onward=str(start + PAGE) if len(some) > PAGE else "", from_start=not start, keep="show=past" if past else "",
        tabs=[Tab(_("Standing"), "?", not past), Tab(_("Over"), "?show=past", past)],
    )  # fmt: skip


@console(roles=WORK, methods=("GET", "HEAD", "POST"))
def open_outage(request: HttpRequest, here: Here) -> HttpResponse:
    """Write a new one down."""
    form = OpenOutage(
        request.POST if request.method == "POST" else None, provider=here.provider.pk, now=here.now
    )
    if form.is_bound and form.is_valid():
        row = outages.open_outage(here.provider, form.said(), here.id, here.now)
        messages.success(request, _("The outage is open. Link the cases that are about it."))
        return _to(here, row)
    return show(
        request,
        here,
        "console/outage_open.html",
        at="outages",
        status=422 if form.is_bound else 200,
        form=form,
    )


@console(roles=READ, methods=("GET", "HEAD", "POST"))
def outage(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """One outage, with its cases; linking some of those that may be about it is a press here."""
    row = _find(here, number)
    if request.method == "POST":
        if not here.works:
            raise Http404(str(number))
        return _link(request, here, row)
    runs = list(row.runs.order_by("-number")[:20])
    counted = outages.progress(runs)
    cases = list(outages.linked(row)[:SHOWN])
    near = outages.near(row, access.cases(here.person, here.provider.pk)) if here.works else []
    return show(
        request, here, "console/outage.html", at="outages", row=row, cases=_told(row, cases),
        names=names_at(here.provider.pk), opener=names_at(here.provider.pk).get(row.opened_by, row.opened_by),
        runs=[(run, counted[run.pk], _SAID[run.kind]) for run in runs], tells=here.may(TELLS),
        settled=any(run.kind == REFUND for run in runs), more=len(cases) == SHOWN,
        likely=[n for n in near if n.likely], others=[n for n in near if not n.likely],
    )  # fmt: skip


_SAID: Final = {UPDATE: "Update", END: "Word of its end", REFUND: "Refunds"}


def _told(row: Outage, cases: list[CaseRow]) -> list[tuple[CaseRow, list[OutageTurn]]]:
    """Each case with what became of it in every run."""
    turns: dict[int, list[OutageTurn]] = {}
    found = (
        OutageTurn.objects.filter(run__outage=row, case__in=cases)
        .select_related("run")
        .order_by("run__number")
    )
    for turn in found:
        turns.setdefault(turn.case_id, []).append(turn)
    return [(case, turns.get(case.pk, [])) for case in cases]


def _link(request: HttpRequest, here: Here, row: Outage) -> HttpResponse:
    """Link the cases that were ticked, each by itself: one that cannot be is named, and the others are linked."""
    mine = access.cases(here.person, here.provider.pk)
    some = ticked(request.POST.getlist("cases"))
    wanted = list(mine.filter(pk__in=some).order_by("pk").values_list("pk", flat=True))
    refused: list[str] = []
    shut = 0
    if len(wanted) < len(some):
        refused.append(_("A case that was ticked is none of this provider’s, and was left out."))
    for pk in wanted:
        with docket(pk, now=here.now) as held:
            hand = held.cases[pk]
            refusal = outages.link(hand, row, here.actor, here.now)
            over = outages.others_over(hand.case, row)
        if refusal is not None:
            shut += 1
            refused.append(_said(refusal))
        for other in over if refusal is None else ():
            said = _("%(case)s is linked to %(other)s too: the hours that both have in common count once.")
            messages.info(request, said % {"case": hand.case.reference, "other": other.said})
    for said_no in refused:
        messages.error(request, said_no)
    done = len(wanted) - shut
    if done:
        messages.success(request, _("%(cases)s linked.") % {"cases": saying.counted(done, "case")})
    elif not refused:
        messages.error(request, _("No case was ticked."))
    return _to(here, row)


@console(roles=TELLS, methods=("GET", "HEAD", "POST"))
def outage_tell(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Write to all of its customers: words once, looked at as one of them would get it, then queued."""
    row = _find(here, number)
    kind = END if row.until is not None else UPDATE
    step = request.POST.get("step", "")
    form = TellAll(request.POST if request.method == "POST" else None)
    sample: Sample | None = None
    if form.is_bound and form.is_valid() and step != "change":
        ordered = outages.Ordered(kind, form.cleaned_data["words"])
        sample = _sample(here, row, ordered)
        if step == "send" and sample.letter is not None:
            found = outages.queue(
                row, ordered, outages.linked(row).values_list("pk", flat=True), here.actor, here.now
            )
            if isinstance(found, OutageRun):
                messages.success(
                    request, _("It is queued: each case is written by itself, behind urgent letters.")
                )
                return _to(here, row)
            form.add_error(None, f"{found.what}. {found.mend}")
        elif sample.why:
            form.add_error("words", sample.why)
    return show(
        request, here, "console/outage_tell.html", at="outages", status=422 if form.errors else 200, row=row, form=form,
        sample=None if form.errors else sample, over=kind == END, many=outages.linked(row).count(),
        by_way=_ways(row),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """What one customer would get, or why nobody can be written."""

    letter: Outgoing | None = None
    why: str = ""


def _sample(here: Here, row: Outage, ordered: outages.Ordered) -> Sample:
    """The letter of the first case that can be written, made as it would be and taken back."""
    refusal = outages.may_queue(row, ordered)
    if refusal is not None:
        return Sample(why=_said(refusal))
    run = OutageRun(
        provider=here.provider, outage=row, number=0, kind=ordered.kind, words=ordered.words, by=here.id, name=here.name,
        role=here.role, queued_at=here.now,
    )  # fmt: skip
    for case in outages.linked(row).filter(is_open=True)[:20]:
        with transaction.atomic():
            try:
                with docket(case.pk, now=here.now) as held:
                    outage_runs.do(held, held.cases[case.pk], run, here.now)
                letter = Outgoing.objects.filter(case=case).select_related("provider", "case").latest("pk")
            except (outage_runs.NotDone, LetterMissing):
                letter = None
            transaction.set_rollback(True)
        if letter is not None:
            return Sample(letter)
    return Sample(why=_("No case is linked whose customer could be written. Link cases first."))


def _ways(row: Outage) -> list[tuple[str, int]]:
    """How many of the customers would be written on which way, and how many cannot be."""
    written, mailed = Q(is_open=True), ~Q(customer_email="")
    counts = outages.linked(row).order_by().aggregate(
        email=Count("pk", filter=written & mailed), letter=Count("pk", filter=written & ~mailed & ~Q(postcode="")),
        neither=Count("pk", filter=written & ~mailed & Q(postcode="")), closed=Count("pk", filter=~written),
    )  # fmt: skip
    said = {
        "email": _("by email"),
        "letter": _("by post"),
        "neither": _("no written way"),
        "closed": _("closed: not written"),
    }
    return [(said[way], counts[way]) for way in said if counts[way]]


@console(roles=TELLS, methods=("GET", "HEAD", "POST"))
def outage_end(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Write down when the service was there again."""
    row = _find(here, number)
    form = EndOutage(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        refusal = outages.end(row, form.cleaned_data["until"], here.id, here.now)
        if refusal is None:
            messages.success(
                request, _("The outage is over. Tell its customers, and work out their refunds.")
            )
            return _to(here, row)
        form.add_error("until", _said(refusal))
    return show(
        request,
        here,
        "console/outage_end.html",
        at="outages",
        status=422 if form.errors else 200,
        row=row,
        form=form,
    )


@dataclass(frozen=True, slots=True)
class Owing:
    """One case with what the outage comes to for it, and whether that is over the limit of whoever looks."""

    case: CaseRow
    reckoned: Reckoned
    over: bool = False
    ticked: bool = True


@console(roles=TELLS, methods=("GET", "HEAD", "POST"))
def outage_refunds(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Work the refunds out for all of its cases, look at each, and settle those that stay ticked."""
    row = _find(here, number)
    form = SettleAll(request.POST if request.method == "POST" else None)
    if row.until is None:
        messages.error(
            request, _("The outage is not over. Write down first when the service was there again.")
        )
        return _to(here, row)
    owing: list[Owing] = []
    start, more = 0, False
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        ordered = outages.Ordered(
            REFUND, given["words"], given["beyond"] == "yes", given["looked_at"], given["price"] or None
        )
        some = ticked(request.POST.getlist("cases"))
        if request.POST.get("step") == "settle":
            found = outages.queue(row, ordered, some, here.actor, here.now)
            if isinstance(found, OutageRun):
                messages.success(
                    request,
                    _("It is ordered: each case is settled by itself. Where it stands is shown below."),
                )
                return _to(here, row)
            form.add_error(None, f"{found.what}. {found.mend}")
        start = _start(request.POST.get("from", ""))
        if request.POST.get("step") == "next":
            start += SHOWN
        cases = list(_unpaid(row)[start : start + SHOWN + 1])
        more = len(cases) > SHOWN
        owing = _owing(
            here, row, cases[:SHOWN], ordered, some if request.POST.get("step") == "settle" else None
        )
    total = sum(o.reckoned.sum.pence for o in owing if o.reckoned.sum and not o.reckoned.because)
    return show(
        request, here, "console/outage_refunds.html", at="outages", status=422 if form.errors else 200, row=row,
        form=form, owing=owing, total=total, start=start, more=more,
    )  # fmt: skip


def _start(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 7 else 0


def _unpaid(row: Outage) -> QuerySet[CaseRow]:
    """Its cases but for those whose refund is settled or on its way."""
    paid = OutageTurn.objects.filter(run__outage=row, run__kind=REFUND, state__in=(WAITING, DONE))
    return outages.linked(row).exclude(pk__in=paid.values("case"))


def _owing(
    here: Here, row: Outage, cases: list[CaseRow], ordered: outages.Ordered, some: set[int] | None
) -> list[Owing]:
    what = What.AWARD if ordered.beyond_control else What.CREDIT
    found = []
    for case in cases:
        opened = read(case)
        reckoned = outage_runs.reckon(opened.case, opened.book, row, ordered.price_pence)
        pays = reckoned.sum is not None and not reckoned.because
        pence = reckoned.sum.pence if reckoned.sum is not None else 0
        over = not powers.alone(row.provider_id, here.actor, what, pence)
        found.append(Owing(case, reckoned, over, pays and (some is None or case.pk in some)))
    return found


def _said(refusal: Refusal) -> str:
    return f"{refusal.what}. {refusal.mend}"


def _to(here: Here, row: Outage) -> HttpResponse:
    return HttpResponseRedirect(reverse("outage", args=[here.provider.pk, row.number]))
