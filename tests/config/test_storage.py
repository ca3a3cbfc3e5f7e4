"""Static files named by their content: a page and the modules of its scripts belong to one version."""

from __future__ import annotations

from pathlib import Path

from config.storage import StaticFiles


def collected(folder: Path, files: dict[str, str]) -> StaticFiles:
    """A storage into which these files were collected."""
    storage = StaticFiles(location=str(folder), base_url="/static/")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for _name, _hashed, outcome in storage.post_process({name: (storage, name) for name in files}):
        assert not isinstance(outcome, Exception), outcome
    return storage


def test_a_module_asks_for_its_modules_by_their_hashed_names(tmp_path: Path) -> None:
    calling = (
        'import { a } from "./part.js";\nimport * as b from "../other.js";\nawait import("./part.js");\n'
    )
    storage = collected(
        tmp_path, {"in/main.js": calling, "in/part.js": "export const a = 1;\n", "other.js": "export {};\n"}
    )
    text = (tmp_path / storage.stored_name("in/main.js")).read_text(encoding="utf-8")
    part = storage.stored_name("in/part.js").removeprefix("in/")
    assert f'from "./{part}"' in text and f'import("./{part}")' in text
    assert f'from "../{storage.stored_name("other.js")}"' in text


def test_another_version_of_a_module_gives_its_caller_another_name(tmp_path: Path) -> None:
    files = {"main.js": 'import { a } from "./part.js";\n', "part.js": "export const a = 1;\n"}
    before = collected(tmp_path / "before", files).stored_name("main.js")
    after = collected(tmp_path / "after", files | {"part.js": "export const a = 2;\n"}).stored_name("main.js")
    assert before != after
