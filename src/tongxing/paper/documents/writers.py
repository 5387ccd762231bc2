"""An official document as a file: PDF to print, Word to go on writing. Both say the same."""

from collections.abc import Callable
from typing import Any

from .content import Document
from .pdf import pdf_file
from .word import word_file

WRITERS: dict[str, Callable[[Document], Any]] = {"pdf": pdf_file, "docx": word_file}
