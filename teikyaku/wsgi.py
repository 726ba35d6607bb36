"""WSGI entry point. Production is the default here; it refuses to start half configured."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teikyaku.settings")
os.environ.setdefault("TEIKYAKU_MODE", "production")
# Through the pool and with the standby, where the settings name them.
os.environ.setdefault("TEIKYAKU_PART", "web")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
