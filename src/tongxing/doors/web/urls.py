"""Every page of the product, one line per domain."""

from . import (
    contacts,
    county,
    documents,
    firstrun,
    overview,
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
    *overview.urlpatterns,
    *documents.urlpatterns,
    *county.urlpatterns,
]
