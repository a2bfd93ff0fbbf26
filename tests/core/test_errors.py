from __future__ import annotations

import re

import pytest

from core import errors
from core.errors import GroundswellError, NothingToShow, StoreError


def subclasses(kind: type) -> list[type]:
    """``kind`` and all below it, each before its children."""
    return [kind, *(deeper for child in kind.__subclasses__() for deeper in subclasses(child))]


def drawn() -> dict[str, str | None]:
    """Each class of the tree in the module's docstring, with the one it hangs from."""
    parents: dict[str, str | None] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"    ([│ ]*)(├── |└── )?([A-Z]\w+)( |$)", line)
        if found:
            branches, branch, name, _ = found.groups()
            depth = len(branches) // 4 + bool(branch)
            path[depth:] = [name]
            parents[name] = path[depth - 1] if depth else None
    return parents


ALL = subclasses(GroundswellError)


def test_tree_in_the_docstring_is_the_real_one() -> None:
    real = {kind.__name__: kind.__bases__[0].__name__ for kind in ALL}
    assert drawn() == real | {"GroundswellError": None}


def test_every_public_class_of_the_module_is_in_the_tree() -> None:
    defined = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert defined == {kind.__name__ for kind in ALL}


@pytest.mark.parametrize("kind", ALL)
def test_class_says_in_its_docstring_when_it_is_raised(kind: type[GroundswellError]) -> None:
    assert (kind.__doc__ or "").split("\n", maxsplit=1)[0].endswith(".")


@pytest.mark.parametrize("kind", ALL)
def test_texts_of_a_class_are_plain_sentences(kind: type[GroundswellError]) -> None:
    for text in (kind.instead, kind.advice):
        assert text == "" or re.fullmatch(r"[A-Z][^\n]*\.", text)


@pytest.mark.parametrize("kind", [kind for kind in ALL if not kind.__subclasses__()])
def test_every_error_but_an_absence_of_data_says_what_can_be_done(
    kind: type[GroundswellError],
) -> None:
    assert bool(kind.advice) == (kind is not NothingToShow)


def test_own_words_win_over_those_of_the_class() -> None:
    error = StoreError("links", "It broke.", instead="Nothing.", advice="Wait.")
    assert (error.sentence, error.instead, error.advice) == ("It broke.", "Nothing.", "Wait.")
    assert error.table == "links"
    assert str(error) == "It broke."


def test_words_of_the_class_are_kept_where_none_are_given() -> None:
    assert StoreError("links", "It broke.").instead == StoreError.instead != ""
