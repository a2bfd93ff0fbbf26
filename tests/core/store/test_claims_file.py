"""claims.toml: what may stand in it, and what it says of the news."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.errors import DefinitionError
from core.measure import claims_terms as terms
from core.measure.bases import BASES
from core.store.definitions import load_claims
from tests.independent import DATA, rows

if TYPE_CHECKING:
    from pathlib import Path

GOOD = '[[claim]]\nkey = "a"\nkind = "opinion"\ntext = "A sentence."\n'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no [[claim]]"),
        ("claim = 3", "no [[claim]]"),
        (GOOD + GOOD, "twice"),
        ('[[claim]]\nkey = "a"\ntext = "x"\n', "lacks 'kind'"),
        (GOOD + "surprise = 1\n", "unknown setting 'surprise'"),
        (GOOD + 'value = "7"\n', "wrong type"),
        (GOOD + "next_families = 1.5\n", "wrong type"),
        (GOOD + "next_families = true\n", "wrong type"),
        (GOOD.replace("opinion", "rumour"), "unknown kind 'rumour'"),
        (GOOD + 'address = "javascript:alert(1)"\n', "not one of the web"),
        ("claim = [1]", "not a table"),
        ("[[claim", "cannot be read"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "claims.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_claims(path)
    assert said in caught.value.sentence


def test_the_article_opens_the_file_and_there_are_forty_more() -> None:
    claims = load_claims(DATA / "claims.toml")
    story = [claim for claim in claims if claim.story]
    assert claims[: len(story)] == tuple(story)
    assert len(story) >= 12
    assert len(claims) - len(story) >= 40
    for claim in claims:
        assert claim.measure in {"", *terms.MEASURES}
        assert claim.relation in {"", *terms.RELATIONS}
        assert claim.basis in {"", terms.BEYOND, *BASES}
        assert bool(claim.measure) != bool(claim.why)
        assert not claim.period or terms.span(claim.period)


def test_no_address_is_made_up() -> None:
    known = {row["source_url"] for table in ("milestones", "events") for row in rows(table)}
    example = (DATA / "worked_example.toml").read_text(encoding="utf-8")
    for claim in load_claims(DATA / "claims.toml"):
        assert not claim.address or claim.address in known or claim.address in example
