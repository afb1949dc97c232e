"""To comment on the code: on the whole of it or on one clause, without an account, with a name or without."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.core.code import Code
from amends.core.may import Refusal
from amends.desk import comments
from amends.desk.forms.comments import Comment
from amends.desk.models import AdoptedCode
from amends.desk.views.portal.page import Door, portal, show

_LONGEST = 60


@portal("GET", "HEAD", "POST")
def comment(request: HttpRequest, at: Door) -> HttpResponse:
    """The page on which one comments on the code of today."""
    if at.code is None or at.code_row is None:
        raise Http404("no code is in force")
    clauses = _clauses(at.code)
    if request.method != "POST":
        about = request.GET.get("clause", "")
        form = Comment(clauses=clauses, clause=about if about in dict(clauses) else "")
        return show(request, at, "portal/comment.html", form=form)
    form = Comment(request.POST, clauses=clauses)
    if form.is_valid():
        code = AdoptedCode.objects.get(pk=at.code_row)
        kept = comments.leave(at.provider, code, form.said, at.now)
        if not isinstance(kept, Refusal):
            messages.success(request, _("Thank you. We will look at it when we next review our code."))
            return HttpResponseRedirect(reverse("portal-code", args=[at.provider.pk]))
        form.add_error("words", f"{kept.what}. {kept.mend}")
    return show(request, at, "portal/comment.html", status=422, form=form)


def _clauses(code: Code) -> list[tuple[str, str]]:
    """Each clause that says something, by its id and its first words, in the order of the code."""
    found = []
    for clause in code.clauses:
        words = " ".join((clause.heading or clause.says).split())
        if words:
            short = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"
            found.append((clause.id, f"{clause.id}: {short}"))
    return found
