from django.apps import AppConfig


class AttendanceWatchConfig(AppConfig):
    name = "tongxing.care.attendance_watch"
    label = "attendance_watch"
