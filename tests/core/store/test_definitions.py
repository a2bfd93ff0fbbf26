from __future__ import annotations

import json
import re
import tempfile
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DefinitionError
from core.schemas import Family, Source
from core.store.definitions import load_families, load_sources
from tests.independent import DATA

if TYPE_CHECKING:
    from collections.abc import Mapping

FALCON: Mapping[str, object] = {
    "name": "Falcon",
    "maker": "TII",
    "country": "Emirates",
    "accounts": ["tiiuae", "falcon-llm"],
    "pattern": "^falcon",
    "company": "",
    "ticker": "",
    "also_listed": [],
    "market_benchmark": "SPY",
    "sector_benchmark": "QQQ",
    "colour": "#1a2B3c",
    "note": "",
}
LIST: Mapping[str, object] = {
    "name": "A list",
    "address": "",
    "licence": "MIT",
    "comparable": True,
    "holds": "x",
}


def toml(header: str, entry: Mapping[str, object]) -> str:
    """One entry as TOML; JSON's way to write text, truth and lists is TOML's too."""
    return "\n".join([header, *(f"{name} = {json.dumps(value)}" for name, value in entry.items())])


def family(**changes: object) -> str:
    return toml("[[family]]", {**FALCON, **changes}) + "\n"


def source(**changes: object) -> str:
    return toml("[source.list]", {**LIST, **changes}) + "\n"


def families(text: str | bytes) -> tuple[Family, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "makers.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_families(path)


def sources(text: str | bytes) -> dict[str, Source]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sources.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_sources(path)


def test_real_families_load_in_the_order_of_the_file() -> None:
    text = (DATA / "makers.toml").read_text(encoding="utf-8")
    names = re.findall(r'^name = "(.*)"$', text, re.MULTILINE)
    assert len(names) == 16
    assert [found.name for found in load_families(DATA / "makers.toml")] == names


def test_real_sources_load_with_what_the_file_says() -> None:
    raw = tomllib.loads((DATA / "sources.toml").read_text(encoding="utf-8"))["source"]
    found = load_sources(DATA / "sources.toml")
    assert list(found) == list(raw)
    assert found["llmfit"].comparable
    assert not found["ai-nexus"].comparable
    assert {key: entry.licence for key, entry in found.items()} == {
        key: entry["licence"] for key, entry in raw.items()
    }


def test_family_has_every_setting_with_lists_as_tuples() -> None:
    lists = {"accounts": ("tiiuae", "falcon-llm"), "also_listed": ()}
    assert families(family()) == (Family(**{**FALCON, **lists}),)


def test_source_has_every_setting_and_its_key() -> None:
    assert sources(source()) == {"list": Source(key="list", **LIST)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "makers.toml defines no [[family]]"),
        ("family = 3", "makers.toml defines no [[family]]"),
        ("family = []", "makers.toml defines no [[family]]"),
        ("[family]\nname = 'Falcon'", "makers.toml defines no [[family]]"),
        ("family = ['Falcon']", "makers.toml, a family without name is not a table"),
        ("[[family]]\nmaker = 'TII'", "makers.toml, a family without name lacks 'accounts'"),
        ("[[family", "makers.toml cannot be read"),
        (b"name = '\xff'", "makers.toml cannot be read"),
        (family() + family(name="fALCON"), "makers.toml defines the family 'falcon' twice"),
        (family(name=""), "makers.toml, a family has an empty name"),
        (family(accounts=[]), "makers.toml, the family 'Falcon' has no accounts"),
        (family(colour="red"), "makers.toml, the colour of the family 'Falcon'"),
        (family(colour="#12345"), "makers.toml, the colour of the family 'Falcon'"),
        (family(colour="#123456\n"), "makers.toml, the colour of the family 'Falcon'"),
        (family(pattern="("), "makers.toml, the pattern of the family 'Falcon'"),
        (family(pattern="a{99999999999}"), "makers.toml, the pattern of the family 'Falcon'"),
        (family(pattern="(?u)(?a)a"), "makers.toml, the pattern of the family 'Falcon'"),
        (family(pattern="(" * 5000), "makers.toml, the pattern of the family 'Falcon'"),
        (family(name=7), "makers.toml, 'name' of a family without name has the wrong type"),
        (family(accounts="tiiuae"), "makers.toml, 'accounts' of the family 'Falcon'"),
        (family(accounts=["a", 1]), "makers.toml, 'accounts' of the family 'Falcon'"),
        (family(ticker=["BABA"]), "makers.toml, 'ticker' of the family 'Falcon'"),
        (family(shade="x"), "the family 'Falcon' has an unknown setting 'shade'"),
        ("x = " + "1" * 5000, "makers.toml cannot be read"),
        ("x = " + "[" * 5000, "makers.toml cannot be read"),
    ],
)
def test_mistake_in_makers_names_the_file_and_the_entry(text: str | bytes, said: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        families(text)
    assert said in raised.value.sentence


@pytest.mark.parametrize("name", sorted(FALCON.keys() - {"name"}))
def test_missing_setting_of_a_family_is_named(name: str) -> None:
    entry = {key: value for key, value in FALCON.items() if key != name}
    with pytest.raises(DefinitionError, match=f"the family 'Falcon' lacks '{name}'"):
        families(toml("[[family]]", entry))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "sources.toml defines no [source]"),
        ("[[source]]\nname = 'x'", "sources.toml defines no [source]"),
        ("[source]", "sources.toml defines no [source]"),
        ("[source]\nlist = 'x'", "sources.toml, the source 'list' is not a table"),
        (source(key="x"), "the source 'list' has an unknown setting 'key'"),
        (source(comparable="true"), "sources.toml, 'comparable' of the source 'list'"),
        (source(comparable=1), "sources.toml, 'comparable' of the source 'list'"),
        (source(name=None).replace("null", "1979-05-27"), "'name' of the source 'list'"),
        ("source = ", "sources.toml cannot be read"),
        ("x = " + "1" * 5000, "sources.toml cannot be read"),
    ],
)
def test_mistake_in_sources_names_the_file_and_the_entry(text: str, said: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        sources(text)
    assert said in raised.value.sentence


@pytest.mark.parametrize("name", sorted(LIST))
def test_missing_setting_of_a_source_is_named(name: str) -> None:
    entry = {key: value for key, value in LIST.items() if key != name}
    with pytest.raises(DefinitionError, match=f"the source 'list' lacks '{name}'"):
        sources(toml("[source.list]", entry))


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"^makers\.toml is missing\.$"):
        load_families(tmp_path / "makers.toml")


