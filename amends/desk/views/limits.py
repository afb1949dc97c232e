"""Limits: how much each role may award, credit, extend and back-date before a second person has to agree."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.core.may import Refusal
from amends.desk import limits as sums
from amends.desk.forms.limits import Limits
from amends.desk.views.here import KEEP, Here, console
from amends.desk.views.pages import back, show


@console(roles=KEEP, methods=("GET", "HEAD", "POST"))
def limits(request: HttpRequest, here: Here) -> HttpResponse:
    """The limits that stand, in the form that changes them."""
    form = Limits(request.POST or None, known=sums.limits(here.provider.pk), by_roles=here.roles)
    if request.method == "POST" and form.is_valid():
        done = sums.set_limits(here.provider, form.wanted, by=here.id, by_roles=here.roles, now=here.now)
        if not isinstance(done, Refusal):
            messages.success(request, _("The limits are in force from now on."))
            return back(here, "limits")
        form.add_error(None, str(done))
    return show(
        request, here, "console/limits.html", at="house", status=422 if form.is_bound else 200, form=form
    )
