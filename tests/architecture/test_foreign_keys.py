"""Foreign keys point down the house, as imports do. The floors are those of the import contracts."""

import tomllib
from pathlib import Path

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

ROOT = Path(__file__).resolve().parents[2]


def floors() -> dict[str, int]:
    """Package → its place below the roof, counted inside its own floor; siblings share a place."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    return {
        f"{container}.{name.strip(' ()')}": place
        for contract in contracts
        if contract["type"] == "layers"
        for container in contract["containers"]
        for place, layer in enumerate(contract["layers"])
        for name in layer.split("|")
    }


def looks_down(upper: str, lower: str) -> bool:
    """Whether package `upper` may know package `lower`."""
    places = floors()
    above, below = upper.split("."), lower.split(".")
    for depth in range(2, min(len(above), len(below)) + 1):
        if above[:depth] != below[:depth]:
            return places[".".join(above[:depth])] < places[".".join(below[:depth])]
    return True


def keys_that_point_up(found) -> list[str]:
    return [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in found
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and home(model).startswith("tongxing.")
        and home(field.related_model).startswith("tongxing.")
        and not looks_down(home(model), home(field.related_model))
    ]


def home(model: type[models.Model]) -> str:
    return apps.get_app_config(model._meta.app_label).name


def test_no_foreign_key_points_up():
    assert keys_that_point_up(apps.get_models()) == []


@isolate_apps("tongxing.ground.accounts", "tongxing.ground.people")
def test_a_foreign_key_that_points_up_is_seen():
    class Upper(models.Model):
        class Meta:
            app_label = "people"

    class Lower(models.Model):
        upper = models.ForeignKey(Upper, models.CASCADE)

        class Meta:
            app_label = "accounts"

    assert keys_that_point_up([Upper, Lower]) == ["accounts.Lower.upper → people.Upper"]


def test_siblings_do_not_point_at_each_other_and_downwards_is_free():
    assert not looks_down("tongxing.care.pairing", "tongxing.aid.ledger")
    assert not looks_down("tongxing.paper.exchange", "tongxing.paper.documents")
    assert looks_down("tongxing.care.pairing", "tongxing.ground.people")
    assert looks_down("tongxing.care.programme", "tongxing.care.contacts")
    assert not looks_down("tongxing.care.contacts", "tongxing.care.programme")
