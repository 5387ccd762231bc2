import datetime
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=80)),
                ("subject", models.CharField(max_length=200)),
                ("link_name", models.CharField(max_length=40)),
                ("link_args", models.JSONField(blank=True, default=list)),
                ("urgent", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "mail",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "on the page only"),
                            ("waiting", "to be sent"),
                            ("sent", "sent by e-mail"),
                            ("given_up", "could not be sent by e-mail"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("mail_tries", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["-urgent", "-created_at", "-pk"],
                "indexes": [models.Index(fields=["to", "read_at"], name="message_unread")],
                "constraints": [models.UniqueConstraint(fields=("to", "key"), name="message_once")],
            },
        ),
        migrations.CreateModel(
            name="MailAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("address", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("quiet_from", models.TimeField(default=datetime.time(21, 0), verbose_name="quiet from")),
                ("quiet_until", models.TimeField(default=datetime.time(6, 30), verbose_name="until")),
            ],
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
            ],
        ),
    ]
