from django.urls import include, path

urlpatterns = [path("", include("tongxing.doors.web.urls"))]
