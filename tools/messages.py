#!/usr/bin/env python3
"""The product's sentences and their Chinese: extract, add, compile, check.

    messages.py                  list the sentences without Chinese, drop those no longer used, compile
    messages.py --add PO         take translations from PO (msgid/msgstr pairs, no header needed), then compile
    messages.py --compile        write django.mo for every language
    messages.py --check          list what is missing, empty, fuzzy, hidden or has other placeholders; exit 1 on any

Sentences are English in the sources. The catalogue is sorted by sentence, one line each, without source
positions or dates, so that two people's additions merge.
"""

import argparse
import ast
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import escape, read_po

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "tongxing"
LOCALE = PACKAGE / "locale"
SOURCE, TRANSLATED = "en", "zh_Hans"

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
#: What the page environment does too: newstyle calls, blocks trimmed to one line.
JINJA = {
    "extensions": "jinja2.ext.i18n, jinja2.ext.do, jinja2.ext.loopcontrols",
    "newstyle_gettext": "true",
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
    "encoding": "utf-8",
}
HEADER = (
    'msgid ""\n'
    'msgstr ""\n'
    '"Project-Id-Version: tongxing\\n"\n'
    '"Language: {language}\\n"\n'
    '"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Content-Transfer-Encoding: 8bit\\n"\n'
    '"Plural-Forms: {plural}\\n"\n'
)
PLURAL = {"en": "nplurals=2; plural=(n != 1);", "zh_Hans": "nplurals=1; plural=0;"}

Key = tuple[str | None, str]  # context, sentence (its singular)


@dataclass
class Sentence:
    """One sentence of the sources and where it stands."""

    id: str | tuple[str, str]
    context: str | None
    places: list[str] = field(default_factory=list)

    @property
    def on_page(self) -> bool:
        return any(".html:" in place for place in self.places)


def key_of(identifier: str | tuple[str, ...] | list[str], context: str | None) -> Key:
    return context or None, identifier if isinstance(identifier, str) else identifier[0]


def sources(package: Path) -> Iterator[Path]:
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package).parts
        if {"tests", "migrations", "static"} & set(inside):
            continue
        if path.suffix == ".py" or (path.suffix in {".html", ".txt"} and "templates" in inside):
            yield path


def extract(package: Path = PACKAGE) -> dict[Key, Sentence]:
    """Every sentence of the Python sources and the page templates."""
    found: dict[Key, Sentence] = {}
    for path in sources(package):
        method, options = ("python", {}) if path.suffix == ".py" else ("jinja2.ext:babel_extract", JINJA)
        for line, identifier, _notes, context in extract_from_file(method, path, KEYWORDS, (), options):
            identifier = identifier if isinstance(identifier, str) else tuple(identifier[:2])
            sentence = found.setdefault(key_of(identifier, context), Sentence(identifier, context))
            if isinstance(identifier, tuple):
                sentence.id = identifier
            sentence.places.append(f"{path.relative_to(package)}:{line}")
    return found


def catalogue_path(language: str = TRANSLATED) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(path: Path) -> Catalog:
    text = path.read_text("utf-8") if path.exists() else ""
    return read_po(BytesIO(text.encode()), locale=TRANSLATED, charset="utf-8")


def entries(catalogue: Catalog) -> dict[Key, Message]:
    return {key_of(message.id, message.context): message for message in catalogue if message.id}


def render(language: str, messages: dict[Key, Message]) -> str:
    """The whole .po: sorted, one line a string."""
    blocks = [HEADER.format(language=language, plural=PLURAL[language])]
    for _key, message in sorted(messages.items(), key=lambda item: (item[0][1], item[0][0] or "")):
        lines = ["#, fuzzy"] if message.fuzzy else []
        if message.context:
            lines.append(f"msgctxt {escape(message.context)}")
        if isinstance(message.id, str):
            lines += [f"msgid {escape(message.id)}", f"msgstr {escape(message.string or '')}"]
        else:
            strings = message.string if isinstance(message.string, tuple | list) else (message.string or "",)
            lines += [f"msgid {escape(message.id[0])}", f"msgid_plural {escape(message.id[1])}"]
            lines.append(f"msgstr[0] {escape(strings[0] or '')}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def update(*, additions: Path | None = None, prune: bool = False) -> None:
    """Take the translations of `additions`; drop what the sources no longer say. Empty entries are never kept."""
    path = catalogue_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.parent):
        known = entries(read(path))
        for key, message in (entries(read(additions)) if additions else {}).items():
            known[key] = message
        if prune:
            found = extract()
            known = {key: message for key, message in known.items() if key in found}
        known = {key: message for key, message in known.items() if filled(message)}
        replace(path, render(TRANSLATED, known).encode())


