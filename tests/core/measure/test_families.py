from __future__ import annotations

import re
import tomllib

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_series_equal

from core.measure.families import FamilyRules
from core.store.definitions import load_families
from tests.core.frames import family
from tests.independent import DATA

RULES = FamilyRules(load_families(DATA / "makers.toml"))
RAW = {
    entry["name"]: entry
    for entry in tomllib.loads((DATA / "makers.toml").read_text(encoding="utf-8"))["family"]
}

BELONGS = {
    "Qwen/Qwen3-8B": "Qwen",
    "qwen/qwen3-8b": "Qwen",
    "QWEN/anything": "Qwen",
    "google/gemma-3-4b-it": "Gemma",
    "google/embeddinggemma-300m": "Gemma",
    "google/CodeGemma-7b": "Gemma",
    "google/bert_uncased_L-2_H-128_A-2": None,
    "google/flan-t5-base": None,
    "gemma/gemma-3-4b-it": None,
    "openai/gpt-oss-20b": "gpt-oss",
    "openai/clip-vit-large-patch14": None,
    "openai/whisper-large-v3": None,
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B": "DeepSeek",
    "microsoft/phi-4": "Phi",
    "microsoft/Phi-3.5-mini-instruct": "Phi",
    "microsoft/dolphin-phi": None,
    "microsoft/phi": None,
    "microsoft/Dolphi-2": None,
    "THUDM/glm-4-9b": "GLM",
    "THUDM/chatglm3-6b": "GLM",
    "zai-org/GLM-5": "GLM",
    "zai-org/CogVideoX-5b": None,
    "tencent/HunyuanOCR": "Hunyuan",
    "tencent/Hy3-preview": "Hunyuan",
    "tencent/Hyper": None,
    "Tencent-Hunyuan/HunyuanDiT": "Hunyuan",
    "tencent/DepthCrafter": None,
    "baidu/ERNIE-4.5-VL-28B-A3B-PT": "ERNIE",
    "PaddlePaddle/PaddleOCR-VL": None,
    "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16": "Nemotron",
    "nvidia/parakeet-tdt-0.6b-v3": None,
    "HuggingFaceTB/SmolLM2-135M-Instruct": "SmolLM",
    "HuggingFaceTB/fineweb-edu-classifier": None,
    "allenai/OLMo-2-1124-7B": "OLMo",
    "allenai/Molmo2-8B": "OLMo",
    "allenai/longformer-base-4096": None,
    "meta-llama/Llama-3.1-8B-Instruct": "Llama",
    "facebook/opt-125m": None,
    "moonshotai/Kimi-K2.5": "Kimi",
    "MiniMaxAI/MiniMax-M2.5": "MiniMax",
    "ibm-granite/granite-4.0-micro": "Granite",
    "mistralai/Mistral-7B-Instruct-v0.3": "Mistral",
    "unsloth/Qwen3-8B": None,
    "Qwen": None,
    "Qwen/": None,
    "/Qwen3-8B": None,
    "/": None,
    "": None,
    "Qwen/Qwen3/8B": None,
    "Qwen//Qwen3-8B": None,
    " Qwen/Qwen3-8B": None,
    "<b>Qwen</b>/Qwen3-8B": None,
    "<b>Qwen/Qwen3-8B": None,
    "\u202eQwen/Qwen3-8B": None,
    "Qwen\u200f/Qwen3-8B": None,
    "Q" * 10_000: None,
    "Q/" * 10_000: None,
    "Qwen/" + "8" * 10_000: "Qwen",
}


@pytest.mark.parametrize(
    ("model_id", "name"), BELONGS.items(), ids=[ascii(model_id)[:50] for model_id in BELONGS]
)
def test_family_of_a_model(model_id: str, name: str | None) -> None:
    assert RULES.family_of(model_id) == name


def account_and_name_fit(model_id: str, name: str) -> bool:
    account, _, repository = model_id.partition("/")
    accounts = {known.lower() for known in RAW[name]["accounts"]}
    found = re.search(RAW[name]["pattern"], repository, re.IGNORECASE)
    return account.lower() in accounts and found is not None


ACCOUNTS = st.sampled_from([account for entry in RAW.values() for account in entry["accounts"]])
NAMES = st.sampled_from(["gemma", "phi-", "Phi", "HY3", "hunyuan", "GLM", "smol", "x"])
IDS = st.builds(
    "{}{}{}{}".format, st.text(max_size=2) | ACCOUNTS, st.sampled_from("//-"), NAMES, st.text()
)


@given(st.text() | IDS)
def test_family_that_is_given_fits_the_account_and_the_name(model_id: str) -> None:
    name = RULES.family_of(model_id)
    assert name is None or account_and_name_fit(model_id, name)


@given(ACCOUNTS, NAMES)
def test_no_family_is_given_only_where_no_rule_fits(account: str, repository: str) -> None:
    model_id = f"{account}/{repository}"
    fits = [name for name in RAW if account_and_name_fit(model_id, name)]
    assert RULES.family_of(model_id) == (fits[0] if fits else None)


def test_family_defined_first_wins_a_shared_account() -> None:
    big, small = family("Big", ("Shared",), "model"), family("Small", ("shared",), "small")
    assert FamilyRules([big, small]).family_of("shared/small-model") == "Big"
    assert FamilyRules([small, big]).family_of("shared/small-model") == "Small"
    assert FamilyRules([small, big]).family_of("shared/model") == "Big"


@given(st.lists(st.sampled_from(sorted(BELONGS)) | st.text(), min_size=1))
def test_assign_says_the_same_of_each_and_keeps_the_index(model_ids: list[str]) -> None:
    index = [f"row {number}" for number in range(len(model_ids), 0, -1)]
    found = RULES.assign(pd.Series(model_ids, index=index, dtype="str"))
    expected = [RULES.family_of(model_id) for model_id in model_ids]
    assert_series_equal(found, pd.Series(expected, index=index, dtype="str"))


def test_assign_of_nothing_is_nothing() -> None:
    assert RULES.assign(pd.Series([], dtype="str")).tolist() == []
