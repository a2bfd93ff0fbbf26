from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.draw.treemap_layout import Strip, squarify, treemap

sizes_of_all_kinds = st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=80)
frames = st.tuples(st.floats(1, 2_000), st.floats(1, 2_000))


def areas(tiles: pd.DataFrame) -> np.ndarray:
    sides = (tiles["x1"] - tiles["x0"]) * (tiles["y1"] - tiles["y0"])
    return sides.to_numpy()


def ratios(tiles: pd.DataFrame) -> np.ndarray:
    """Longer side by shorter one."""
    across, down = tiles["x1"] - tiles["x0"], tiles["y1"] - tiles["y0"]
    return np.maximum(across / down, down / across).to_numpy()


def overlapping(tiles: pd.DataFrame) -> int:
    """Pairs of tiles that have any point inside both; exact, without allowance for rounding."""
    x0, y0, x1, y1 = (tiles[name].to_numpy() for name in ("x0", "y0", "x1", "y1"))
    across = np.minimum.outer(x1, x1) - np.maximum.outer(x0, x0)
    down = np.minimum.outer(y1, y1) - np.maximum.outer(y0, y0)
    return int(np.triu((across > 0) & (down > 0), k=1).sum())


def check(tiles: pd.DataFrame, sizes: np.ndarray, width: float, height: float) -> None:
    """Areas in proportion, the frame filled, nothing outside it, nothing over another."""
    assert (tiles[["x0", "y0"]] >= 0).all(axis=None)
    assert (tiles["x1"] <= width).all()
    assert (tiles["y1"] <= height).all()
    assert (tiles["x1"] > tiles["x0"]).all()
    assert (tiles["y1"] > tiles["y0"]).all()
    assert overlapping(tiles) == 0
    # No gaps: where a tile ends another one begins, or the frame ends.
    assert set(tiles["x1"]) == set(tiles["x0"]) - {0} | {width}
    assert set(tiles["y1"]) == set(tiles["y0"]) - {0} | {height}
    expected = sizes / sizes.sum() * width * height
    assert areas(tiles) == pytest.approx(expected, rel=1e-6, abs=1e-12 * width * height)
    assert areas(tiles).sum() == pytest.approx(width * height)


def test_example_of_the_paper() -> None:
    # Bruls, Huizing and van Wijk, figure 5: 6, 6, 4, 3, 2, 2, 1 in a frame of 6 by 4.
    # 6 over 6 at the left, 4 beside 3 at the top, and 2, 2 and 1 side by side below.
    tiles = squarify([6, 6, 4, 3, 2, 2, 1], 6, 4)
    left, edge = 3 + 12 / 7, 7 / 3
    expected = [
        (0, 0, 3, 2),
        (0, 2, 3, 4),
        (3, 0, left, edge),
        (left, 0, 6, edge),
        (3, edge, 4.2, 4),
        (4.2, edge, 5.4, 4),
        (5.4, edge, 6, 4),
    ]
    assert tiles.to_numpy() == pytest.approx(np.array(expected))


@given(sizes=sizes_of_all_kinds, frame=frames)
def test_any_sizes_fill_any_frame(sizes: list[float], frame: tuple[float, float]) -> None:
    check(squarify(sizes, *frame), np.array(sizes), *frame)


def test_turning_the_frame_turns_the_tiles() -> None:
    sizes = np.random.default_rng(2).pareto(1, 40)
    one, other = squarify(sizes, 960, 480), squarify(sizes, 480, 960)
    assert one.to_numpy() == pytest.approx(other[["y0", "x0", "y1", "x1"]].to_numpy())


@given(sizes=sizes_of_all_kinds, data=st.data())
def test_rows_keep_the_order_of_the_sizes(sizes: list[float], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(sizes))))
    given_so = squarify(sizes, 3, 2)
    mixed = squarify([sizes[place] for place in order], 3, 2)
    if len(set(sizes)) == len(sizes):
        assert mixed.to_numpy() == pytest.approx(given_so.to_numpy()[order])
    assert areas(mixed) == pytest.approx(areas(given_so)[order], rel=1e-6, abs=1e-11)


