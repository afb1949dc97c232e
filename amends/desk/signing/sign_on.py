"""Single sign-on by OpenID Connect: the code flow with PKCE, state and nonce, its id_token verified by its signature.

django-allauth finds the identity provider, leads there and fetches the token. What it leaves open is closed here: the
id_token's signature is checked against the published keys although it came by TLS, its nonce is the one that we sent,
the issuer is the very one that was set up, and what counts is the token, never the userinfo page.

Who comes is a person whom an administrator has linked to the identity provider's subject, or the person for whom an
administrator recorded the address with which they come verified for the first time. Nobody is made by coming.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import jwt
import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from amends.desk.home import password
from amends.desk.models import AuditEntry, Provider, Role, SignOn, SignOnLink

ALGORITHMS: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "ES256"})
"""Signatures by a key of which only the public half is known here; never one that our own secret could have made."""
LEEWAY: Final = 60
"""Seconds by which the clocks of two machines may differ."""
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
WENT_WRONG: Final = (
    OAuth2Error, requests.RequestException, jwt.PyJWTError, PermissionDenied, ValueError, KeyError, TypeError,
    AttributeError,
)  # fmt: skip
"""What is raised where an identity provider is away, or says what it should not."""


class Refused(Exception):
    """Nobody comes in; the words say why, to whoever set it up."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Who the identity provider says that somebody is."""

    subject: str
    email: str
    """In lower case; empty where there is none."""
    verified: bool


class HouseAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """One provider's identity provider, as it describes itself."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Its description. Raises Refused where it is another's, or leads to an address that can be listened to."""
        described: dict[str, Any] = super().openid_config
        issuer = self.get_provider().app.settings["server_url"]
        if described["issuer"] != issuer:
            raise Refused(f"it calls itself {described['issuer']}, and {issuer} is set up")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not is_private_address(described[name]):
                raise Refused(f"its {name} is not https")
        return described

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:  # noqa: ARG002 - as allauth asks
        """Where it sends people back."""
        return request.build_absolute_uri(reverse("sign-on-return", args=[self.provider_id]))


class HouseProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth has no types
    """The identity provider of one of our providers."""

    oauth2_adapter_class = HouseAdapter


def is_private_address(address: str) -> bool:
    """Whether nobody on the way can listen: https, or this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def house_provider(request: HttpRequest, slug: str) -> HouseProvider:
    """The identity provider of this provider. Raises SignOn.DoesNotExist, and NoSecret where its secret is gone."""
    kept = SignOn.objects.get(provider=slug)
    return HouseProvider(
        request,
        app=SocialApp(
            provider=HouseProvider.id, provider_id=slug, name=kept.name, client_id=kept.client_id,
            secret=password(kept.client_secret),
            settings={"server_url": kept.issuer, "oauth_pkce_enabled": True, "scope": ["openid", "email"]},
        ),
    )  # fmt: skip


def lead_there(request: HttpRequest, slug: str) -> HttpResponseBase:
    """On to the identity provider. Raises Refused where it cannot be asked."""
    nonce = secrets.token_urlsafe(24)
    try:
        answer: HttpResponseBase = house_provider(request, slug).redirect(
            request, process=AuthProcess.LOGIN, auth_params={"nonce": nonce}, nonce=nonce
        )
    except WENT_WRONG as wrong:
        raise Refused(_said(wrong)) from wrong
    return answer


def come_back(request: HttpRequest, slug: str) -> Claims:
    """Who came back from the identity provider. Raises Refused for whatever does not fit what was asked."""
    provider = house_provider(request, slug)
    try:
        state = provider.unstash_redirect_state(request, request.GET.get("state", ""))
    except PermissionDenied as wrong:
        raise Refused("no sign-in was begun in this browser, or too long ago") from wrong
    if "error" in request.GET:
        raise Refused(f"it says: {request.GET['error'][:100]}")
    adapter = provider.get_oauth2_adapter(request)
    try:
        described = adapter.openid_config
        if request.GET.get("iss", described["issuer"]) != described["issuer"]:
            raise Refused("the answer is another identity provider's")
        client = adapter.get_client(request, provider.app)
        token = adapter.get_access_token_data(
            request, provider.app, client, pkce_code_verifier=state["pkce_code_verifier"]
        )
        return _read(token["id_token"], described, provider.app.client_id, state["nonce"])
    except WENT_WRONG as wrong:
        raise Refused(_said(wrong)) from wrong


def _read(id_token: str, described: dict[str, Any], client: str, nonce: str) -> Claims:
    with get_adapter().get_requests_session() as session:
        answer = session.get(described["jwks_uri"])
        answer.raise_for_status()
    header = jwt.get_unverified_header(id_token)
    if header["alg"] not in ALGORITHMS:
        raise Refused(f"its token is signed by {header['alg'][:20]}")
    keys = [k for k in jwt.PyJWKSet.from_dict(answer.json()).keys if header.get("kid") in (None, k.key_id)]
    if len(keys) != 1:
        raise Refused("its token is signed by a key that it has not published")
    said = jwt.decode(
        id_token, keys[0].key, algorithms=[header["alg"]], audience=client, issuer=described["issuer"], leeway=LEEWAY,
        options={"require": ["iss", "aud", "exp", "iat", "sub"]},
    )  # fmt: skip
    if not secrets.compare_digest(str(said.get("nonce", "")).encode(), nonce.encode()):
        raise Refused("its token answers another question than ours")
    if said.get("azp", client) != client:
        raise Refused("its token is for another program")
    if not isinstance(said["sub"], str) or not said["sub"].strip():
        # An empty one would be that of everybody who is still awaited.
        raise Refused("its token names nobody")
    email = said.get("email")
    return Claims(
        said["sub"],
        email.strip().lower() if isinstance(email, str) else "",
        said.get("email_verified") is True,
    )


def _said(wrong: Exception) -> str:
    return " ".join(f"{type(wrong).__name__}: {wrong}".split())[:200]


def person_of(provider: Provider, claims: Claims, now: datetime) -> User:
    """The person who comes. Raises Refused where nobody is linked, or where that person works here no longer."""
    links = SignOnLink.objects.filter(provider=provider).select_related("person")
    link = links.exclude(subject="").filter(subject=claims.subject).first()
    if link is None and claims.verified and claims.email:
        link = _first_time(provider, claims, now)
    if link is None:
        raise Refused("nobody is linked to this account")
    works_here = Role.objects.filter(person=link.person, provider=provider).exists()
    if not link.person.is_active or not works_here:
        raise Refused("the person who is linked has no role here")
    return link.person


def _first_time(provider: Provider, claims: Claims, now: datetime) -> SignOnLink | None:
    """The person whose address an administrator recorded: from now on they are known by the subject."""
    with transaction.atomic():
        waiting = SignOnLink.objects.select_for_update().filter(
            provider=provider, email=claims.email, subject=""
        )
        link = waiting.first()
        if link is None:
            return None
        link.subject, link.linked = claims.subject, now
        link.save()
        AuditEntry.objects.create(
            provider=provider, at=now, by="system", what="single sign-on linked", detail={"person": str(link.person_id)},
        )  # fmt: skip
    return link
