from django.urls import include, path

from tongxing.doors.web import errors

urlpatterns = [path("", include("tongxing.doors.web.urls"))]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
