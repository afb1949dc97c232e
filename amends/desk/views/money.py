"""The money list: what is owed to customers, what billing has, what came back, what was given; batches; billing's file."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.core.awards import Stand
from amends.core.calendar import london_date
from amends.desk import access, billing, redress
from amends.desk.forms.billing import BillingFile, SignedSince
from amends.desk.models import AuditEntry, AwardRow, BillingBatch
from amends.desk.people import names_at
from amends.desk.views.here import KEEP, WORK, Here, console
from amends.desk.views.pages import Tab, back, few, show

PAGE: Final = 50
COUNTED: Final = 100
TABS: Final = {
    "owed": (gettext_lazy("Owed"), (Stand.OWED,)),
    "billing": (gettext_lazy("With billing"), (Stand.HANDED_OVER,)),
    "trouble": (gettext_lazy("Came back or in doubt"), (Stand.CAME_BACK, Stand.IN_DOUBT)),
    "given": (gettext_lazy("Given"), (Stand.GIVEN,)),
}
OPEN: Final = tuple(str(s) for s in (Stand.OWED, Stand.HANDED_OVER, Stand.CAME_BACK, Stand.IN_DOUBT))
OVERDUE: Final = "overdue"


@console()
def money(request: HttpRequest, here: Here) -> HttpResponse:
    """The sums of one tab, what is to be paid first standing first; what was given last, the newest first."""
    mine = access.money_for(here.person, here.provider.pk)
    today = london_date(here.now)
    found, tab = sums(here, request.GET.get("state", "owed"))
    newest = tab == "given"
    found = found.order_by("-id") if newest else found.order_by("pay_by", "id")
    after = request.GET.get("from", "")
    last = int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else 0
    # What was given is many, and is read on from an id; what is open is few enough to be counted off.
    if newest and last:
        found = found.filter(id__lt=last)
    start = 0 if newest else last
    rows = list(found.select_related("case")[start : start + PAGE + 1])
    onward = str(rows[PAGE - 1].pk if newest else start + PAGE) if len(rows) > PAGE else ""
    late = sums(here, OVERDUE)[0]
    address = reverse("money", args=[here.provider.pk])
    kept = [
        (name, str(words), mine.filter(stands__in=[str(s) for s in of])) for name, (words, of) in TABS.items()
    ]
    kept.insert(3, (OVERDUE, _("Overdue"), late))
    tabs = [Tab(w, f"{address}?state={n}", n == tab, "" if n == "given" else _count(of)) for n, w, of in kept]
    return show(
        request, here, "console/money.html", at="money", tabs=tabs, rows=rows[:PAGE], tab=tab, today=today,
        onward=onward, from_start=not last, keep=f"state={tab}", form=BillingFile(),
        batches=_newest(here), names=names_at(here.provider.pk), may_hand=here.may(WORK),
    )  # fmt: skip


def sums(here: Here, tab: str) -> tuple[QuerySet[AwardRow], str]:
    """The sums of a tab, and which it is: the one that was asked for, or what is owed."""
    tab = tab if tab in TABS or tab == OVERDUE else "owed"
    mine = access.money_for(here.person, here.provider.pk)
    if tab == OVERDUE:
        return mine.filter(stands__in=OPEN, pay_by__lt=london_date(here.now)), tab
    return mine.filter(stands__in=[str(s) for s in TABS[tab][1]]), tab


def _count(rows: QuerySet[AwardRow]) -> str:
    found = rows.order_by()[: COUNTED + 1].count()
    return few(min(found, COUNTED), found > COUNTED)


def _newest(here: Here) -> list[BillingBatch]:
    return list(access.billing_for(here.person, here.provider.pk).order_by("-number")[:10])


@console(roles=WORK, methods=("POST",))
def hand_over(request: HttpRequest, here: Here) -> HttpResponse:
    """Hand what is owed over to billing, in one batch."""
    made = billing.hand_over(here.provider, here.id, here.now)
    if made is None:
        messages.info(request, _("Nothing is owed that billing does not have."))
        return back(here, "money")
    messages.success(
        request, _("The batch is made. Take its file to billing; each sum is chased until a bill shows it.")
    )
    return HttpResponseRedirect(reverse("billing-batch", args=[here.provider.pk, made.number]))


def _batch(here: Here, number: int) -> BillingBatch:
    found = (
        access.billing_for(here.person, here.provider.pk).filter(number=number).first()
        if number < 10**9
        else None
    )
    if found is None:
        raise Http404(str(number))
    return found


@console()
def batch(request: HttpRequest, here: Here, batch: int) -> HttpResponse:
    """One batch: its sums, and where each stands today."""
    found = _batch(here, batch)
    places = list(found.awards.select_related("case").order_by("place"))
    now = {
        (row.case_id, row.award): row
        for row in AwardRow.objects.filter(provider=here.provider, case__in={p.case_id for p in places})
    }
    rows = [(place, now.get((place.case_id, place.award))) for place in places]
    return show(
        request, here, "console/billing_batch.html", at="money", batch=found, rows=rows,
        maker=names_at(here.provider.pk).get(found.made_by, found.made_by), may_take=here.may(TAKES),
    )  # fmt: skip


TAKES: Final = WORK
"""Whoever may make a batch may take its file to billing."""


@console(roles=TAKES)
def batch_csv(request: HttpRequest, here: Here, batch: int) -> HttpResponse:
    """The file of a batch: the same sums however often it is taken. Each time stands in the audit, for it names people."""
    del request
    found = _batch(here, batch)
    AuditEntry.objects.create(
        provider=here.provider, at=here.now, by=here.id, what="billing batch exported", detail={"batch": found.number}
    )  # fmt: skip
    answer = HttpResponse(billing.as_csv(found), content_type="text/csv; charset=utf-8")
    name = f"credits-{here.provider.pk}-{found.number}.csv"
    answer.headers["Content-Disposition"] = content_disposition_header(True, name)
    return answer


@console(roles=WORK, methods=("POST",))
def billing_file(request: HttpRequest, here: Here) -> HttpResponse:
    """Write down what billing's file says."""
    form = BillingFile(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, here, "console/billing_file.html", at="money", form=form, status=422)
    count, wrong = billing.answered(here.provider, form.cleaned_data["file"], here.actor, here.now)
    if wrong:
        return show(
            request,
            here,
            "console/billing_file.html",
            at="money",
            form=BillingFile(),
            count=count,
            wrong=wrong,
        )
    messages.success(request, _("Written down, for each number in the file."))
    return back(here, "money")


@console(roles=KEEP, methods=("GET", "HEAD", "POST"))
def signature(request: HttpRequest, here: Here) -> HttpResponse:
    """Record since when the provider has signed the code of automatic compensation."""
    form = SignedSince(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        redress.sign(here.provider, said["since"], said["until"], by=here.id, now=here.now)
        messages.success(request, _("It is recorded."))
        return back(here, "signature")
    return show(
        request, here, "console/signature.html", at="house", status=422 if form.is_bound else 200, form=form,
        signed=redress.signed(here.provider.pk),
    )  # fmt: skip
