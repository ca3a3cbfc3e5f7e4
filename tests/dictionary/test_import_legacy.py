"""Files with text from before Unicode: reported at the check, converted where a person chose so."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from access.domain import roles
from access.domain.viewer import anonymous
from access.models import User
from dictionary.domain.exporting import export
from dictionary.imports import running
from dictionary.models import Entry
from jobs.models import ImportRun
from tests.languages.legacy_encoders import iconv, tcvn3, viscii, vni

pytestmark = pytest.mark.django_db
# Words of the Universal Declaration of Human Rights; `zxx` is "no linguistic content" (ISO 639-2).
GLOSSES = [
    "mọi người",
    "đều được",
    "tự do",
    "bình đẳng",
    "nhân phẩm",
    "quyền lợi",
    "tình bằng hữu",
    "khước từ",
]
WORDS = [f"mâo{number}" for number in range(len(GLOSSES))]
LIFT = (
    '<entry><lexical-unit><form lang="zxx"><text>{}</text></form></lexical-unit>'
    '<sense><gloss lang="vi"><text>{}</text></gloss></sense></entry>'
)


def table(encode: Any = str) -> str:
    rows = [f"{word},zxx,{encode(gloss)}" for word, gloss in zip(WORDS, GLOSSES, strict=True)]
    return "\n".join(["form,orthography,gloss_vi", *rows, ""])


def lift() -> str:
    entries = (LIFT.format(word, vni(gloss)) for word, gloss in zip(WORDS, GLOSSES, strict=True))
    return f'<lift version="0.13">{"".join(entries)}</lift>'


def bring_in(path: Path, kind: str, **options: Any) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_lexicon", str(path), format=kind, lexicon="one", stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def stored() -> dict[str, str]:
    """Headword → gloss of what is in the house."""
    return {entry.headword: entry.content["senses"][0]["glosses"][0]["text"] for entry in Entry.objects.all()}


def written(folder: Path, kind: str) -> Path:
    path = folder / f"words.{kind}"
    if kind == "xlsx":
        book = openpyxl.Workbook()
        assert book.active is not None
        for line in table(vni).splitlines():
            book.active.append(line.split(","))
        book.save(path)
    else:
        path.write_text(lift() if kind == "lift" else table(vni), encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["csv", "xlsx", "lift"])
def test_a_legacy_field_is_reported_and_converted_on_demand_the_others_left_alone(
    kind: str, tmp_path: Path
) -> None:
    path, field = written(tmp_path, kind), "vi" if kind == "lift" else "gloss_vi"
    _out, said = bring_in(path, kind, check=True)
    assert f"--legacy {field}=vni" in said
    assert f"{vni(GLOSSES[0])} → {GLOSSES[0]}" in said
    assert not Entry.objects.exists()
    _out, said = bring_in(path, kind, legacy=[f"{field}=vni"])
    assert "--legacy" not in said
    assert stored() == dict(zip(WORDS, GLOSSES, strict=True))
    out, _said = bring_in(path, kind, legacy=[f"{field}=vni"])
    assert [int(number) for number in re.findall(r": (\d+)", out)] == [0, 0, len(WORDS), 0, 0]


def test_what_was_converted_goes_out_converted(tmp_path: Path) -> None:
    bring_in(written(tmp_path, "lift"), "lift", legacy=["vi=vni"])
    entry = Entry.objects.select_related("lexicon").first()
    assert entry is not None
    export(entry.lexicon, "lift", tmp_path / "out.lift", anonymous())
    again = (tmp_path / "out.lift").read_text(encoding="utf-8")
    assert all(gloss in again for gloss in GLOSSES)
    assert vni(GLOSSES[0]) not in again


def test_a_table_in_bytes_of_its_own_is_refused_with_the_encoding_that_it_looks_like(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_bytes(iconv(table().replace("mâo", "mao"), "TCVN5712-1"))
    with pytest.raises(CommandError, match="--legacy tcvn3"):
        bring_in(path, "csv")
    bring_in(path, "csv", legacy=["gloss_vi=tcvn3"])
    assert list(stored().values()) == GLOSSES
    with pytest.raises(CommandError, match="tcvn3 tcvn3-capitals"):
        bring_in(path, "csv", legacy=["nothing"])


def test_one_encoding_for_all_text_holds_for_the_names_of_the_columns_too(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_bytes(iconv("form,orthography,gloss_vi,note:vi\nngười,zxx,người,được\n", "VISCII"))
    bring_in(path, "csv", legacy=["viscii"])
    assert stored() == {"người": "người"}


def test_unicode_gives_no_warning(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text(table(), encoding="utf-8")
    assert "--legacy" not in bring_in(path, "csv")[1]


# --- the pages ----------------------------------------------------------------------------------------------------


@pytest.fixture
def linguist(client: Client) -> Client:
    user = User.objects.create_user("linguist", password="x")
    user.groups.add(roles.group_of(roles.LINGUIST))
    client.force_login(user)
    return client


def upload(client: Client, name: str, data: bytes, **fields: Any) -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post(
        reverse("dictionary_import:upload"), {"file": file, "slug": "one", **fields}, follow=True
    )


def test_the_page_of_the_columns_offers_the_conversion_of_a_column(linguist: Client) -> None:
    page = upload(linguist, "words.csv", table(tcvn3).encode())
    shown = page.content.decode()
    assert f"{tcvn3(GLOSSES[0])} → {GLOSSES[0]}" in shown
    run = ImportRun.objects.get()
    columns = {"column-0": "headword", "column-1": "orthography", "column-2": "gloss:vi"}
    linguist.post(reverse("dictionary_import:columns", args=[run.pk]), {**columns, "legacy-0": "tcvn3"})
    running.phase(run, "check")
    assert run.params["legacy"] == {"gloss_vi": "tcvn3"}
    running.phase(run, "apply")
    assert stored() == dict(zip(WORDS, GLOSSES, strict=True))


def test_the_page_of_the_check_warns_and_checks_again_with_the_choice(linguist: Client) -> None:
    upload(linguist, "words.lift", lift().encode())
    run = ImportRun.objects.get()
    running.phase(run, "check")
    address = reverse("jobs:import", args=[run.pk])
    assert f'<strong dir="auto">{GLOSSES[0]}</strong>' in linguist.get(address).content.decode()
    choose = reverse("jobs:import_act", args=[run.pk, "choose"])
    assert linguist.post(choose, {"key": "vi", "value": "nothing"}).status_code == 404
    linguist.post(choose, {"key": "vi", "value": "vni"})
    running.phase(run, "check")
    assert "help-info" in linguist.get(address).content.decode()
    linguist.post(choose, {"key": "vi", "value": ""})
    running.phase(run, "check")
    assert run.params["legacy"] == {}
    linguist.post(choose, {"key": "vi", "value": "vni"})
    running.phase(run, "check")
    running.phase(run, "apply")
    assert stored() == dict(zip(WORDS, GLOSSES, strict=True))
    assert linguist.post(choose, {"key": "vi", "value": ""}).status_code == 302
    run.refresh_from_db()
    assert run.params["legacy"] == {"vi": "vni"}  # it is applied: nothing to choose any more


def test_bytes_that_are_no_utf8_can_be_uploaded_with_their_encoding(linguist: Client) -> None:
    data = iconv(table(), "VISCII")
    refused = upload(linguist, "words.csv", data).content.decode()
    assert "viscii" in refused
    assert not ImportRun.objects.exists()
    shown = upload(linguist, "words.csv", data, legacy="viscii").content.decode()
    assert GLOSSES[1] in shown
    assert viscii(GLOSSES[1]) not in shown
