"""The family tree of three million made-up models: by click, by table, by link and by name.

What is expected is worked out from the links' files with networkx. Making the
store takes minutes; it is kept among the temporary files of the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit
from zipfile import ZipFile

import networkx as nx
import pandas as pd
import psutil
import pytest
from playwright.sync_api import expect

from bench.hub_store import hub_store
from core.schemas import LINKS
from core.store.store import Store
from tests.browser.conftest import Server, Visit, serving, settle
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1_800)]

WIDTHS = pytest.mark.parametrize("width", [1280, 390])


@pytest.fixture(scope="module")
def home() -> Path:
    return hub_store()


@pytest.fixture(scope="module")
def hub(home: Path) -> Iterator[Server]:
    with serving(ROOT, {"GROUNDSWELL_HOME": str(home)}) as server:
        yield server


@dataclass
class Tree:
    """What is built on ``root``, with links from parent to child and no cycles."""

    root: str
    graph: nx.DiGraph

    def below(self, model: str) -> int:
        return len(nx.descendants(self.graph, model))

    def children(self, model: str) -> list[str]:
        """Those with most below them first, then by name."""
        found = self.graph.successors(model)
        return sorted(found, key=lambda child: (-self.below(child), child.lower()))


@pytest.fixture(scope="module")
def tree(home: Path) -> Tree:
    """The largest tree whose root is one of Qwen's own models."""
    links = Store(home).load(LINKS).frame
    # Of a model that the Hub told of, its newest answer holds and nobody else's.
    told = links[links["source"] == "hub"]
    told = told[told["seen_on"] == told.groupby("child")["seen_on"].transform("max")]
    links = pd.concat([told, links[~links["child"].isin(set(told["child"]))]])
    links = links[links["child"].str.lower() != links["parent"].str.lower()]
    groups = links.groupby("parent")["child"].agg(list)
    children: dict[str, list[str]] = {str(parent): names for parent, names in groups.items()}
    children_set = set(links["child"])
    roots = [name for name in children if name.startswith("Qwen/") and name not in children_set]

    def under(root: str) -> set[str]:
        seen, unread = {root}, [root]
        while unread:
            new = [child for child in children.get(unread.pop(), ()) if child not in seen]
            seen.update(new)
            unread += new
        return seen

    best = max(map(under, roots), key=len)
    (root,) = best & set(roots)
    graph = nx.DiGraph((above, below) for above in best for below in children.get(above, ()))
    while tangled := [part for part in nx.strongly_connected_components(graph) if len(part) > 1]:
        for part in tangled:
            ends = [(below, above) for above, below in graph.subgraph(part).edges]
            last = max(ends, key=lambda link: (link[0].lower(), link[1].lower()))
            graph.remove_edge(last[1], last[0])
    return Tree(root, graph)


def expect_focus(page: Page, tree: Tree, model: str) -> None:
    expect(page.locator("h3").first).to_contain_text(f"{tree.below(model):,} model")
    settle(page)
    assert parse_qs(urlsplit(page.url).query)["node"] == [model]


@WIDTHS
def test_click_drills_and_back_returns(
    visit: Callable[..., Visit], hub: Server, tree: Tree, width: int
) -> None:
    page = visit(f"{hub.address}/tree?root={quote(tree.root)}", width).page
    expect(page.locator("h3").first).to_contain_text(f"{tree.below(tree.root):,} models")
    first = tree.children(tree.root)[0]
    chart = page.locator('[data-testid="stVegaLiteChart"]').first
    chart.locator(".mark-rect path").first.click(position={"x": 20, "y": 60})
    expect_focus(page, tree, first)
    second = tree.children(first)[0]
    if tree.below(second):
        chart.locator(".mark-rect path").first.click(position={"x": 20, "y": 60})
        expect_focus(page, tree, second)
        page.go_back()
        expect_focus(page, tree, first)
    page.go_back()
    expect(page.locator("h3").first).to_contain_text(f"{tree.below(tree.root):,} models")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@WIDTHS
def test_row_of_the_table_leads_to_its_model(
    visit: Callable[..., Visit], hub: Server, tree: Tree, width: int
) -> None:
    address = f"{hub.address}/tree?root={quote(tree.root)}&tree_tab=Table"
    page = visit(address, width).page
    assert f"of {tree.below(tree.root):,} models" in page.locator("body").inner_text()
    page.get_by_test_id("stDataFrame").first.click(position={"x": 16, "y": 54})
    expect_focus(page, tree, tree.children(tree.root)[0])


@WIDTHS
def test_link_opens_a_model_deep_in_the_tree(
    visit: Callable[..., Visit], hub: Server, tree: Tree, width: int
) -> None:
    model = tree.children(tree.children(tree.root)[0])[0]
    opened = visit(f"{hub.address}/tree?node={quote(model)}&shape=Level+by+level", width)
    expect_focus(opened.page, tree, model)
    assert "Built on it" in opened.page.locator("body").inner_text()
    assert opened.outside == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


@WIDTHS
def test_any_of_three_million_is_found_while_one_types(
    visit: Callable[..., Visit], hub: Server, tree: Tree, width: int
) -> None:
    model = tree.children(tree.root)[1]
    page = visit(f"{hub.address}/tree", width).page
    page.get_by_label("Find any model").press_sequentially(model.lower())
    page.get_by_role("button", name=model, exact=True).click()
    expect_focus(page, tree, model)


def test_all_descendants_as_csv(visit: Callable[..., Visit], hub: Server, tree: Tree) -> None:
    page = visit(f"{hub.address}/tree?root={quote(tree.root)}").page
    with page.expect_download() as download:
        page.get_by_role("button", name=f"All {tree.below(tree.root):,} as CSV").click()
    with ZipFile(BytesIO(download.value.path().read_bytes())) as archive:
        rows = pd.read_csv(archive.open(archive.namelist()[0]), encoding="utf-8-sig")
    expected = {name.lower() for name in nx.descendants(tree.graph, tree.root)}
    assert set(rows["model_id"].str.lower()) == expected
    assert len(rows) == len(expected)
    expect(page.locator("h3").first).to_be_visible()


def test_server_stays_small(visit: Callable[..., Visit], home: Path, tree: Tree) -> None:
    """Beside the same page of the site's own sample: at most 150 MB more."""
    grown = []
    for environment in ({}, {"GROUNDSWELL_HOME": str(home)}):
        with serving(ROOT, environment) as server:
            visit(f"{server.address}/tree")
            (process,) = [
                each
                for each in psutil.Process().children()
                if any(
                    place.laddr.port == urlsplit(server.address).port
                    for place in each.net_connections()
                )
            ]
            grown.append(process.memory_info().rss / 1e6)
    assert tree.below(tree.root) > 10_000
    assert grown[1] - grown[0] <= 150
