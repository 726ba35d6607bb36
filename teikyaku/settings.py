"""Settings, one file for the three modes: production, demo and test.

`TEIKYAKU_MODE` decides. Production takes every secret from the environment and refuses to start
without it; demo listens on loopback and needs nothing; test is demo with quick passwords.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

import environ
from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured

from teikyaku import __version__

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

MODE = env.str("TEIKYAKU_MODE", default="test" if "pytest" in sys.modules else "demo")
if MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured(f"TEIKYAKU_MODE={MODE}: production, demo, test のどれかです。")
IS_PRODUCTION = MODE == "production"
VERSION = __version__


def required(name: str, demo: str) -> str:
    """The setting `name`; production must state it, the other modes use `demo`."""
    if not IS_PRODUCTION:
        return env.str(name, default=demo)
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"本番の起動には {name} が必要です。.env.example を見て設定してください。"
        )
    return value


def a_day(name: str) -> date | None:
    """The setting `name` as a day (2027-03-31); None where it is empty."""
    value = env.str(name, default="")
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value}: 2027-03-31 の形で書いてください。") from error


DEBUG = False
SECRET_KEY = required(
    "SECRET_KEY", "demo-only-key-that-protects-nothing-because-all-of-it-is-fictional"
)
# Former keys: what they signed and sealed is still read (docs/operations.md, "秘密の値を替える").
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = required("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
# The address that mails link to.
BASE_URL = required("BASE_URL", "http://127.0.0.1:8000")
# Whom to tell of a weakness: mailto:… or https://…, shown in /.well-known/security.txt.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
# Until when somebody has promised to read what comes there (2027-03-31); empty: always some months ahead.
SECURITY_CONTACT_UNTIL = a_day("SECURITY_CONTACT_UNTIL")
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- Apps ---------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "teikyaku.desk.apps.TeikyakuAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.forms",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "simple_history",
    "template_partials",
    "teikyaku.accounts",
    "clients",
    "plans",
    "billing",
    "teikyaku.desk",
]
if MODE == "test":
    INSTALLED_APPS += ["tests.constraints.app"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "teikyaku.compression.TextCompression",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "teikyaku.readable_text.ReadableTextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "teikyaku.accounts.sign_in_again.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "teikyaku.accounts.middleware.ActiveMembershipMiddleware",
    "teikyaku.accounts.way_back.WayBackMiddleware",
    "teikyaku.accounts.sign_in_again.PressAgainMiddleware",
    "teikyaku.accounts.middleware.PrivatePagesMiddleware",
    "teikyaku.accounts.second_factor.SecondFactorMiddleware",
    "teikyaku.accounts.limits.LimitMiddleware",
    "teikyaku.desk.steps_opened.StepsOpenedMiddleware",
]
if MODE != "production":
    MIDDLEWARE.append("teikyaku.desk.as_of.AsOfMiddleware")
# The innermost: who somebody is, and what they may, is always asked of the primary.
MIDDLEWARE.append("teikyaku.desk.late_pages.LatePagesMiddleware")

ROOT_URLCONF = "teikyaku.urls"
WSGI_APPLICATION = "teikyaku.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "teikyaku.accounts.context.product",
                "teikyaku.desk.navigation.navigation",
                "billing.context.sample",
            ],
            "builtins": ["django.templatetags.i18n", "teikyaku.tags"],
        },
    }
]
FORM_RENDERER = "teikyaku.form_renderer.Renderer"

# --- Database -----------------------------------------------------------------------------------

# "web" behind wsgi.py, "command" otherwise: pages go through the pool, commands to the database itself
# (dumps, migrations and long reads hold a connection of their own; docs/scale.md).
PART = env.str("TEIKYAKU_PART", default="command")
POOL_URL = env.str("POOL_URL", default="") if PART == "web" else ""
DATABASES = {
    "default": env.db_url_config(POOL_URL)
    if POOL_URL
    else env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR}/teikyaku.sqlite3")
}
# A standby that pages of reports may read (teikyaku/replica.py), and how late it may be at most.
REPLICA_URL = env.str("REPLICA_URL", default="") if PART == "web" else ""
REPLICA_MOST_SECONDS = env.int("REPLICA_MOST_SECONDS", default=30)
FRESH_COOKIE = "__Host-fresh" if IS_PRODUCTION else "fresh"
if REPLICA_URL:
    DATABASES["replica"] = env.db_url_config(REPLICA_URL)
    DATABASE_ROUTERS = ["teikyaku.replica.ReplicaRouter"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a writer waits its turn; with DEFERRED most concurrent writers fail.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    DATABASES["default"]["TEST"] = {"NAME": f"{DATABASES['default']['NAME']}.test"}
else:
    # In tests a kept connection would stand in the way of dropping the test database.
    kept_seconds = 0 if MODE == "test" else 60
    for database in DATABASES.values():
        database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=kept_seconds)
        database["CONN_HEALTH_CHECKS"] = True
    if POOL_URL:
        # A cursor that outlives its transaction may find itself at another connection of the pool.
        DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    if REPLICA_URL:
        # A machine that is down is noticed at once: the page then reads the primary.
        DATABASES["replica"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)

CACHES = {
    "default": {
        "BACKEND": "teikyaku.shared_cache.SharedCache",
        "LOCATION": "cache",
        # With the usual 300 a stranger who tries many addresses would push out what was counted.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
if MODE == "test":
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}

# --- Sign-in ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
# Behind one proxy (nginx) the address of who asks is the last one that it wrote into X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if IS_PRODUCTION else 0)
AUTHENTICATION_BACKENDS = ["teikyaku.accounts.backends.EmailBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "teikyaku.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_ADAPTER = "teikyaku.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "teikyaku"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PRODUCTION
# Roles whose members must have a second factor before they see a person's data.
SECOND_FACTOR_ROLES = env.list(
    "SECOND_FACTOR_ROLES",
    default=[
        "support_worker", "service_manager", "office_manager", "billing",
        "ward_officer", "city", "system_admin",
    ] if IS_PRODUCTION else [],
)  # fmt: skip
# What one person may take away in a minute. Tests ask every page at once.
FILES_A_MINUTE = env.int("FILES_A_MINUTE", default=10_000 if MODE == "test" else 40)
SEARCHES_A_MINUTE = env.int("SEARCHES_A_MINUTE", default=10_000 if MODE == "test" else 180)
IDLE_MINUTES = env.int("IDLE_MINUTES", default=30)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 60 * 60
# Marks for a while who pressed a button after the session had ended (teikyaku/accounts/sign_in_again.py).
PRESSED_COOKIE = "__Host-pressed" if IS_PRODUCTION else "pressed"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# --- Browser security ---------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# No script reads it: forms carry the token.
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "teikyaku.desk.views.faults.sent_too_late"
if IS_PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # Only this host can have set them: not a neighbour below the same domain, not over http.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
PERMISSIONS_POLICY = {
    "camera": [], "geolocation": [], "microphone": [], "payment": [], "usb": [],
    "publickey-credentials-get": ["self"], "publickey-credentials-create": ["self"],
}  # fmt: skip

# --- Language, time, files, mail ----------------------------------------------------------------

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語")]
USE_I18N = True
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
DATE_INPUT_FORMATS = ["%Y-%m-%d"]

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "teikyaku" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
        # Collected by root and read by the server's user: not as closed as what is uploaded.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
# Photos and scans of papers: never below a public address, handed out by one view after its check.
MEDIA_ROOT = Path(required("MEDIA_ROOT", str(BASE_DIR / "media")))
if IS_PRODUCTION and not (MEDIA_ROOT.is_absolute() and os.access(MEDIA_ROOT, os.W_OK | os.X_OK)):
    raise ImproperlyConfigured(
        f"MEDIA_ROOT={MEDIA_ROOT}: 添付を置く、書き込めるフォルダーを絶対パスで設定してください。"
    )
# 120 rows of ten fields on one page, and envelopes of 2,000 papers: Django's 1,000 would answer 400.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_500
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
ATTACHMENT_MOST_BYTES = env.int("ATTACHMENT_MAX_MB", default=15) * 1024 * 1024
# Backups: where they lie, whom they are sealed for (age public keys), how long they are kept
# (docs/keeping.md: short, as no erasure reaches them), where unsealed copies lie while one is made.
BACKUP_FOLDER = env.str("BACKUP_FOLDER", default="")
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])
BACKUP_KEEP_DAYS = env.int("BACKUP_KEEP_DAYS", default=35)
BACKUP_WORK = env.str("BACKUP_WORK", default="") or None
# Where pg_dump and pg_restore are, if not on the PATH.
PG_BIN = env.str("PG_BIN", default="")
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
WHITENOISE_AUTOREFRESH = not IS_PRODUCTION
FONT_DIRS = env.list("FONT_DIRS", default=[])

DEFAULT_FROM_EMAIL = required("DEFAULT_FROM_EMAIL", "teikyaku <noreply@example.jp>")
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
if MODE == "test":
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# --- Logs: structured, without personal data (see teikyaku/logs.py) -------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "teikyaku.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO" if IS_PRODUCTION else "WARNING"},
    # It greets at every start of every process.
    "loggers": {"pikepdf": {"level": "WARNING"}},
}

SIMPLE_HISTORY_REVERT_DISABLED = True
