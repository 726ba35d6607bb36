"""Every address of the product. Login is the default; what is public says so."""

from django.contrib import admin
from django.urls import include, path, register_converter

from teikyaku.desk.views.health import healthz
from teikyaku.desk.views.security_txt import security_txt
from teikyaku.url_converters import MonthConverter

register_converter(MonthConverter, "month")

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("", include("teikyaku.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("clients.urls")),
    path("", include("plans.urls")),
    path("", include("billing.urls")),
    path("", include("teikyaku.desk.urls")),
]

handler500 = "teikyaku.desk.views.faults.server_fault"
# Sign-in, resets and second factors are counted by allauth, which asks for this one.
handler429 = "teikyaku.accounts.limits.too_many"
