"""The one thing a declaration cannot say: the languages are compiled when the package is built."""

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent


class BuildWithLanguages(build_py):
    def run(self) -> None:
        super().run()
        sys.path.insert(0, str(ROOT / "tools"))
        from messages import compile_all

        compile_all(Path(self.build_lib) / "tongxing" / "locale")


setup(cmdclass={"build_py": BuildWithLanguages})
