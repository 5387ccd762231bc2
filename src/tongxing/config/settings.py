"""All settings, in one file. They come from the environment (TONGXING_…) alone; an unknown name stops the start."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from tongxing.ground.kernel import keyring

KNOWN = {
    "TONGXING_DATA": "folder of database, keys and files (default: ./data)",
    "TONGXING_DATABASE_URL": "postgresql://user:password@host:port/name (default: encrypted SQLite in the data folder)",
    "TONGXING_MODE": "school (default) or demo: demo data and the one-click sign-in page",
    "TONGXING_HOSTS": "comma-separated host names this server answers to (default: localhost)",
    "TONGXING_HTTPS": "1 behind a proxy that speaks HTTPS: secure cookies and strict transport",
    "TONGXING_LAN": "set by `tongxing up --lan` for what it starts: the plain address of the first visit",
    "TONGXING_ADDRESS": "where people reach this installation, such as https://care.example.cn: for links in e-mail",
    "TONGXING_MAIL": "smtps://user:password@host:465 or smtp://…:587 (STARTTLS) to send e-mail (default: none)",
    "TONGXING_MAIL_FROM": "the sender of e-mail, such as care@example.cn",
    "TONGXING_DEBUG": "1 for developers: full error pages",
}
_unknown = {name for name in os.environ if name.startswith("TONGXING_")} - KNOWN.keys()
if _unknown:
    raise ImproperlyConfigured(f"Unknown setting {', '.join(sorted(_unknown))}. Known: {', '.join(KNOWN)}")

PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("TONGXING_DATA", "data")).resolve()
MODE = os.environ.get("TONGXING_MODE", "school")
if MODE not in {"school", "demo"}:
    raise ImproperlyConfigured(f"TONGXING_MODE is “{MODE}”; it can be school or demo")
#: Where a phone learns to trust this server, when it speaks HTTPS itself in the school's network.
LAN = os.environ.get("TONGXING_LAN", "")
HTTPS = bool(LAN) or os.environ.get("TONGXING_HTTPS") == "1"
DEBUG = os.environ.get("TONGXING_DEBUG") == "1"
KEYRING = keyring.load(DATA / "keys")
SECRET_KEY = KEYRING.session.hex()
ALLOWED_HOSTS = os.environ.get("TONGXING_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "tongxing.ground.kernel",
    "tongxing.ground.accounts",
    "tongxing.ground.outbox",
    "tongxing.ground.files",
    "tongxing.ground.people",
    "tongxing.ground.access",
    "tongxing.ground.publicity",
    "tongxing.ground.records",
    "tongxing.care.safety",
    "tongxing.care.profiles",
    "tongxing.care.pairing",
    "tongxing.care.contacts",
    "tongxing.care.family",
    "tongxing.care.screening",
    "tongxing.aid.ledger",
    "tongxing.aid.donations",
    "tongxing.aid.hardship",
    "tongxing.aid.workstudy",
    "tongxing.aid.subsidies",
    "tongxing.aid.companions",
    "tongxing.paper.exchange",
    "tongxing.care.programme",
    "tongxing.care.counselling",
    "tongxing.care.requests",
    "tongxing.care.peers",
    "tongxing.care.attendance_watch",
    "tongxing.care.activities",
    "tongxing.oversight.inspection",
    "tongxing.oversight.notices",
    "tongxing.oversight.county",
    "tongxing.oversight.review",
    "tongxing.oversight.recognition",
    "tongxing.paper.documents",
    "tongxing.doors.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tongxing.doors.web.compression.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "tongxing.config.urls"
WSGI_APPLICATION = "tongxing.config.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "sign-in"
CSRF_FAILURE_VIEW = "tongxing.doors.web.errors.csrf_failed"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "doors" / "web" / "templates"],
        "OPTIONS": {
            "environment": "tongxing.doors.web.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "tongxing.doors.web.jinja.frame",
            ],
        },
    },
]


def _database(url: str | None) -> dict:
    if not url:
        return {
            "ENGINE": "tongxing.ground.kernel.sqlcipher",
            "NAME": DATA / "tongxing.db",
            "CONN_MAX_AGE": None,
            "OPTIONS": {"key": KEYRING.database.hex(), "transaction_mode": "IMMEDIATE", "timeout": 20},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("TONGXING_DATABASE_URL must start with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database(os.environ.get("TONGXING_DATABASE_URL"))}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kernel_cache"},
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

PASSWORD_HASHERS = ["tongxing.ground.accounts.passwords.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name")},
    },
    {"NAME": "tongxing.ground.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

#: Whether this installation sends e-mail; without a mail server messages stay on the page.
MAIL = bool(os.environ.get("TONGXING_MAIL"))
ADDRESS = os.environ.get("TONGXING_ADDRESS", "").rstrip("/")
DEFAULT_FROM_EMAIL = os.environ.get("TONGXING_MAIL_FROM", "")
if MAIL:
    _mail = urlsplit(os.environ["TONGXING_MAIL"])
    if _mail.scheme not in {"smtp", "smtps"} or not _mail.hostname:
        raise ImproperlyConfigured("TONGXING_MAIL must look like smtps://user:password@host:465")
    if not ADDRESS.startswith(("http://", "https://")) or "@" not in DEFAULT_FROM_EMAIL:
        raise ImproperlyConfigured("With TONGXING_MAIL, set TONGXING_ADDRESS and TONGXING_MAIL_FROM too")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = not EMAIL_USE_SSL
    EMAIL_HOST, EMAIL_PORT = _mail.hostname, _mail.port or (465 if EMAIL_USE_SSL else 587)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_TIMEOUT = 20

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "tongxing.config.static.PageFiles"},
}

SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
#: Only behind a proxy with a certificate all the world knows; why not by `--lan`: docs/decisions/0060-school-network.md
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS and not LAN else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and not LAN else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},
}
