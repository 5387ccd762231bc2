"""Every page of the product, one line per domain."""

from . import firstrun, settings, signin

urlpatterns = [
    *firstrun.urlpatterns,
    *signin.urlpatterns,
    *settings.urlpatterns,
]
