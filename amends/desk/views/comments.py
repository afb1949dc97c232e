"""Comments on the code, for those who review it: what waits, what was decided by whom, and erasing what somebody wrote."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.core.may import Refusal
from amends.desk import access, books
from amends.desk import comments as kept
from amends.desk.forms.comments import Consider, Erase
from amends.desk.models import CodeComment
from amends.desk.people import names_at
from amends.desk.views.here import Here, console
from amends.desk.views.pages import Tab, show

REVIEW: Final = access.REVIEWS_THE_CODE
PAGE: Final = 25


@console(roles=REVIEW)
def comments(request: HttpRequest, here: Here) -> HttpResponse:
    """A list: what waits, the oldest first; what was considered, the newest first."""
    considered = request.GET.get("state") == "considered"
    found = access.comments_for(here.person, here.provider.pk).select_related("code")
    found = found.filter(considered_at__isnull=not considered)
    last = request.GET.get("from", "")
    start = int(last) if last.isdecimal() and len(last) < 19 else 0
    if considered:
        found = (found.filter(pk__lt=start) if start else found).order_by("-pk")
    else:
        found = found.filter(pk__gt=start).order_by("pk")
    rows = list(found[: PAGE + 1])
    return show(
        request, here, "console/comments.html", at="house", comments=rows[:PAGE], considered=considered,
        names=names_at(here.provider.pk), onward=str(rows[PAGE - 1].pk) if len(rows) > PAGE else "",
        from_start=not start, keep="state=considered" if considered else "",
        tabs=[Tab(_("Waiting"), "?", not considered), Tab(_("Considered"), "?state=considered", considered)],
    )  # fmt: skip


@console(roles=REVIEW, methods=("GET", "HEAD", "POST"))
def comment(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """One comment: what was decided about it is written down here."""
    found = _comment(here, number)
    form = Consider(request.POST or None, initial={"decision": found.decision})
    if request.method == "POST" and form.is_valid():
        decision = form.cleaned_data["decision"]
        refusal = kept.consider(found, decision=decision, by=here.id, now=here.now)
        if refusal is None:
            return _back(request, here, _("It stands beside the comment."))
        form.add_error("decision", f"{refusal.what}. {refusal.mend}")
    return _page(request, here, found, form, Erase(), 422 if form.is_bound else 200)


@console(roles=REVIEW, methods=("POST",))
def erase_comment(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Erase what somebody wrote and who they are."""
    found, form = _comment(here, number), Erase(request.POST)
    refusal: Refusal | None = None
    if form.is_valid():
        refusal = kept.erase(found, why=form.cleaned_data["why"], by=here.id, now=here.now)
        if refusal is None:
            return _back(request, here, _("Its words are erased."))
        form.add_error("why", f"{refusal.what}. {refusal.mend}")
    return _page(request, here, found, Consider(initial={"decision": found.decision}), form, 422)


def _page(
    request: HttpRequest, here: Here, found: CodeComment, form: Consider, erase: Erase, status: int
) -> HttpResponse:
    return show(
        request, here, "console/comment.html", at="house", status=status, comment=found, form=form, erase=erase,
        clause=_clause_words(found), who=names_at(here.provider.pk).get(found.considered_by, found.considered_by),
    )  # fmt: skip


def _clause_words(found: CodeComment) -> str:
    """What the clause says that a comment is about; "" for the code as a whole."""
    code = books.book_of(found.code_id).code
    clause = code.clause(found.clause) if code is not None and found.clause else None
    return clause.says if clause is not None else ""


def _comment(here: Here, number: int) -> CodeComment:
    found = (
        access.comments_for(here.person, here.provider.pk).filter(pk=number).select_related("code").first()
    )
    if found is None:
        raise Http404(str(number))
    return found


def _back(request: HttpRequest, here: Here, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(reverse("comments", args=[here.provider.pk]))
