"""Erasing what names a person on a closed case: a page of its own, which says first what goes and what stays."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.core.may import Refusal
from amends.desk import access
from amends.desk.erasure import erase_private
from amends.desk.forms.fields import House, needed
from amends.desk.views.case import open_for
from amends.desk.views.here import Here, console
from amends.desk.views.pages import show


class EraseCase(House):
    """Why a case is erased."""

    why = forms.CharField(
        label=gettext_lazy("Why it is erased"), max_length=300,
        error_messages=needed(gettext_lazy("Write why.")),
        help_text=gettext_lazy("Such as: their own request of today, or the period that has run out."),
    )  # fmt: skip


@console(roles=access.ERASES, methods=("GET", "HEAD", "POST"))
def erase_case(request: HttpRequest, here: Here, reference: str) -> HttpResponse:
    """Erase every word of a case that names or describes a person, with its files and letters."""
    opened = open_for(here, reference)
    form = EraseCase(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = erase_private(opened.row, why=form.cleaned_data["why"], by=here.id, now=here.now)
        if not isinstance(done, Refusal):
            messages.success(
                request, _("Erased: the words of %(facts)s entries, and %(letters)s letters.")
                % {"facts": done.facts, "letters": done.letters},
            )  # fmt: skip
            return redirect("case", here.provider.pk, reference)
        form.add_error("why", str(done))
    return show(
        request, here, "console/erase_case.html", at="cases", status=422 if form.is_bound else 200, row=opened.row,
        case=opened.case, form=form,
    )  # fmt: skip
