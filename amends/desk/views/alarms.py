"""The alarms that stand, each with what the runbook says of it. Where a person's judgement ends one, they say so here."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from amends.desk import access
from amends.desk.alarms import ENDED_BY_A_PERSON
from amends.desk.models import (
    Alarm,
    AuditEntry,
)
from amends.desk.runbook import runbook_is_here, sections_of_runbook
from amends.desk.views.here import KEEP, READ, WORK, Here, console
from amends.desk.views.pages import back, show
from amends.desk.views.remedies import remedies

ALARMS_SHOWN = 100


@console(roles=READ | KEEP)
def alarms(request: HttpRequest, here: Here) -> HttpResponse:
    """What stands and needs somebody, each with the heading of the runbook that tells what to do."""
    standing = access.alarms_for(here.person).filter(Q(provider=here.provider) | Q(provider=None))
    some = list(standing[:ALARMS_SHOWN])
    found = [
        (a, slugify(a.runbook), a.kind in ENDED_BY_A_PERSON, mends)
        for a, mends in zip(some, remedies(some, here), strict=True)
    ]
    return show(
        request, here, "console/alarms.html", at="alarms", alarms=found, has_runbook=runbook_is_here(),
        may_clear=here.may(WORK | KEEP),
    )  # fmt: skip


@console(roles=WORK | KEEP, methods=("POST",))
def clear(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Say that an alarm is dealt with. One that stands as long as its reason does cannot be cleared by hand."""
    found = next(
        (
            a
            for a in access.alarms_for(here.person).filter(pk=number)
            if a.provider_id in (None, here.provider.pk)
        ),
        None,
    )
    if found is None:
        raise Http404(str(number))
    if found.kind not in ENDED_BY_A_PERSON:
        messages.info(
            request,
            _(
                "This alarm stands as long as its reason does. Mend the reason, and it ends by itself within a minute."
            ),
        )
        return back(here, "alarms")
    Alarm.objects.filter(pk=found.pk, cleared__isnull=True).update(cleared=here.now)
    AuditEntry.objects.create(
        provider=here.provider, at=here.now, by=here.id, what="alarm cleared", detail={"alarm": found.key}
    )
    messages.success(request, _("The alarm is cleared."))
    return back(here, "alarms")


@console(roles=READ | KEEP)
def runbook(request: HttpRequest, here: Here) -> HttpResponse:
    """The runbook, where it came with the program."""
    sections = sections_of_runbook()
    if not sections:
        raise Http404("no runbook")
    return show(request, here, "console/runbook.html", at="alarms", sections=sections)