def test_largest_is_at_the_top_left_and_equal_ones_are_as_they_come() -> None:
    tiles = squarify([1, 5, 1, 9], 4, 2)
    assert tiles.loc[3, ["x0", "y0"]].tolist() == [0, 0]
    first, second = tiles.loc[0], tiles.loc[2]
    assert (first["x0"], first["y0"]) < (second["x0"], second["y0"])


def test_one_tile_is_the_frame() -> None:
    assert squarify([7], 3, 2).to_numpy().tolist() == [[0, 0, 3, 2]]


@pytest.mark.parametrize("number", [4, 9, 100])
def test_equal_tiles_in_a_square_are_squares(number: int) -> None:
    tiles = squarify([5] * number)
    check(tiles, np.ones(number), 1, 1)
    if number == 4:
        assert ratios(tiles) == pytest.approx(np.ones(4))
    assert ratios(tiles).max() < 2


@pytest.mark.parametrize("seed", range(5))
def test_tiles_of_a_family_are_near_squares(seed: int) -> None:
    # A few large models and very many small ones.
    sizes = np.random.default_rng(seed).pareto(1.2, 150) + 0.01
    tiles = squarify(sizes, 1_000, 480)
    check(tiles, sizes, 1_000, 480)
    found = ratios(tiles)
    assert np.median(found) < 1.5
    assert np.average(found, weights=areas(tiles)) < 2


def test_slices_would_not_pass_for_squares() -> None:
    slices = pd.DataFrame({"x0": range(150), "y0": 0.0, "x1": range(1, 151), "y1": 480.0})
    assert np.median(ratios(slices)) > 100


def test_ten_thousand_tiles() -> None:
    sizes = np.random.default_rng(1).pareto(1, 10_000)
    tiles = squarify(sizes, 1_000, 480)
    assert areas(tiles).sum() == pytest.approx(480_000)
    assert areas(tiles) == pytest.approx(sizes / sizes.sum() * 480_000, rel=1e-4)
    assert tiles.notna().all(axis=None)


def test_huge_spread() -> None:
    tiles = squarify([1e308, 1e308, 1e297, 1e290, 1e-308])
    assert areas(tiles.iloc[:3]) == pytest.approx([0.5, 0.5, 5e-12], rel=1e-3)
    assert tiles.iloc[3:].isna().all(axis=None)
    assert overlapping(tiles.iloc[:3]) == 0


def test_very_many_tiny_ones_beside_a_giant() -> None:
    sizes = np.concatenate([[1e9], np.ones(1_500)])
    tiles = squarify(sizes)
    assert areas(tiles) == pytest.approx(sizes / sizes.sum(), rel=1e-3)
    assert overlapping(tiles) == 0


@pytest.mark.parametrize("size", [0, -3, float("nan"), float("inf"), float("-inf"), None])
def test_what_has_no_size_gets_no_area(size: float | None) -> None:
    tiles = squarify(pd.Series([3, size, 1], index=["a", "b", "c"], dtype="object"))
    assert tiles.index.tolist() == ["a", "b", "c"]
    assert tiles.loc["b"].isna().all()
    assert areas(tiles.loc[["a", "c"]]) == pytest.approx([0.75, 0.25])


@pytest.mark.parametrize("sizes", [[], [0, 0], [float("nan")]])
def test_nothing_to_lay_out(sizes: list[float]) -> None:
    tiles = squarify(sizes)
    assert len(tiles) == len(sizes)
    assert list(tiles.columns) == ["x0", "y0", "x1", "y1"]
    assert tiles.isna().all(axis=None)
    layout = treemap(sizes, most=3, others_share=0.1)
    assert layout.tiles.empty
    assert (layout.others.number if layout.others else 0) == len(sizes)


def test_numbers_of_any_type() -> None:
    expected = squarify([3.0, 1.0]).to_numpy().tolist()
    for sizes in ([3, 1], np.array([3, 1]), pd.Series([3, 1], dtype="Int64")):
        assert squarify(sizes).to_numpy().tolist() == expected
    missing = squarify(pd.Series([3, pd.NA, 1], dtype="Int64"))
    assert missing.dropna().to_numpy().tolist() == expected


