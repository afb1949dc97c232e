"""Bank holidays: until when they are known, and a day that was proclaimed since, with what it would move before it holds."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.core.calendar import NATIONS, london_date
from amends.desk import access, holidays, moving
from amends.desk.audit import names
from amends.desk.forms.holidays import HolidayForm
from amends.desk.models import HolidayNotice, Provider
from amends.desk.moving import Preview
from amends.desk.views.here import KEEP, Here, console
from amends.desk.views.pages import back, show


@console(roles=KEEP, methods=("GET", "HEAD", "POST"))
def bank_holidays(request: HttpRequest, here: Here) -> HttpResponse:
    """What is known, and the form of a day; with `step=look` what it would move stands before it is put in force."""
    form = HolidayForm(request.POST if request.method == "POST" else None)
    if not (form.is_bound and form.is_valid()):
        return _page(request, here, form, status=422 if form.is_bound else 200)
    wanted = form.proclaimed
    refusal = holidays.refused(wanted, london_date(here.now))
    if refusal is not None:
        form.add_error("day", str(refusal))
        return _page(request, here, form, status=422)
    found = moving.preview(here.provider.pk, wanted.day, holidays.after(wanted)) if here.reads else None
    if request.POST.get("step") != "adopt":
        return _page(request, here, form, found, looked=True)
    if not _keeps_all(here):
        form.add_error(
            None,
            _("The calendar is the whole desk’s, and others work here too. Ask whoever keeps the desk."),
        )
        return _page(request, here, form, found, looked=True, status=422)
    done = holidays.adopt(wanted, by=here.id, now=here.now)
    if not isinstance(done, HolidayNotice):
        form.add_error("day", str(done))
        return _page(request, here, form, status=422)
    messages.success(
        request,
        _(
            "The day is in force. The worker plans open cases again now; each records which of its dates moved."
        ),
    )
    return back(here, "bank-holidays")


def _keeps_all(here: Here) -> bool:
    """Whether the person keeps every provider of this desk: one company must not move the dates of another."""
    held = access.roles(here.person)
    everybody = Provider.objects.values_list("pk", flat=True)
    return all(held.get(slug, frozenset()) & KEEP for slug in everybody)


def _page(
    request: HttpRequest, here: Here, form: HolidayForm, found: Preview | None = None, *, looked: bool = False,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    today = london_date(here.now)
    known = [
        (NATIONS[name], calendar, [h for day, h in calendar.holidays.items() if today <= day])
        for name, calendar in sorted(holidays.calendars().items())
    ]
    notices = list(HolidayNotice.objects.order_by("-id")[:50])
    called = names(n.adopted_by for n in notices)
    return show(
        request, here, "console/bank_holidays.html", at="house", status=status, form=form, known=known, found=found,
        looked=looked, notices=[(n, called.get(n.adopted_by, n.adopted_by)) for n in notices],
    )  # fmt: skip
