"""The product's own settings on keys and files in a temporary folder; tests change nothing else but speed."""

import os
import tempfile

FOLDER = tempfile.TemporaryDirectory(prefix="tongxing-test-", ignore_cleanup_errors=True)
os.environ["TONGXING_DATA"] = FOLDER.name

from tongxing.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

if DATABASES["default"]["ENGINE"].endswith("sqlcipher"):  # noqa: F405  # a file, encrypted, as in a school
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.db")}  # noqa: F405

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
