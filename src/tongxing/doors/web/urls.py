"""Every page of the product, one line per domain."""

from . import (
    commitments,
    contacts,
    county,
    demo,
    documents,
    firstrun,
    imports,
    overview,
    pairing,
    screening,
    screening_rounds,
    settings,
    signin,
    students,
    styleguide,
    week,
)

urlpatterns = [
    *demo.urlpatterns,
    *firstrun.urlpatterns,
    *signin.urlpatterns,
    *students.urlpatterns,
    *contacts.urlpatterns,
    *screening.urlpatterns,
    *screening_rounds.urlpatterns,
    *pairing.urlpatterns,
    *settings.urlpatterns,
    *commitments.urlpatterns,
    *week.urlpatterns,
    *styleguide.urlpatterns,
    *overview.urlpatterns,
    *documents.urlpatterns,
    *county.urlpatterns,
    *imports.urlpatterns,
]
