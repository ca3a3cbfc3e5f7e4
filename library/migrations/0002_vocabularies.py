"""The peoples of the official list, and the provinces, old and new."""

import tomllib
from datetime import date
from pathlib import Path

from django.db import migrations

from library.domain.folding import key

DATA = Path(__file__).resolve().parent.parent / "data"


def load(apps, schema_editor):
    """Read library/data/*.toml; rows that are there already are left alone."""
    people_model, place_model = apps.get_model("library", "People"), apps.get_model("library", "Place")
    data = tomllib.loads((DATA / "peoples.toml").read_text(encoding="utf-8"))
    said = f"{data['source']['citation']}. {data['source']['note']}"
    for one in data["people"]:
        values = {
            "slug": one["slug"], "name": one["vi"], "name_vi": one["vi"], "name_en": one["en"],
            "other_names": one["other_names"], "source": said, "reviewed": data["source"]["reviewed"],
            "folded": key((one["vi"], one["en"], *one["other_names"])),
        }
        people_model.objects.get_or_create(number=one["number"], defaults=values)
    data = tomllib.loads((DATA / "places.toml").read_text(encoding="utf-8"))
    said = f"{data['source']['citation']}. {data['source']['note']}"
    made = {}
    for one in data["place"]:
        values = {
            "slug": one["slug"], "name": one["vi"], "name_vi": one["vi"], "name_en": one["en"], "kind": one["kind"],
            "other_names": one.get("other_names", []), "source": said, "reviewed": data["source"]["reviewed"],
            "folded": key((one["vi"], one["en"], *one.get("other_names", []))),
            "valid_from": date.fromisoformat(one["valid_from"]) if "valid_from" in one else None,
            "valid_to": date.fromisoformat(one["valid_to"]) if "valid_to" in one else None,
        }
        place, _ = place_model.objects.get_or_create(code_system=one["list"], code=one["code"], defaults=values)
        made[one["list"], one["code"]] = place
        for code in one.get("from", ()):
            made["VN-2004", code].successors.add(place)


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
