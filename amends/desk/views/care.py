"""Opening a case of any kind besides a complaint: one page for all, its boxes from the declaration of the kind."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core import signing
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.core import facts as f
from amends.core.calendar import london_date
from amends.core.care import steps
from amends.core.care.declared import Declared
from amends.core.care.kinds import KINDS
from amends.core.case import Case
from amends.desk import access, care
from amends.desk import reference as references
from amends.desk.care import Asked
from amends.desk.customers import contract, linking
from amends.desk.forms.care import NewCare
from amends.desk.models import CustomerRow, Service
from amends.desk.opened import read
from amends.desk.record import docket
from amends.desk.views.here import WORK, Here, console
from amends.desk.views.pages import show
from amends.desk.views.taken_down import SALT

MOST_SERVICES: Final = 50
"""Of one customer on the page; whoever has more is asked for the service in the customers' book."""
_BY_SLUG = {kind.slug: made for kind, made in KINDS.items()}


@console(roles=WORK, methods=("GET", "HEAD", "POST"))
def new_care(request: HttpRequest, here: Here, kind: str) -> HttpResponse:
    """The page of one kind; what is filled in opens a case of it."""
    made = _BY_SLUG.get(kind)
    if made is None:
        raise Http404(kind)
    owner = _owner(here, request.GET.get("customer", ""))
    service = _service(owner, request.GET.get("service", ""))
    if request.method == "POST":
        form = NewCare(request.POST, kind=made, now=here.now)
        if form.is_valid():
            reference = _opened(here, form, made, owner, service)
            messages.success(request, _("The case is open. Its first step stands on it."))
            return HttpResponseRedirect(reverse("case", args=[here.provider.pk, reference]))
    else:
        known = contract.known(made.kind, service, london_date(here.now)) if service else {}
        form = NewCare(kind=made, now=here.now, start=_start(here, owner, service), known=known)
    return show(
        request, here, "console/new_care.html", at="new-contact", status=422 if form.is_bound else 200, form=form,
        kind=made.kind, owner=owner, service=service, services=_services(owner, here),
        others=[k for k in KINDS if k is not made.kind],
    )  # fmt: skip


def _owner(here: Here, number: str) -> CustomerRow | None:
    """The customer of the book for whom it is, where the address names one."""
    if not number.isdecimal() or len(number) > 18:
        return None
    found = access.customer_for(here.person, here.provider.pk, int(number))
    return None if found.erased_at else found


def _service(owner: CustomerRow | None, number: str) -> Service | None:
    """The service of that customer for which it is, where the address names one."""
    if owner is None or not number.isdecimal() or len(number) > 18:
        return None
    return owner.services.filter(pk=int(number)).first()


def _services(owner: CustomerRow | None, here: Here) -> list[tuple[int, str]]:
    """What the customer has today, to choose from."""
    if owner is None:
        return []
    today = london_date(here.now)
    found = owner.services.order_by("pk")[:MOST_SERVICES]
    return [(s.pk, contract.named(s)) for s in found if s.ends is None or s.ends > today]


def _start(here: Here, owner: CustomerRow | None, service: Service | None) -> dict[str, str]:
    drawn = references.draw(references.initials(here.provider.name))
    start = {"reference": signing.dumps(drawn, salt=SALT, compress=False)}
    if owner is None:
        return start
    known = {"name": owner.name, "email": owner.email, "phone": owner.phone, "address": owner.address}
    account = service.account.number if service and service.account else ""
    return {**start, **known, "customer_kind": owner.kind, "account": account}


def _opened(
    here: Here, form: NewCare, made: Declared, owner: CustomerRow | None, service: Service | None
) -> str:
    """Open the case; the reference of the one that is there, where the form was sent before."""
    said = form.cleaned_data
    try:
        drawn = str(signing.loads(said["reference"], salt=SALT))
    except signing.BadSignature:
        drawn = None
    known = f.CustomerKnown(
        at=here.now, logged=here.now, by=here.id, prefers=said["prefers"], name=said["name"], email=said["email"],
        phone=said["phone"], address=said["address"], account=said["account"], customer_kind=said["customer_kind"],
    )  # fmt: skip
    asked = Asked(made.kind, form.given)

    def opening(reference: str | None) -> str:
        with docket(now=here.now) as taken:
            hand = care.open_case(
                taken, here.provider, form.contact, known, here.actor, here.now, asked, reference
            )
            if owner is not None:
                linking.link(hand, owner, by=here.id, now=here.now, service=service)
            return hand.row.reference

    try:
        return opening(drawn)
    except IntegrityError:
        there = access.cases(here.person, here.provider.pk).filter(reference=drawn or "").first()
        if there is None:
            raise
        # Other words under a reference that is given: they open a case of their own, and are not lost.
        return str(there.reference) if _is_this(read(there).case, form, known) else opening(None)


def _is_this(case: Case, form: NewCare, known: f.CustomerKnown) -> bool:
    """Whether a case was opened by this very form, sent before."""
    new, first, who = form.contact, next(iter(case.contacts), None), case.customer
    if first is None or case.kind is not form.kind.kind:
        return False
    said = (new.channel, new.subject, new.words, form.given)
    theirs = (known.name, known.email, known.phone, known.address, known.account)
    return (
        (first.channel, first.subject, first.words, steps.given(case)) == said
        and (who.name, who.email, who.phone, who.address, who.account) == theirs
        # Over a limit another person decides from when it counts.
        and (new.effective in (None, first.at) or bool(case.approvals))
    )
