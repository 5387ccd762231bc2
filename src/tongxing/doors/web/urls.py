"""Every page of the product, one line per domain."""

from . import (
    contacts,
    firstrun,
    pairing,
    settings,
    signin,
    students,
    styleguide,
)

urlpatterns = [
    *firstrun.urlpatterns,
    *signin.urlpatterns,
    *students.urlpatterns,
    *contacts.urlpatterns,
    *pairing.urlpatterns,
    *settings.urlpatterns,
    *styleguide.urlpatterns,
]
