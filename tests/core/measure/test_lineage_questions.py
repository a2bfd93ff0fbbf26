"""Questions about a model: its family, and those that nobody knows."""

from __future__ import annotations

import pytest

from core.errors import NothingToShow
from core.measure.families import FamilyRules
from core.measure.lineage import Lineage
from tests.core.frames import family
from tests.core.measure.lineages import TREE, lineage, table

asked_by = pytest.mark.parametrize(
    "method",
    [
        "spelling",
        "parents",
        "children",
        "relation",
        "path_to_root",
        "depth",
        "descendants",
        "relation_counts",
    ],
)

RULES = FamilyRules([family("Alpha", ("alpha",)), family("Beta", ("beta",))])


@pytest.mark.parametrize(
    ("links", "model", "expected"),
    [
        (["me/x<alpha/a"], "alpha/a", "Alpha"),
        (["me/x<alpha/a"], "ME/X", "Alpha"),
        (["beta/b<alpha/a"], "beta/b", "Beta"),
        (["me/x<beta/b", "me/x<alpha/a"], "me/x", "Alpha"),
        (["me/x<me/a", "me/a<alpha/a", "me/x<beta/b"], "me/x", "Beta"),
        (["me/x<me/a", "me/x<me/b", "me/a<beta/b", "me/b<alpha/a"], "me/x", "Alpha"),
        (["me/x<me/y"], "me/x", None),
    ],
)
def test_family_is_that_of_the_nearest_official_model(
    links: list[str], model: str, expected: str | None
) -> None:
    assert lineage(*links).family_of(model, RULES) == expected


@asked_by
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("nobody/nothing", "nobody/nothing"),
        ("", ""),
        ("zzz" * 5_000, "z" * 59),
        ("a\u202eb\nc\ud800", "a\ufffdb\ufffdc\ufffd"),
        ("<b>*x*</b>", "<b>*x*</b>"),
    ],
    ids=["unknown", "empty", "long", "unprintable", "markup"],
)
def test_unknown_model_is_one_plain_sentence(method: str, asked: str, shown: str) -> None:
    known = Lineage.from_links(table(TREE))
    assert asked not in known
    with pytest.raises(NothingToShow) as caught:
        getattr(known, method)(asked)
    assert f"“{shown}" in caught.value.sentence
    assert len(caught.value.sentence) < 120
    assert caught.value.sentence.isprintable()


def test_family_of_an_unknown_model_is_refused() -> None:
    with pytest.raises(NothingToShow):
        Lineage.from_links(table(TREE)).family_of("alpha/unknown", RULES)


def test_only_text_can_be_a_model() -> None:
    assert 5 not in Lineage.from_links(table([("5", "6", "merge")]))
