"""To complain: one calm page, no account; then the reference, and what happens next, by when.

One form that one browser sends twice within the hour is one complaint. Other words, another browser, another hour:
another complaint, with a case of its own, for it is worse to lose one than to have one twice.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac

from amends.core import facts as f
from amends.desk import actions, ledger, uploads
from amends.desk import reference as references
from amends.desk.actions import THE_CUSTOMER, NewContact
from amends.desk.forms.portal import Complain
from amends.desk.houses import access_code
from amends.desk.models import CaseRow
from amends.desk.record import docket
from amends.desk.views.portal.my_case import next_steps
from amends.desk.views.portal.page import BROWSER, Customer, Door, let_in, own_case, portal, show

_SALT: Final = "portal complaint"
FORM_LASTS: Final = timedelta(days=1)
"""How long a form is known to be the one that a browser asked for; it may be sent later, as another complaint."""
ONCE: Final = timedelta(hours=1)
"""The same form within so long is the same complaint, sent twice."""


@portal("GET", "HEAD", "POST")
def complain(request: HttpRequest, at: Door) -> HttpResponse:
    """The page on which one complains."""
    if request.method != "POST":
        return asked(request, at, "portal/complain.html")
    form = Complain(request.POST, request.FILES)
    if not form.is_valid():
        form.ask_files_again()
        return show(request, at, "portal/complain.html", status=422, form=form)
    let_in(request, _case_of(request, at, form), at.now)
    return HttpResponseRedirect(reverse("received", args=[at.provider.pk]))


def asked(request: HttpRequest, at: Door, template: str, *, words: str = "", **more: Any) -> HttpResponse:
    """A page with a new form, for this browser; with words that were written elsewhere, where there are any."""
    browser = request.COOKIES.get(BROWSER) or secrets.token_urlsafe(16)
    made = {"provider": at.provider.pk, "nonce": secrets.token_urlsafe(12), "browser": _digest(browser)}
    form = Complain(initial={"which": signing.dumps(made, salt=_SALT), "words": words})
    answer = show(request, at, template, form=form, **more)
    # Not the session: that gets a new key as soon as the case is open, and a second click still brings the old one.
    answer.set_cookie(
        BROWSER, browser, max_age=FORM_LASTS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


def _case_of(request: HttpRequest, at: Door, form: Complain) -> CaseRow:
    """The case of this complaint: a new one, or the one that this browser has opened with this form just now."""
    said, lot = form.cleaned_data, _lot(request, at, form)
    contact = NewContact(
        channel="form", received=at.now, words=form.story, sender=said["email"], files=said["enclosed"]
    )
    known = f.CustomerKnown(
        at=at.now, logged=at.now, by=f.CUSTOMER, customer_kind=said["customer_kind"], prefers=said["prefers"],
        name=said["name"], email=said["email"], phone=said["phone"], address=said["address"], account=said["account"],
    )  # fmt: skip
    if not lot:
        return _open(at, contact, known, None)
    for turn in count():
        reference = references.drawn_from(
            references.initials(at.provider.name), lot + bytes(str(turn), "ascii")
        )
        try:
            return _open(at, contact, known, reference)
        except IntegrityError:
            there = CaseRow.objects.filter(provider=at.provider, reference=reference).first()
            if there is None:
                raise
            if _is_this(there, contact, known):
                return there
    raise AssertionError("counting ends nowhere")


def _open(at: Door, contact: NewContact, known: f.CustomerKnown, reference: str | None) -> CaseRow:
    with docket(now=at.now) as taken:
        return actions.open_case(taken, at.provider, contact, known, THE_CUSTOMER, at.now, reference).row


def _is_this(there: CaseRow, contact: NewContact, known: f.CustomerKnown) -> bool:
    """Whether a case was opened just now by this very complaint, and does not bear the same reference by chance."""
    facts = ledger.load([there.pk])[there.pk]
    first = next((x for x in facts if isinstance(x, f.ContactReceived)), None)
    who = next((x for x in facts if isinstance(x, f.CustomerKnown)), None)
    if first is None or who is None or known.logged - first.logged > ONCE:
        return False
    sent = ledger.keepable(replace(known, at=who.at, logged=who.logged))
    heard = replace(first, words=contact.words, sender=contact.sender, channel=contact.channel)
    said = ledger.keepable(replace(heard, files=uploads.digests(contact.files)))
    return (said, sent) == (first, who)


def _lot(request: HttpRequest, at: Door, form: Complain) -> bytes:
    """What this form with these words draws its reference from; empty where this browser has not asked for it."""
    said = dict(form.cleaned_data)
    said["enclosed"] = uploads.digests(said["enclosed"])
    try:
        made = signing.loads(said.pop("which"), salt=_SALT, max_age=FORM_LASTS)
    except signing.BadSignature:
        return b""
    browser = request.COOKIES.get(BROWSER, "")
    if not browser or made["browser"] != _digest(browser) or made["provider"] != at.provider.pk:
        return b""
    return salted_hmac(_SALT, made["nonce"] + json.dumps(said, sort_keys=True), algorithm="sha256").digest()


def _digest(browser: str) -> str:
    return hashlib.sha256(browser.encode("utf-8", "replace")).hexdigest()


@own_case()
def received(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The reference, the access code, and what happens next."""
    return show(
        request, customer.door, "portal/received.html", row=customer.row, access_code=access_code(customer.row),
        steps=next_steps(customer), own=customer.row,
    )  # fmt: skip
