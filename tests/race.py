"""Two submits of one form that arrive in the same instant, told by one of them."""

from typing import Any

import pytest


def blind_once(monkeypatch: pytest.MonkeyPatch, module: Any, look: str) -> None:
    """The first time `module.look` is asked it finds nothing: the twin's row appears only while one's own is written."""
    really, asked = getattr(module, look), []

    def seen(*args: Any, **kwargs: Any) -> Any:
        asked.append(look)
        return really(*args, **kwargs) if len(asked) > 1 else None

    monkeypatch.setattr(module, look, seen)
