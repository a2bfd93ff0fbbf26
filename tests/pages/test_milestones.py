"""The page of milestones from the entry point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.independent import rows
from tests.pages.links import copied_link
from tests.pages.test_pages import words

if TYPE_CHECKING:
    from collections.abc import Mapping


def opened(address: Mapping[str, str] | None = None) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page("pages/milestones.py")
    for key, value in (address or {}).items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    assert "cannot be shown" not in words(app)
    return app


def test_published_against_measured_and_contradictions_side_by_side() -> None:
    app = opened({"milestones_tab": "Table"})
    said = words(app)
    assert f"{len(rows('milestones'))} published figures, of which the data at hand settle 2" in (
        app.subheader[0].value
    )
    assert "No measured line is drawn" in said
    assert "385.3 million · Bloomberg via AI Pressa" in said
    assert "Likely reason: " in said
    table = app.dataframe[0].value
    qwen = [row for row in rows("milestones") if row["family"] == "Qwen"]
    assert len(table) == len(qwen)
    spike = table[table["value"] == 187061679]
    assert spike["stands_out"].tolist() == ["outlier: kept, and named among the known problems"]
    lower = table[table["value"] == 385300000]
    assert lower["stands_out"].str.startswith("below an earlier figure").all()


def test_family_and_kind_of_the_address() -> None:
    app = opened({"family": "Gemma", "kind": "Models built on it"})
    assert "published figures about Gemma" in words(app)
    assert "kind=Models+built+on+it" in copied_link(app)
    odd = opened({"family": "<b>x</b>", "kind": "nothing"})
    assert "There is no family with a published figure “<b>x</b>”" in words(odd)