def first_string(message: Message | None) -> str:
    if message is None:
        return ""
    return message.string if isinstance(message.string, str) else (message.string or [""])[0]


def filled(message: Message) -> bool:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    return bool(strings) and all(text and text.strip() for text in strings)


def compile_all(target: Path = LOCALE) -> None:
    """Write django.mo of each language; English needs its header alone, so that Django knows the language."""
    for language in (SOURCE, TRANSLATED):
        messages = entries(read(catalogue_path(language))) if language == TRANSLATED else {}
        text = render(language, {key: m for key, m in messages.items() if filled(m) and not m.fuzzy})
        compiled = BytesIO()
        write_mo(compiled, read_po(BytesIO(text.encode()), locale=language, charset="utf-8"))
        path = target / language / "LC_MESSAGES" / "django.mo"
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, compiled.getvalue())


PLACEHOLDER = re.compile(r"%%|%\((\w+)\)[a-zA-Z]|%[a-zA-Z]|\{(\w*)[^{}]*\}")
LONE_PERCENT = re.compile(r"%(?!%|\()")


def placeholders(text: str) -> list[str]:
    return sorted({match.group() for match in PLACEHOLDER.finditer(text)} - {"%%"})


def hidden(package: Path = PACKAGE) -> list[str]:
    """Sentences inside f-strings, where extraction does not see them."""
    calls = [
        (path, call)
        for path in sources(package)
        if path.suffix == ".py"
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
    ]
    return [
        f"in an f-string: {path.relative_to(package)}:{call.lineno}  {ast.unparse(call)}"
        for path, call in calls
    ]


def problems(found: dict[Key, Sentence], messages: dict[Key, Message]) -> list[str]:
    """What keeps the catalogue from being complete, one line each."""
    gaps = []
    for key, sentence in sorted(found.items(), key=lambda item: item[0][1]):
        message, where = messages.get(key), f"{sentence.places[0]}  {key[1]!r}"
        if message is None:
            gaps.append(f"missing: {where}")
        elif not filled(message):
            gaps.append(f"empty: {where}")
        elif message.fuzzy:
            gaps.append(f"fuzzy: {where}")
        else:
            plain = sentence.id if isinstance(sentence.id, str) else sentence.id[1]
            text = first_string(message)
            if placeholders(text) != placeholders(plain):
                gaps.append(f"placeholders: {where} ↔ {text!r}")
            elif sentence.on_page and LONE_PERCENT.search(text.replace("%%", "")):
                gaps.append(f"a percent sign on a page is written %%: {where} ↔ {text!r}")
    return gaps


def gaps() -> list[str]:
    return problems(extract(), entries(read(catalogue_path()))) + hidden()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    import fcntl  # only here: building the package works on systems without it

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def replace(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_bytes(content)
    new.replace(path)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--add", metavar="PO", type=Path, help="take translations from this file")
    what.add_argument("--compile", action="store_true", help="write django.mo")
    what.add_argument("--check", action="store_true", help="fail on a gap")
    chosen = parser.parse_args()
    if chosen.check:
        found = gaps()
        print("\n".join(found) or "every sentence has its Chinese")
        return 1 if found else 0
    if not chosen.compile:
        if chosen.add and not chosen.add.exists():
            parser.error(f"there is no file {chosen.add}")
        update(additions=chosen.add, prune=chosen.add is None)
    compile_all()
    if not chosen.compile:
        left = gaps()
        print(f"{len(entries(read(catalogue_path())))} sentences, {len(left)} to translate")
        for line in left if chosen.add is None else left[:10]:
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
