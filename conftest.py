pytest_plugins = ["tests.cast", "tests.promised"]
