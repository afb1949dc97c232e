"""One's personal data in the portal: what one can ask for, the request itself, and fetching the copy, once.

DP-03, DP-06, N-gdpr. No account is needed to ask. Nothing is told here before a person has seen who asks.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from amends.core import facts as f
from amends.core.kinds import DATA_REQUESTS, CaseKind
from amends.desk import alarms, attempts, care, data_requests
from amends.desk.actions import THE_CUSTOMER, NewContact
from amends.desk.address import Address
from amends.desk.care import Asked
from amends.desk.forms.data_portal import FORMS, SAID, AskData
from amends.desk.houses import access_code
from amends.desk.models import CaseRow, DataBundleRow
from amends.desk.record import docket
from amends.desk.signing.log import network_of
from amends.desk.views.bundles import as_zip
from amends.desk.views.portal import once
from amends.desk.views.portal.my_case import is_customer, next_steps
from amends.desk.views.portal.page import Customer, Door, let_in, own_case, portal, show

_BY_SLUG: Final = {kind.slug: kind for kind in DATA_REQUESTS}
TO_ONE, TO_ONE_WITHIN = 6, timedelta(days=1)
"""So many requests may strangers make with one address within such a time: each is acknowledged there."""
FROM_ONE, FOR_ALL, WITHIN = 20, 600, timedelta(hours=1)
"""So many may come from one network, and so many from all, within such a time: one alone does not shut out the others."""
ALARM: Final = "many requests about data"
RUNBOOK: Final = "Very many make requests about their data"


@portal()
def data(request: HttpRequest, at: Door) -> HttpResponse:
    """What one can ask for, and where the privacy policy stands."""
    kinds = [(kind, *SAID[kind]) for kind in DATA_REQUESTS]
    return show(
        request, at, "portal/data.html", kinds=kinds, policy=at.code.privacy_policy if at.code else ""
    )


@portal("GET", "HEAD", "POST")
def ask(request: HttpRequest, at: Door, kind: str) -> HttpResponse:
    """The form of one kind."""
    which = _BY_SLUG.get(kind)
    if which is None:
        raise Http404(kind)
    made = FORMS[which]
    if request.method != "POST":
        return once.marked(request, at, lambda mark: _page(request, at, which, made(initial={"which": mark})))
    form = made(request.POST)
    if not form.is_valid():
        return _page(request, at, which, form, 422)
    said = form.cleaned_data
    if not _within_limits(request, at, said["email"] or said["address"]):
        form.add_error(
            None,
            _(
                "We have had too many requests like this one. Please call us or write to us: it is your right."
            ),
        )
        return _page(request, at, which, form, 429)
    let_in(request, _case_of(request, at, which, form), at.now)
    return HttpResponseRedirect(reverse("data-asked", args=[at.provider.pk]))


def _page(request: HttpRequest, at: Door, kind: CaseKind, form: AskData, status: int = 200) -> HttpResponse:
    heading, about = SAID[kind]
    return show(
        request, at, "portal/data_ask.html", status=status, form=form, heading=heading, about=about,
        who=[form[name] for name in ("name", "prefers", "email", "address", "account")],
    )  # fmt: skip


def _within_limits(request: HttpRequest, at: Door, to: str) -> bool:
    """Whether a stranger may make one more with this address; counts it if so, and raises an alarm if all do."""
    where = Address("", to).key if "@" in to else "".join(c for c in to.casefold() if c.isalnum())
    if not attempts.take(
        attempts.key("data request of", at.provider.pk, where), at.now, TO_ONE, TO_ONE_WITHIN
    ):
        return False
    network = attempts.key("data requests from", at.provider.pk, network_of(request))
    if not attempts.take(network, at.now, FROM_ONE, WITHIN):
        return False
    if attempts.take(attempts.key("data requests", at.provider.pk), at.now, FOR_ALL, WITHIN):
        return True
    text = f"More than {FOR_ALL} people an hour make requests about their data to {at.provider.name} on the website."
    alarms.raise_all([alarms.alarm(ALARM, at.provider.pk, text, RUNBOOK, at.now, at.provider.pk)])
    return False


def _case_of(request: HttpRequest, at: Door, kind: CaseKind, form: AskData) -> CaseRow:
    said = form.cleaned_data
    contact = NewContact(
        channel="form", received=at.now, words="", subject=kind.heading, sender=said["email"]
    )
    known = f.CustomerKnown(
        at=at.now, logged=at.now, by=f.CUSTOMER, prefers=said["prefers"], name=said["name"], email=said["email"],
        address=said["address"], account=said["account"],
    )  # fmt: skip

    def opening(reference: str | None) -> CaseRow:
        asked_for = Asked(kind, {name: words for name, words in form.given.items() if words})
        with docket(now=at.now) as taken:
            return care.open_case(
                taken, at.provider, contact, known, THE_CUSTOMER, at.now, asked_for, reference
            ).row

    return once.one_case(once.lot_of(request, at, {**said, "kind": str(kind)}), at, contact, known, opening)


@own_case()
def asked(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The reference, and by when it is answered."""
    return show(
        request, customer.door, "portal/data_asked.html", row=customer.row, access_code=access_code(customer.row),
        steps=next_steps(customer), own=customer.row,
    )  # fmt: skip


@never_cache
@own_case("POST")
def fetch(_request: HttpRequest, customer: Customer) -> HttpResponseBase:
    """The copy, once: for the customer alone, and for nobody who acts for them by a link of their own."""
    if not is_customer(customer):
        raise Http404("not theirs")
    with docket(customer.row.pk, now=customer.door.now) as taken:
        found = data_requests.fetched(taken.cases[customer.row.pk], customer.door.now)
        made = (
            DataBundleRow.objects.select_related("case")
            .filter(case=customer.row, number=found.number)
            .first()
            if found
            else None
        )
        if made is None:
            raise Http404("nothing to fetch")
        # Written before the fact is kept: where a part is gone, nothing was fetched.
        return as_zip(made)
