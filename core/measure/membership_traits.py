"""Which models write text, and which of them count on the basis that follows ATOM's list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    from core.measure.graph import Numbers

LANGUAGE_TASKS: Final = frozenset(
    {"text-generation", "text2text-generation", "conversational", "image-text-to-text"}
)
"""Tasks, in the Hub's words, that mean writing text. A repository that states no
task is not counted: most of them hold weights for something else."""

CHATGPT: Final = pd.Timestamp("2022-11-30")
"""Day on which ChatGPT was published."""

REPACKAGED: Final = frozenset(
    {"gguf", "awq", "gptq", "exl2", "fp8", "fp4", "nvfp4", "int4", "int8", "mlx", "onnx"}
)
"""Formats in which a repository is a copy of another one, in small letters."""

_REPACKAGED_NAME: Final = re.compile(
    rf"(?<![a-z0-9])({'|'.join(sorted(REPACKAGED))}|[48]bit|[48]-bit|w\d+a\d+)(?![a-z0-9])",
    re.IGNORECASE,
)
_EMBEDDING_NAME: Final = re.compile("embed|rerank", re.IGNORECASE)
QUANTIZED: Final = "quantized"
"""The relation of a copy in smaller numbers to its original."""


def facts_by_number(facts: pd.DataFrame, numbers: Numbers, count: int) -> pd.DataFrame:
    """What is known of each of ``count`` models: created_on, task and format, by its number.

    ``numbers`` are the models of the rows of ``facts``; the first row that
    knows a thing counts.
    """
    numbered = facts.assign(model=numbers)
    first = numbered.groupby("model")[["created_on", "task", "format"]].first()
    return first.reindex(np.arange(count))


def writes_text(told: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether each model says that its task is to write text."""
    found: npt.NDArray[np.bool_] = told["task"].isin(LANGUAGE_TASKS).to_numpy(np.bool_)
    return found


def after_chatgpt(
    told: pd.DataFrame, names: npt.NDArray[np.object_], quantized: Numbers
) -> npt.NDArray[np.bool_]:
    """Whether each model is of after ChatGPT, and no embedding model or repackaged copy.

    ``quantized`` are the numbers of models that say they are a quantized copy.
    A model of unknown age does not count.
    """
    plain = np.array(
        [not (_REPACKAGED_NAME.search(name) or _EMBEDDING_NAME.search(name)) for name in names],
        dtype=np.bool_,
    )
    young = (told["created_on"] >= CHATGPT).to_numpy(np.bool_, na_value=False)
    copied = told["format"].astype("str").str.lower().isin(REPACKAGED).to_numpy(np.bool_)
    found: npt.NDArray[np.bool_] = plain & young & ~copied
    found[quantized] = False
    return found
