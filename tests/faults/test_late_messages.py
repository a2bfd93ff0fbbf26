"""What a browser says late of controls that are gone takes nobody back to where they were."""

from __future__ import annotations

from tests.pages.test_reaction import NEWS, healthy, opened


def test_controls_of_the_view_that_was_left_do_not_undo_back() -> None:
    app = opened({"share": "NVDA", "day": "2025-01-27"})
    assert "27 January 2025" in app.subheader[0].value
    late = app._tree.get_widget_states()  # noqa: SLF001 - as the browser holds them
    app.query_params.clear()  # the reader goes back
    healthy(app.run())
    assert app.subheader[0].value == NEWS
    # A popover that closes at that moment sends them once more.
    healthy(app._run(late))  # noqa: SLF001 - likewise
    assert app.subheader[0].value == NEWS
    assert not {"share", "day"} & set(app.query_params)
