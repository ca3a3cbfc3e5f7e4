"""Predictive text for Keyman: the words of an orthography, in a file that loads."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from collections.abc import Iterable
from dataclasses import replace

import pytest

from ime.compiling import compiled
from ime.errors import BuildError
from ime.model import Keyboard
from ime.targets import TARGETS
from ime.targets.base import Package
from ime.targets.keyman import minimal_tag
from ime.targets.keyman_compiler import node
from ime.targets.model import ranked
from ime.targets.writing import unspaced
from tests.ime.keyman_kit import KIT
from tests.ime.kit import orthography_of, shipped

LATIN = next(keyboard for keyboard in shipped() if keyboard.cased)
UNSPACED = next(keyboard for keyboard in shipped() if unspaced(orthography_of(keyboard)))

# Loads a model as Keyman's worker does, and says what it holds.
LOADER = """
const vm = require('node:vm');
let told;
const entries = (node) => node.type === 'leaf' ? node.entries : Object.values(node.children).flatMap(entries);
class TrieModel {
  constructor(data, options) {
    const words = options.wordBreaker(process.argv[1]).map((span) => span.text);
    told = { words: entries(data.root).map((each) => [each.content, each.weight]), broken: words,
             punctuation: options.punctuation, keys: process.argv.slice(2).map(options.searchTermToKey) };
  }
}
const spans = (text) => [...text.matchAll(/[^ ]+/g)].map((found) => ({
  text: found[0], start: found.index, end: found.index + found[0].length, length: found[0].length }));
const world = { models: { TrieModel }, wordBreakers: { default: spans }, LMLayerWorker: { loadModel() {} } };
const chunks = [];
process.stdin.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
  vm.runInNewContext(Buffer.concat(chunks).toString('utf8'), world);
  process.stdout.write(JSON.stringify(told));
});
"""


def built(keyboard: Keyboard, words: Iterable[tuple[str, int]]) -> Package:
    found = list(words)
    kit = replace(KIT, words=lambda tag: found if tag == keyboard.orthography else [])
    return TARGETS["model"].build(keyboard, compiled(keyboard), kit)


def loaded(package: Package, text: str, *words: str) -> dict[str, list[object]]:
    run = subprocess.run(
        [node(), "-e", LOADER, "--", text, *words],
        input=package.file(".model.js").data, capture_output=True, check=True,
    )  # fmt: skip
    found: dict[str, list[object]] = json.loads(run.stdout)
    return found


def test_all_words_are_predicted_with_their_weight_and_found_without_marks() -> None:
    package = built(LATIN, [("ăn", 3), ("êđê", 7), ("ăn", 1), ("Y-mun", 2)])
    told = loaded(package, "ăn êđê", "Êđ", "ă")
    assert set(map(tuple, told["words"])) == {("Y-mun", 2), ("ăn", 4), ("êđê", 7)}  # type: ignore[arg-type]
    assert told["broken"] == ["ăn", "êđê"]
    assert told["keys"] == ["eđ", "a"]


def test_a_script_without_spaces_gets_none_behind_a_word() -> None:
    letters = "".join(orthography_of(UNSPACED).alphabet[:3])
    told = loaded(built(UNSPACED, [(letters, 1)]), letters)
    assert told["punctuation"] == {"insertAfterWord": ""}
    assert told["broken"] == [letters]


def test_the_package_names_the_orthography_and_is_the_same_each_time() -> None:
    words = [("b", 1), ("a", 1), ("c", 5)]
    package = built(LATIN, words)
    assert package == built(LATIN, reversed(words))
    with zipfile.ZipFile(io.BytesIO(package.files[0].data)) as archive:
        said = json.loads(archive.read("kmp.json"))
        assert f"{said['lexicalModels'][0]['id']}.model.js" in archive.namelist()
    assert [language["id"] for language in said["lexicalModels"][0]["languages"]] == [
        minimal_tag(LATIN.orthography)
    ]
    assert package.files[0].path.endswith(".model.kmp")


def test_phrases_and_what_the_format_uses_are_left_out() -> None:
    assert ranked([("a b", 9), ("#x", 9), ("", 9), ("b", 0), ("a", 1), ("c", 5)]) == [
        ("c", 5),
        ("a", 1),
        ("b", 1),
    ]


def test_without_words_there_is_no_package() -> None:
    with pytest.raises(BuildError, match="no words") as caught:
        built(LATIN, [("two words", 1)])
    assert caught.value.code == "no_words"
