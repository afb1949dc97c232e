"""What django-allauth asks of this desk: where a sign-in goes on, how secrets are kept, and that nobody registers."""

from __future__ import annotations

import base64
import ipaddress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import user_logged_in
from allauth.account.stages import LoginStage
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from amends.desk.home import signed
from amends.desk.models import MustChange, Provider, Tried
from amends.desk.now import now
from amends.desk.signing import lock, log, noted

UNKNOWN_ADDRESS = "::"
"""Stands for the address of whoever comes through a socket that has none."""


class Door(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """The sign-in: after the password the second factor, then the desk, and no other address."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers: people are made by an administrator."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """No address that a visitor brings is followed."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that the list of sessions shows."""
        address = log.address_of(request)
        try:
            return str(ipaddress.ip_address(address))
        except ValueError:
            return UNKNOWN_ADDRESS

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The desk says what it has to say in its own words."""

    def get_login_stages(self) -> list[str]:
        """What stands between the password and the desk."""
        return ["amends.desk.signing.doors.AskSecondFactor"]

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Who has left is nobody."""
        return redirect("sign-in")

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        """They are in: noted in the session, in the list of sessions and in the log; the browser is known from now on."""
        moment = now()
        noted.complete(request, moment, must_change=MustChange.objects.filter(person=user).exists())
        answer = redirect("home")
        user_logged_in.send(sender=User, request=request, response=answer, user=user)
        UserSession.objects.filter(session_key=request.session.session_key).update(
            created_at=moment, last_seen_at=moment
        )
        User.objects.filter(pk=user.pk).update(last_login=moment)
        house = Provider.objects.filter(pk=request.session.get(noted.ONLY_AT)).first()
        log.write(request, Tried.IN, user, by=request.session.get(noted.BY, ""), provider=house)
        lock.know(request, answer, user)
        return answer


class AskSecondFactor(LoginStage):  # type: ignore[misc]  # allauth has no types
    """Whoever has a second factor shows it, unless their identity provider has asked for one."""

    key = "second factor"
    urlname = "second-factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Where to go on: to the page that asks, or straight in."""
        from amends.desk.signing import factors  # noqa: PLC0415 - it needs the adapters of this module

        if self.request.session.get(noted.FACTOR) or not factors.has(self.login.user):
            return None, True
        return redirect("second-factor"), True


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of second factors stand in the database only under the desk's key."""

    def encrypt(self, text: str) -> str:
        """A secret as the database keeps it."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """And as it was. Raises InvalidToken under another `secret.key`."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: User) -> str:
        """How an authenticator app names the entry."""
        return f"{user.get_username()} at {self._get_site_name()}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Which site a passkey is for: the name under which it is visited."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Amends"}


class SignOns(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """The identity providers are those that the desk's own rows name."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody is made by coming in."""
        return False

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[Any]:
        """None but ours, and those are found by their provider."""
        return []

    def get_provider(self, request: HttpRequest, provider: str, client_id: Any = None) -> Any:
        """The identity provider of one of our providers. Raises SignOn.DoesNotExist."""
        from amends.desk.signing.sign_on import house_provider  # noqa: PLC0415 - it needs the adapters of this module

        return house_provider(request, provider)


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(signed("second factors", "")))
