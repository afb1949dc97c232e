"""The keys of the doors for machines: which systems have one, when each last came, a new one told this once, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.core.may import Refusal
from amends.desk import door_keys
from amends.desk.forms.keys import NewKey
from amends.desk.models import Door, DoorKey
from amends.desk.people import names_at
from amends.desk.views.here import KEEP, Here, console
from amends.desk.views.pages import back, show


@console(roles=KEEP, methods=("GET", "HEAD", "POST"))
def keys(request: HttpRequest, here: Here) -> HttpResponse:
    """Every key, and a new one: its secret stands on the page that answers the press, and nowhere again."""
    form, secret = NewKey(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = door_keys.make_key(
            here.provider, said["name"], by=here.id, now=here.now, opens=Door(said["opens"])
        )
        if isinstance(made, Refusal):
            form.add_error("name", str(made))
        else:
            form, secret = NewKey(), made[1]
    status = 422 if form.errors else 200
    names = names_at(here.provider.pk)
    those = DoorKey.objects.filter(provider=here.provider).order_by("name")
    page = show(
        request, here, "console/keys.html", at="house", status=status, form=form, secret=secret,
        rows=[(key, names.get(key.made_by, key.made_by)) for key in those],
        sync_door=f"/api/v1/{here.provider.pk}/customers/", billing_door=f"/api/v1/{here.provider.pk}/billing/sums",
    )  # fmt: skip
    if secret:
        page.headers["Cache-Control"] = "no-store"
    return page


@console(roles=KEEP, methods=("POST",))
def revoke_key(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """From now on this key opens nothing."""
    key = DoorKey.objects.filter(provider=here.provider, pk=number).first()
    if key is None:
        raise Http404(str(number))
    refusal = door_keys.revoke(key, by=here.id, now=here.now)
    if refusal is not None:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The key opens nothing from now on."))
    return back(here, "keys")
