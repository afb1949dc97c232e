"""What the desk runs on: its folder, its database, its clock and its names, all from the environment.

| setting | meaning |
| --- | --- |
| `AMENDS_HOME` | the desk's folder (`~/.amends`), made when missing |
| `AMENDS_DATABASE_URL` | `postgresql://user:password@host:port/name`; SQLite in the folder without it |
| `AMENDS_DATABASE_POOL` | connections that one web process may hold on PostgreSQL; 0, the default, pools none |
| `AMENDS_CLOCK` | `manual` lets commands say what time it is; refused together with live mail |
| `AMENDS_HOSTS` | the names under which the desk is served, with commas; loopback without it |
| `AMENDS_PROXIES` | addresses or networks, with commas, believed in `X-Forwarded-For` and `-Proto`, beside this machine |
| `AMENDS_SITE` | the address that letters and portal links give, such as `https://complaints.example.net` |
| `AMENDS_DESK` | the address of the console, where it has a name of its own; `AMENDS_SITE` without it |
| `AMENDS_LOG` | how much goes to stderr: `WARNING` (the default), `INFO` or `ERROR` |
| `AMENDS_DEMO` | `1` allows the sign-ins of the demonstration, on loopback only |

Mail is switched on for each provider, never here.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from amends.desk.home import home, secret_key
from amends.desk.proxy import one_line

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


def _listed(name: str) -> list[str]:
    return [each.strip() for each in os.environ.get(name, "").split(",") if each.strip()]


HOME = home()
SECRET_KEY = secret_key()
DEBUG = False

CLOCK = os.environ.get("AMENDS_CLOCK", "")
if CLOCK not in ("", "manual"):
    raise ImproperlyConfigured(
        f"AMENDS_CLOCK is {CLOCK!r}: leave it out, or write 'manual' to play time by hand"
    )
MANUAL_CLOCK = CLOCK == "manual"
DEMO = os.environ.get("AMENDS_DEMO") == "1"
SITE = os.environ.get("AMENDS_SITE", "http://127.0.0.1:8000").rstrip("/")
SITE_SAID = bool(os.environ.get("AMENDS_SITE") or os.environ.get("AMENDS_DESK"))
"""Whether somebody said where the desk stands: an alarm gives no link to a guess."""
DESK_SITE = os.environ.get("AMENDS_DESK", SITE).rstrip("/")
ALLOWED_HOSTS = _listed("AMENDS_HOSTS") or list(LOOPBACK_NAMES)
PROXIES = _listed("AMENDS_PROXIES")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "amends.desk",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "amends.desk.proxy.believed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "amends.desk.browser.rules",
    "amends.desk.slashes.fewer",
    "amends.desk.slashes.told",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "amends.desk.signing.gate.Gate",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "amends.desk.urls"
WSGI_APPLICATION = "amends.desk.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
LOCALE_PATHS = [HOME / "locale"]
# English, and each language of which somebody has put a compiled catalogue into the folder: docs/translating.md.
LANGUAGES = [
    ("en-gb", "English"),
    *(
        (path.parts[-3].replace("_", "-").lower(), path.parts[-3])
        for path in sorted(HOME.glob("locale/*/LC_MESSAGES/django.mo"))
    ),
]
TIME_ZONE = "Europe/London"
USE_TZ = True
STATIC_URL = "static/"
# Our few files are served from where they lie: there is nothing to collect. Their addresses carry their content.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 30 * 24 * 60 * 60

SQLITE_BEGIN = """
PRAGMA busy_timeout = 20000;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA cache_size = -65536;
PRAGMA mmap_size = 268435456;
PRAGMA temp_store = MEMORY;
PRAGMA wal_autocheckpoint = 4000;
"""


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    pool = int(os.environ.get("AMENDS_DATABASE_POOL", "0"))
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    if pool:
        # Threads of one web process share these; a worker has one connection and wants none.
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 20}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 0 if pool else 600,
        "CONN_HEALTH_CHECKS": not pool,
        "OPTIONS": options,
    }


def _sqlite() -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "db.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": SQLITE_BEGIN, "timeout": 20},
    }


_url = os.environ.get("AMENDS_DATABASE_URL", "")
DATABASES = {"default": _postgresql(_url) if _url else _sqlite()}

# --- what a browser is told -----------------------------------------------------------------------------

_https = SITE.startswith("https://")
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_TRUSTED_ORIGINS = [SITE] if _https else []
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
"""A copy of what is held of one person has a box for each mark, note and file of all their cases."""
FILE_UPLOAD_HANDLERS = [
    "amends.desk.uploads.Capped",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LOGIN_URL = "/sign-in"
# Memory-hard, and in the standard library; passwords hashed by the older way still open and are hashed anew.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# allauth keeps second factors, sessions and the talk with identity providers. Its own pages are not in urls.py: nobody
# registers, changes an address or resets a password by themselves, and its tries, counted in a cache, are not asked.
ACCOUNT_ADAPTER = "amends.desk.signing.doors.Door"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "amends.desk.signing.doors.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Amends"
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
SOCIALACCOUNT_ADAPTER = "amends.desk.signing.doors.SignOns"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"one line": {"()": "django.utils.log.CallbackFilter", "callback": one_line}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
        "stderr, one line": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["one line"],
        },
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("AMENDS_LOG", "WARNING")},
    "loggers": {
        "django.security.DisallowedHost": {"handlers": ["stderr, one line"], "propagate": False},
    },
}
