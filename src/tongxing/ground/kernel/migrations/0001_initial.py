from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SubjectKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wrapped", models.BinaryField(null=True)),
                ("destroyed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=10)),
                ("user_id", models.BigIntegerField(null=True)),
                ("school_id", models.BigIntegerField(db_index=True, null=True)),
                ("action", models.CharField(db_index=True, max_length=60)),
                ("subject", models.CharField(blank=True, max_length=40)),
                ("subject_id", models.BigIntegerField(null=True)),
                ("purpose", models.CharField(blank=True, max_length=200)),
                ("detail", models.JSONField(default=dict)),
                ("mac", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [models.Index(fields=["subject", "subject_id"], name="audit_subject")],
            },
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entries", models.BigIntegerField(default=0)),
                ("mac", models.CharField(default="", max_length=64)),
                ("seal", models.CharField(default="", max_length=64)),
            ],
        ),
    ]