@pytest.mark.parametrize(
    ("width", "height"), [(0, 1), (1, 0), (-1, 1), (float("nan"), 1), (1, float("inf"))]
)
def test_a_frame_without_area_is_refused(width: float, height: float) -> None:
    with pytest.raises(ValueError, match="width and a height"):
        squarify([1], width, height)
    with pytest.raises(ValueError, match="width and a height"):
        treemap([1, 2], most=1, others_share=0.1, width=width, height=height)


def test_the_largest_get_tiles_and_the_rest_a_strip() -> None:
    sizes = pd.Series([1, 8, 0, 2, 4, None], index=list("abcdef"), dtype="Int64")
    layout = treemap(sizes, most=2, others_share=0.2, width=10, height=4)
    assert layout.tiles.index.tolist() == ["b", "e"]
    assert layout.tiles["size"].tolist() == [8, 4]
    assert layout.others == Strip(number=4, size=3.0, x0=8.0, y0=0.0, x1=10.0, y1=4.0)
    check(layout.tiles, np.array([8.0, 4.0]), 8, 4)


def test_no_strip_where_all_have_a_tile() -> None:
    layout = treemap([1, 3], most=2, others_share=0.2)
    assert layout.others is None
    assert layout.tiles.index.tolist() == [1, 0]
    check(layout.tiles, np.array([3.0, 1.0]), 1, 1)


def test_of_equal_ones_the_first_get_tiles() -> None:
    layout = treemap([1, 2] * 100, most=110, others_share=0.2)
    assert layout.tiles.index.tolist() == [*range(1, 200, 2), *range(0, 20, 2)]


def test_too_small_for_a_tile_is_one_of_the_others() -> None:
    layout = treemap([1e300, 1.0, 5.0], most=3, others_share=0.2)
    assert layout.tiles.index.tolist() == [0]
    assert layout.others is not None
    assert layout.others.number == 2
    assert layout.tiles["x1"].tolist() == [0.8]


def test_a_swarm_of_leaves_does_not_swallow_the_picture() -> None:
    sizes = np.concatenate([[500, 300, 200], np.ones(200_000)])
    layout = treemap(sizes, most=150, others_share=0.12, width=1_000, height=480)
    assert layout.others is not None
    assert layout.others.number == 200_003 - 150
    assert layout.others.size == 200_000 - 147
    assert len(layout.tiles) == 150
    assert layout.others.x0 == pytest.approx(880)
    assert layout.tiles["x1"].max() == layout.others.x0


@given(
    sizes=st.lists(
        st.one_of(st.floats(1e-3, 1e6), st.sampled_from([0.0, -1.0, float("nan"), float("inf")])),
        max_size=60,
    ),
    most=st.integers(1, 40),
    share=st.floats(0.01, 0.9),
    frame=frames,
)
def test_tiles_and_strip_are_all_models_and_all_of_the_frame(
    sizes: list[float], most: int, share: float, frame: tuple[float, float]
) -> None:
    width, height = frame
    layout = treemap(sizes, most=most, others_share=share, width=width, height=height)
    known = sorted((size for size in sizes if 0 < size < float("inf")), reverse=True)
    shown, rest = known[:most], known[most:]
    assert layout.tiles["size"].tolist() == shown
    assert [sizes[place] for place in layout.tiles.index] == shown
    others = layout.others
    if len(shown) == len(sizes):
        assert others is None
        edge = width
    else:
        assert others is not None
        assert others.number == len(sizes) - len(shown)
        assert others.size == pytest.approx(sum(rest), rel=1e-6, abs=1e-6)
        assert (others.y0, others.x1, others.y1) == (0, width, height)
        assert others.x0 == pytest.approx(width * (1 - share))
        edge = others.x0
    if shown:
        check(layout.tiles, np.array(shown), edge, height)


@pytest.mark.parametrize(("most", "share"), [(0, 0.1), (-1, 0.1), (5, 0), (5, 1), (5, 1.5)])
def test_no_room_for_a_tile_is_refused(most: int, share: float) -> None:
    with pytest.raises(ValueError, match="at least one tile"):
        treemap([1, 2], most=most, others_share=share)
