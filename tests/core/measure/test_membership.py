from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measure.membership import (
    WHOLE,
    Membership,
    descended,
    families_in,
    of_accounts,
    of_models,
)
from tests.core.frames import family
from tests.core.measure.rollups import FAMILIES, NO_FACTS, RULES, links, members

if TYPE_CHECKING:
    from collections.abc import Mapping


def counted(who: Membership, name: str) -> dict[tuple[str, str], int]:
    """Family and basis for which the model called ``name`` counts, with its weight."""
    unit = who.ids.loc[who.ids["id"] == name, "unit"]
    rows = who.shares[who.shares["unit"].isin(unit)]
    return {(row.family, row.basis): row.weight for row in rows.itertuples()}


def facts(**columns: object) -> pd.DataFrame:
    known = {"created_on": "2025-01-01", "task": "text-generation", "format": None}
    rows = pd.DataFrame(known | columns)
    return rows.astype(NO_FACTS.dtypes.to_dict())


def test_official_and_what_descends_from_it() -> None:
    who = members(
        "Qwen/a",
        "me/b",
        "me/c",
        "me/stranger",
        declared=links(("me/b", "Qwen/a", "finetune"), ("me/c", "me/b", "adapter")),
    )
    assert counted(who, "Qwen/a") == {
        ("Qwen", "official"): WHOLE,
        ("Qwen", "with_derivatives"): WHOLE,
        ("Qwen", "shared"): WHOLE,
    }
    below = {("Qwen", "with_derivatives"): WHOLE, ("Qwen", "shared"): WHOLE}
    assert counted(who, "me/b") == counted(who, "me/c") == below
    assert "me/stranger" not in set(who.ids["id"])
    assert who.models[["model_id", "family"]].to_numpy().tolist() == [["Qwen/a", "Qwen"]]
    assert who.ids.set_index("id")["unit"].nunique() == 2


def test_official_model_of_one_family_that_is_built_on_anothers_counts_in_both() -> None:
    who = members(
        "Qwen/a", "google/gemma-x", declared=links(("google/gemma-x", "Qwen/a", "finetune"))
    )
    assert counted(who, "google/gemma-x") == {
        ("Gemma", "official"): WHOLE,
        ("Gemma", "with_derivatives"): WHOLE,
        ("Gemma", "shared"): WHOLE // 2,
        ("Qwen", "with_derivatives"): WHOLE,
        ("Qwen", "shared"): WHOLE // 2,
    }


def test_circles_and_models_that_are_their_own_base_end() -> None:
    declared = links(
        ("me/b", "me/b", "finetune"),
        ("me/b", "me/c", "finetune"),
        ("me/c", "me/b", "finetune"),
        ("me/c", "Qwen/a", "finetune"),
        ("x/1", "x/2", "merge"),
        ("x/2", "x/1", "merge"),
    )
    who = members("Qwen/a", declared=declared)
    assert set(who.ids["id"]) == {"Qwen/a", "me/b", "me/c"}


def test_a_merge_of_every_number_of_families_is_cut_into_whole_parts() -> None:
    assert all(WHOLE % number == 0 for number in range(1, 17))


@pytest.mark.parametrize(
    "renames",
    [
        {"old/x": "Qwen/x"},
        {"old/x": "mid/x", "mid/x": "Qwen/x"},
        {"old/x": "Qwen/x", "Qwen/x": "xen/x", "xen/x": "qwen/x"},
        {"OLD/x": "qwen/X"},
    ],
)
def test_a_renamed_model_is_one_model(renames: Mapping[str, str]) -> None:
    who = of_models(["old/x", "Qwen/x"], NO_FACTS, links(), renames, RULES)
    assert {"old/x", "Qwen/x"} <= set(who.ids["id"])
    assert len(set(who.ids["model"])) == 1
    assert [name.casefold() for name in who.models["model_id"]] == ["qwen/x"]


def test_a_model_that_left_its_family_is_nobodys_all_along() -> None:
    who = of_models(["Qwen/x"], NO_FACTS, links(), {"Qwen/x": "other/x"}, RULES)
    assert who.ids.empty


def test_thudm_and_zai_org_are_one_maker_and_case_does_not_matter() -> None:
    who = members("THUDM/GLM-4", "zai-org/GLM-4", "Zai-Org/glm-4", "THUDM/other")
    assert who.ids["id"].tolist() == ["THUDM/GLM-4", "Zai-Org/glm-4", "zai-org/GLM-4"]
    assert len(set(who.ids["model"])) == 1
    assert who.models["model_id"].tolist() == ["zai-org/GLM-4"]


