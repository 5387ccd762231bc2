"""Passwords: hashed by Argon2id at OWASP's 19 MiB setting, ≤ 150 ms on a small computer, and long enough."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class Argon2(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1


class LongEnough(MinimumLengthValidator):
    """Django's rule with a sentence that our languages know (its own is untranslated in 5.2)."""

    def get_error_message(self) -> str:
        return _("Please take at least %(n)s characters; a short sentence is easy to remember.") % {
            "n": self.min_length
        }
