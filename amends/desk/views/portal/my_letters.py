"""A customer's own letters: taken away in any format that the machine makes, and asked for in one that they need."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from amends.core.may import Refusal
from amends.desk import actions, attempts, enclosed, voice
from amends.desk.actions import THE_CUSTOMER
from amends.desk.documents import KINDS, PDF_TYPE, RECORDING, NoVoice, WordsErased, document, file_name, told
from amends.desk.forms.formats import NOT_AGAIN
from amends.desk.forms.portal import Reads
from amends.desk.models import Outgoing
from amends.desk.opened import read
from amends.desk.record import CaseInHand, Docket
from amends.desk.views.files import download
from amends.desk.views.portal.my_case import act, back, is_customer, letters_of, page, takes
from amends.desk.views.portal.page import Customer, own_case
from amends.desk.views.portal.takes import offered

AGAIN: Final = 20
"""So many letters go again in another format at one press, the newest."""
ASKS: Final = 3
ASKS_WITHIN: Final = timedelta(days=1)
"""So often a customer may change the format within such a time: each change may print and post many letters."""
CONSENT: Final = "They said so in the portal, and ticked that we may keep a note of it."


@own_case()
def letter(_request: HttpRequest, customer: Customer, key: str) -> HttpResponse:
    """One of the customer's own letters, in the format that they need, else as it was printed."""
    found = _one(customer, key)
    return _handed_out(found, takes(customer, read(customer.row).case).first[0])


@own_case()
def letter_as(_request: HttpRequest, customer: Customer, kind: str, key: str) -> HttpResponse:
    """One of the customer's own letters in a format that they choose."""
    if kind not in offered():
        raise Http404(kind)
    return _handed_out(_one(customer, key), kind)


@own_case()
def paper(_request: HttpRequest, customer: Customer, number: int, key: str) -> HttpResponse:
    """A file that went with one of the customer's own letters, by its place among them."""
    with_it = enclosed.files(_one(customer, key))
    if not 0 < number <= len(with_it):
        raise Http404(key)
    file = with_it[number - 1]
    return download(bytes(file.content or b""), file.name or f"file-{number}")


def _one(customer: Customer, key: str) -> Outgoing:
    found = letters_of(customer).select_related("provider", "case").filter(key=key).first()
    if found is None:
        raise Http404(key)
    return found


def _handed_out(found: Outgoing, kind: str) -> HttpResponse:
    # A long letter is read aloud by a person, not while somebody waits for the page.
    name = "script" if kind == RECORDING.name and not voice.fits_a_mail(enclosed.length(found)) else kind
    try:
        made = document(found, KINDS[name])
    except (WordsErased, NoVoice) as none:
        raise Http404(found.key) from none
    answer = HttpResponse(bytes(made.content), content_type=told(made))
    shown = made.media_type in (PDF_TYPE, "text/plain")
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=not shown, filename=file_name(found, made)) or "attachment"
    )
    return answer


@own_case("POST")
def reads(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Say how one reads what is written, from now on, and have the letters that one has had in it too."""
    if not is_customer(customer):
        raise Http404("the customer's own need")
    form = Reads(request.POST)
    if form.is_valid() and not attempts.take(
        attempts.key("format", customer.row.provider_id, customer.row.reference),
        customer.door.now,
        ASKS,
        ASKS_WITHIN,
    ):
        form.add_error(
            None, _("You have changed this several times today. Please call us, and we help you at once.")
        )
    if not form.is_valid():
        return page(request, customer, reads=form, status=422)
    wanted, now = form.format, customer.door.now
    earlier = _to_send_again(customer) if wanted and form.cleaned_data["again"] else []

    def doing(taken: Docket, hand: CaseInHand) -> Refusal | None:
        refusal = actions.need_format(
            hand, THE_CUSTOMER, now, wanted=wanted, consent=CONSENT if wanted else ""
        )
        for key in earlier:
            refusal = refusal or actions.send_in_format(
                taken, hand, THE_CUSTOMER, now, letter=key, wanted=wanted
            )
        return refusal

    refusal = act(customer, doing)
    if refusal is not None:
        form.add_error(None, f"{refusal.what}. {refusal.mend}")
        return page(request, customer, reads=form, status=422)
    return back(
        request, customer, _("We have written it down. Every letter from now on comes to you in this way.")
    )


def _to_send_again(customer: Customer) -> list[str]:
    """The newest letters that have words to send, the oldest of them first."""
    found = letters_of(customer).exclude(letter__in=NOT_AGAIN).exclude(words={})
    keys = found.order_by("-pk").values_list("key", flat=True)[:AGAIN]
    return list(reversed(keys))
