"""Every page of the product, one line per domain."""

from . import firstrun, pairing, settings, signin

urlpatterns = [
    *firstrun.urlpatterns,
    *signin.urlpatterns,
    *pairing.urlpatterns,
    *settings.urlpatterns,
]
