"""The provider's letterhead: its versions by date, a new one, and how a letter looks with it before it is kept."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.core.calendar import london_date
from amends.core.letters import Letter, write
from amends.core.letters.examples import examples
from amends.core.may import Refusal
from amends.desk import books, documents, stationery
from amends.desk.forms.letterhead import LetterheadForm
from amends.desk.models import AdoptedWords, LetterheadVersion
from amends.desk.people import names_at
from amends.desk.typeset import Letterhead, pdf_bytes
from amends.desk.views.here import KEEP, Here, console
from amends.desk.views.pages import back, show


@console(roles=KEEP, methods=("GET", "HEAD", "POST"))
def letterheads(request: HttpRequest, here: Here) -> HttpResponse:
    """The letterhead in use, those before and to come, and the form of a new one."""
    today = london_date(here.now)
    last = LetterheadVersion.objects.filter(provider=here.provider).order_by("-position").first()
    form = LetterheadForm(request.POST or None, request.FILES or None, last=last, today=today)
    if request.method == "POST" and form.is_valid():
        said, logo = form.cleaned_data, form.chosen_logo
        if request.POST.get("step") == "look":
            draft = LetterheadVersion(
                logo=logo.content,
                logo_type=logo.media_type,
                address=said["address"],
                signature=said["signature"],
            )
            return _sample(here, draft)
        made = stationery.set_letterhead(
            here.provider, since=said["since"], address=said["address"], signature=said["signature"],
            logo=logo.content, logo_type=logo.media_type, by=here.id, now=here.now,
        )  # fmt: skip
        if not isinstance(made, Refusal):
            messages.success(request, _("The letterhead is kept. Letters bear it from its day on."))
            return back(here, "letterheads")
        form.add_error("since", str(made))
    names = names_at(here.provider.pk)
    rows = LetterheadVersion.objects.filter(provider=here.provider).defer("logo").order_by("-position")
    in_use = stationery.letterhead_on(here.provider.pk, today)
    return show(
        request, here, "console/letterheads.html", at="house", status=422 if form.is_bound else 200, form=form,
        versions=[(row, names.get(row.made_by, row.made_by)) for row in rows], in_use=in_use.pk if in_use else None,
        words=AdoptedWords.objects.filter(provider=here.provider).defer("text").order_by("-position"),
    )  # fmt: skip


@console(roles=KEEP)
def letterhead_pdf(_request: HttpRequest, here: Here, position: int) -> HttpResponse:
    """A letter as it looks with one of the letterheads."""
    found = LetterheadVersion.objects.filter(provider=here.provider, position=position).first()
    if found is None:
        raise Http404(str(position))
    return _sample(here, found)


def _sample(here: Here, version: LetterheadVersion) -> HttpResponse:
    """An invented customer's acknowledgement under this letterhead."""
    adopted, code = books.governing(here.provider.pk, london_date(here.now))
    found = next(
        e for e in examples(books.book_of(adopted), here.provider.name) if e.letter == "acknowledgement"
    )
    letter = write(found.letter, found.matter)
    if not isinstance(letter, Letter):
        raise Http404(found.letter)
    customer = found.matter.case.customer
    plain = Letterhead(
        provider_name=here.provider.name, address=documents.own_address(code), reference=found.matter.case.reference,
        date=found.matter.today, to=tuple(customer.address.split("\n")), accent=here.provider.accent,
    )  # fmt: skip
    made = pdf_bytes(letter.subject, letter.blocks, documents.with_stationery(plain, version))
    answer = HttpResponse(made.content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="letterhead.pdf"'
    return answer
