"""Every page of the product, one line per domain."""

from . import settings, signin

urlpatterns = [
    *signin.urlpatterns,
    *settings.urlpatterns,
]
