"""Password hashing: Argon2id at OWASP's 19 MiB setting, ≤ 150 ms on a small computer."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
