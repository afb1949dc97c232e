"""Sending a copy of the code to somebody who called or wrote and has no case here: one page, one press."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.core import facts as f
from amends.desk import copying
from amends.desk.forms.copies import SendCopy
from amends.desk.views.here import WORK, Here, console
from amends.desk.views.pages import show


@console(roles=WORK, methods=("GET", "HEAD", "POST"))
def send_copy(request: HttpRequest, here: Here) -> HttpResponse:
    """The page; what is filled in opens a case of its own and decides the letter."""
    form = SendCopy(request.POST if request.method == "POST" else None, now=here.now)
    if form.is_valid():
        said = form.cleaned_data
        known = f.CustomerKnown(
            at=here.now, logged=here.now, by=here.id, prefers=said["prefers"], name=said["name"], email=said["email"],
            address=said["address"],
        )  # fmt: skip
        try:
            row = copying.open_case(here.provider, form.contact, known, form.copy, here.actor, here.now)
        except copying.NotOpened as not_opened:
            form.add_error(None, str(not_opened.refusal))
        else:
            messages.success(request, _("The copy is on its way."))
            return HttpResponseRedirect(reverse("case", args=[here.provider.pk, row.reference]))
    return show(
        request,
        here,
        "console/send_copy.html",
        at="new-contact",
        status=422 if form.is_bound else 200,
        form=form,
    )