@pytest.mark.parametrize(
    ("task", "writes"),
    [
        ("text-generation", True),
        ("image-text-to-text", True),
        ("text2text-generation", True),
        ("feature-extraction", False),
        ("automatic-speech-recognition", False),
        (None, False),
    ],
)
def test_a_language_model_says_that_it_writes_text(task: str | None, *, writes: bool) -> None:
    who = of_models([], facts(model_id=["Qwen/a"], task=[task]), links(), {}, RULES)
    assert (("Qwen", "language") in counted(who, "Qwen/a")) is writes
    assert (("Qwen", "atom") in counted(who, "Qwen/a")) is writes


@pytest.mark.parametrize(
    ("name", "created", "form", "counts"),
    [
        ("Qwen3-8B", "2022-11-30", None, True),
        ("Qwen3-8B", "2022-11-29", None, False),
        ("Qwen3-8B", None, None, False),
        ("Qwen3-8B", "2025-01-01", "gguf", False),
        ("Qwen3-8B-GGUF", "2025-01-01", None, False),
        ("Qwen3-8B-AWQ", "2025-01-01", None, False),
        ("Qwen2-GPTQ-Int4", "2025-01-01", None, False),
        ("Qwen3-8B-FP8", "2025-01-01", None, False),
        ("Qwen3-MLX-4bit", "2025-01-01", None, False),
        ("Qwen3-8B-w8a8", "2025-01-01", None, False),
        ("Qwen3-Embedding-8B", "2025-01-01", None, False),
        ("Qwen3-Reranker-8B", "2025-01-01", None, False),
        ("Qwen-mlxer", "2025-01-01", None, True),
    ],
)
def test_atoms_basis(name: str, created: str | None, form: str | None, *, counts: bool) -> None:
    told = facts(model_id=[f"Qwen/{name}"], created_on=[created], format=[form])
    who = of_models([], told, links(), {}, RULES)
    assert (("Qwen", "atom") in counted(who, f"Qwen/{name}")) is counts
    assert ("Qwen", "language") in counted(who, f"Qwen/{name}")


def test_a_copy_that_says_it_is_quantized_is_not_counted_again() -> None:
    told = facts(model_id=["Qwen/a", "Qwen/b"])
    who = of_models([], told, links(("Qwen/b", "Qwen/a", "quantized")), {}, RULES)
    assert ("Qwen", "atom") in counted(who, "Qwen/a")
    assert ("Qwen", "atom") not in counted(who, "Qwen/b")


def test_what_one_source_does_not_know_another_may() -> None:
    told = facts(model_id=["Qwen/a", "Qwen/A"], task=[None, "text-generation"])
    who = of_models([], told, links(), {}, RULES)
    assert ("Qwen", "language") in counted(who, "Qwen/a")


def test_of_bases_and_families_leave_what_is_asked_for() -> None:
    declared = links(("me/b", "Qwen/a", "merge"), ("me/b", "google/gemma-1", "merge"))
    who = members("Qwen/a", "google/gemma-1", declared=declared)
    official = who.of_bases(["official"])
    assert set(official.ids["id"]) == {"Qwen/a", "google/gemma-1"}
    gemma = who.of_families(["Gemma"])
    assert set(gemma.ids["id"]) == {"me/b", "google/gemma-1"}
    assert counted(gemma, "me/b")["Gemma", "shared"] == WHOLE // 2
    assert families_in(who.ids["signature"]) == {"Qwen", "Gemma"}


def test_accounts_of_families_that_own_them() -> None:
    who = of_accounts([*FAMILIES, family("OLMo", ("allenai", "ai2"))])
    assert sorted(who.ids["id"]) == ["Qwen", "ai2", "allenai"]
    assert set(who.shares["basis"]) == {"official"}
    assert who.models.empty


def test_nobody_at_all() -> None:
    who = of_models([], NO_FACTS, links(), {}, RULES)
    assert who.ids.empty
    assert who.shares.empty


@given(
    st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=40),
    st.dictionaries(st.integers(0, 14), st.integers(0, 8), max_size=6),
)
def test_descent_is_reachability(pairs: list[tuple[int, int]], official: dict[int, int]) -> None:
    flags = np.zeros((15, 9), dtype=np.bool_)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(15))
    graph.add_edges_from((parent, child) for child, parent in pairs)
    for model, of in official.items():
        flags[model, of] = True
    expected = flags.copy()
    for model in official:
        for below in nx.descendants(graph, model):
            expected[below] |= flags[model]
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    assert (descended(flags, ends[:, 0], ends[:, 1]) == expected).all()