def test_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"cannot be read"):
        load_sources(tmp_path)


def no_other_error(text: str | bytes) -> None:
    for load in (families, sources):
        with suppress(DefinitionError):
            load(text)


@given(st.text() | st.binary())
def test_any_text_gives_definitions_or_our_error(text: str | bytes) -> None:
    no_other_error(text)


VALUES = st.recursive(
    st.text() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
).filter(lambda value: "Infinity" not in json.dumps(value))


@given(st.dictionaries(st.sampled_from([*FALCON, *LIST, "other"]), VALUES))
def test_any_values_of_settings_give_definitions_or_our_error(values: dict[str, object]) -> None:
    text = family(**values).replace("\x7f", "")
    no_other_error(text + source(**values).replace("\x7f", ""))


@given(VALUES)
def test_any_value_in_place_of_the_entries_gives_our_error(value: object) -> None:
    no_other_error(f"family = {json.dumps(value)}\nsource = {json.dumps(value)}")


@pytest.mark.filterwarnings("ignore::FutureWarning")  # of brackets in brackets
@given(st.text(st.sampled_from(r"()[]{}?*+|^$\d,-a1<=!:P"), max_size=12))
def test_pattern_that_is_accepted_can_be_used(pattern: str) -> None:
    try:
        (found,) = families(family(pattern=pattern))
    except DefinitionError:
        return
    assert re.compile(found.pattern, re.IGNORECASE)
