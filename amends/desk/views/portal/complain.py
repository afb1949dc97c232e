"""To complain in small steps: one question a page, no account, nothing lost on the way; read over, then sent once."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.desk import begun, room, uploads
from amends.desk.forms import complaining
from amends.desk.forms.complaining import FILES, QUESTIONS, Answer, Question
from amends.desk.models import BegunComplaint, CaseRow
from amends.desk.signing.log import network_of
from amends.desk.views.portal import once
from amends.desk.views.portal.page import BROWSER, Door, let_in, portal, show
from amends.desk.views.portal.sent import first_words, open_case


@portal()
def complain(request: HttpRequest, at: Door) -> HttpResponse:
    """What will be asked and what happens with it; for whoever had begun already, the way back to where they were."""
    mine = _mine(request, at)
    goes_on = _next_open(at, mine) if mine is not None else ""
    return show(request, at, "portal/complain.html", goes_on=goes_on, questions=len(QUESTIONS))


@portal("GET", "HEAD", "POST")
def complain_step(request: HttpRequest, at: Door, step: str) -> HttpResponse:
    """One question. Its answer is kept here before the next is asked."""
    question = complaining.BY_SLUG.get(step)
    if question is None:
        raise Http404(step)
    mine = _mine(request, at)
    said = mine.said if mine is not None else {}
    if request.method != "POST":
        return _asked(request, at, question, Answer(question, said), mine)
    browser = request.COOKIES.get(BROWSER) or once.new_browser()
    form = Answer(question, said, request.POST)
    if question.slug == FILES:
        answer = _files(request, at, form, browser)
    elif form.is_valid() and not room.for_words(
        at.provider, network_of(request), form.cleaned_data.values(), at.now
    ):
        form.add_error(None, room.NO_WORDS)
        answer = _asked(request, at, question, form, mine, full=True)
    elif form.is_valid():
        begun.keep(at.provider, browser, form.cleaned_data, at.now)
        answer = _on(request, at, question)
    else:
        answer = _asked(request, at, question, form, mine)
    return once.known_by(answer, browser)


@portal("GET", "HEAD", "POST")
def complain_check(request: HttpRequest, at: Door) -> HttpResponse:
    """Everything that was answered, to be read over; its button sends the complaint, once."""
    browser = request.COOKIES.get(BROWSER, "")
    if request.method == "POST":
        mine = begun.named(at.provider, browser, request.POST.get("which", "").replace("\0", "")[:40], at.now)
    else:
        mine = _mine(request, at)
    if mine is None:
        return HttpResponseRedirect(reverse("complain", args=[at.provider.pk]))
    lacks = complaining.missing(mine.said) if mine.case is None else None
    if lacks is not None:
        return HttpResponseRedirect(_to(at, lacks) + "?then=check")
    if request.method != "POST":
        return _read_over(request, at, mine)
    turn = request.POST.get("turn", "")
    row = begun.send(
        mine, int(turn) if turn.isdecimal() and len(turn) < 9 else -1, lambda held: _opened(at, held), at.now
    )
    if row is None:
        messages.warning(
            request, _("You have changed something in another window. Please read it over again.")
        )
        return HttpResponseRedirect(reverse("complain-check", args=[at.provider.pk]))
    let_in(request, row, at.now)
    return HttpResponseRedirect(reverse("received", args=[at.provider.pk]))


@portal("POST")
def complain_stop(request: HttpRequest, at: Door) -> HttpResponse:
    """Throw away what was answered so far."""
    begun.throw_away(at.provider, request.COOKIES.get(BROWSER, ""))
    messages.success(request, _("We have kept nothing of what you wrote."))
    return HttpResponseRedirect(reverse("portal", args=[at.provider.pk]))


def _mine(request: HttpRequest, at: Door) -> BegunComplaint | None:
    return begun.find(at.provider, request.COOKIES.get(BROWSER, ""), at.now)


def _files(request: HttpRequest, at: Door, form: Answer, browser: str) -> HttpResponse:
    """Keep the files that can be taken, and say what is wrong with the others."""
    gone = request.POST.get("gone", "")
    if gone:
        mine = begun.find(at.provider, browser, at.now)
        if mine is not None and gone.isdecimal() and len(gone) < 16:
            begun.drop_file(mine, int(gone), at.now)
        return HttpResponseRedirect(request.get_full_path())
    files, wrong = uploads.judge(request.FILES.getlist("enclosed"))
    if not room.for_files(at.provider, network_of(request), files, at.now):
        files, wrong = (), (str(room.NO_FILES),)
    mine, too_many = begun.find(at.provider, browser, at.now), tuple[str, ...]()
    if files:
        # Nothing is begun by whoever sends nothing: many such presses would make many rows.
        mine, too_many = begun.keep_files(at.provider, browser, files, at.now)
    if not wrong and not too_many:
        return _on(request, at, form.question)
    form.is_valid()
    for words in (*wrong, *too_many):
        form.add_error("enclosed", words)
    return _asked(request, at, form.question, form, mine)


def _asked(
    request: HttpRequest,
    at: Door,
    question: Question,
    form: Answer,
    mine: BegunComplaint | None,
    *,
    full: bool = False,
) -> HttpResponse:
    place = QUESTIONS.index(question)
    if _checks(request):
        back = reverse("complain-check", args=[at.provider.pk])
    elif place:
        back = _to(at, QUESTIONS[place - 1])
    else:
        back = reverse("complain", args=[at.provider.pk])
    return show(
        request, at, "portal/question.html", status=422 if form.errors else 200, form=form, question=question, back=back,
        full=full, number=place + 1, questions=len(QUESTIONS), begun=mine is not None, is_files=question.slug == FILES,
        kept=mine.files.order_by("pk").only("pk", "name", "size") if mine is not None and question.slug == FILES else (),
    )  # fmt: skip


def _on(request: HttpRequest, at: Door, question: Question) -> HttpResponse:
    """To the next question; to where everything is read over, from the last one and for whoever came from there."""
    place = QUESTIONS.index(question) + 1
    # Another way of reply needs another box, so that is asked next.
    if place < len(QUESTIONS) and not (_checks(request) and question.slug != "answer"):
        query = "?then=check" if _checks(request) else ""
        return HttpResponseRedirect(_to(at, QUESTIONS[place]) + query)
    return HttpResponseRedirect(reverse("complain-check", args=[at.provider.pk]))


def _checks(request: HttpRequest) -> bool:
    return request.GET.get("then") == "check"


def _to(at: Door, question: Question) -> str:
    return reverse("complain-step", args=[at.provider.pk, question.slug])


def _next_open(at: Door, mine: BegunComplaint) -> str:
    """Where somebody who had begun goes on: at the first question that they have not seen."""
    for question in QUESTIONS:
        if question.slug != FILES and question.boxes[0] not in mine.said:
            return _to(at, question)
    return reverse("complain-check", args=[at.provider.pk])


def _read_over(request: HttpRequest, at: Door, mine: BegunComplaint) -> HttpResponse:
    return show(
        request, at, "portal/check.html", begun=mine, rows=complaining.read_over(mine.said),
        kept=mine.files.order_by("pk").only("name"),
    )  # fmt: skip


def _opened(at: Door, mine: BegunComplaint) -> CaseRow:
    """The case of these answers, in the transaction that ends their being kept here."""
    form = complaining.whole(mine.said)
    assert form.is_valid(), form.errors
    contact, known = first_words(form, at, begun.enclosed(mine))
    return open_case(at, contact, known, form)
