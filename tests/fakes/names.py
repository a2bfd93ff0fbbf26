"""Names for the fake Hub: what the families publish, and what others call their copies."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, Final

from tests.fakes.lines import LINES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from core.schemas import Family


_SHARED: Final = {
    "google": (
        "bert-base-cased vit-base-patch16-224 flan-t5-base flan-t5-large siglip-so400m-patch14-384 "
        "electra-base-discriminator mt5-small pegasus-xsum byt5-small t5-v1_1-xxl "
        "owlvit-base-patch32"
    ),
    "openai": (
        "whisper-large-v3 whisper-large-v3-turbo whisper-small whisper-tiny whisper-base "
        "whisper-medium clip-vit-large-patch14 clip-vit-base-patch32 privacy-filter"
    ),
    "nvidia": (
        "parakeet-tdt-0.6b-v3 canary-1b-v2 segformer-b0-finetuned-ade-512-512 "
        "bigvgan_v2_24khz_100band_256x mit-b0 Cosmos-Reason1-7B NV-Embed-v2 GR00T-N1.5-3B"
    ),
    "microsoft": (
        "deberta-v3-base resnet-50 table-transformer-detection layoutlmv3-base Florence-2-large "
        "codebert-base VibeVoice-1.5B trocr-base-printed speecht5_tts kosmos-2-patch14-224"
    ),
    "zai-org": "CogVideoX-5b CogView4-6B cogvlm2-llama3-chat-19B CogAgent-9B-20241220",
    "THUDM": "CogVideoX-2b agentlm-7b LongWriter-llama3.1-8b",
    "tencent": "SongGeneration DepthCrafter Youtu-Embedding HY-MT-data",
    "baidu": "Qianfan-VL-8B Unlimited-OCR",
    "PaddlePaddle": "PP-OCRv5_server_det PaddleOCR-VL PP-DocLayoutV2",
    "HuggingFaceTB": "fineweb-edu-classifier cosmo-1b finemath-classifier",
    "allenai": "longformer-base-4096 scibert_scivocab_uncased specter2_base led-base-16384",
}

_SYLLABLES: Final = (
    "ka",
    "mi",
    "ro",
    "ta",
    "lu",
    "ne",
    "so",
    "vi",
    "da",
    "po",
    "ze",
    "ki",
    "an",
    "el",
    "or",
    "is",
    "um",
    "ya",
    "be",
    "xu",
)
_TOPICS: Final = (
    "medical",
    "legal",
    "finance",
    "code",
    "math",
    "chat",
    "roleplay",
    "story",
    "sql",
    "function-calling",
    "reasoning",
    "translation",
    "german",
    "japanese",
    "arabic",
    "hindi",
    "korean",
    "summarizer",
    "support",
    "tutor",
    "safety",
    "instruct",
    "agent",
    "rag",
    "alpaca",
    "ultrachat",
    "dolly",
    "gsm8k",
)
_TRAINING: Final = (
    "sft",
    "dpo",
    "grpo",
    "orpo",
    "ft",
    "finetuned",
    "tuned",
    "v1",
    "v2",
    "v3",
    "e3",
    "merged-16bit",
)
_ADAPTING: Final = (
    "lora",
    "qlora",
    "adapter",
    "peft",
    "dora",
    "lora-r16",
    "lora-r64",
)
_MERGING: Final = (
    "slerp",
    "ties",
    "dare-ties",
    "breadcrumbs",
    "linear",
    "model_stock",
    "passthrough",
    "della",
)
_QUANTIZED: Final = (
    ("mradermacher", "GGUF", 26),
    ("mradermacher", "i1-GGUF", 18),
    ("bartowski", "GGUF", 8),
    ("unsloth", "GGUF", 3),
    ("unsloth", "bnb-4bit", 5),
    ("mlx-community", "4bit", 9),
    ("mlx-community", "8bit", 5),
    ("QuantFactory", "GGUF", 4),
    ("RedHatAI", "quantized.w4a16", 2),
    ("", "GGUF", 10),
    ("", "Q4_K_M-GGUF", 8),
    ("", "AWQ", 6),
    ("", "GPTQ-Int4", 4),
    ("", "exl2-4bpw", 2),
)
_LONGEST_STEM: Final = 48


def official_names(family: Family) -> list[str]:
    """Ids of a family's repositories, the most downloaded first."""
    line = LINES.get(family.name)
    names = line.names.split() if line else [f"{family.name}-{size}B" for size in range(1, 11)]
    return [name if "/" in name else f"{family.accounts[0]}/{name}" for name in names]


def other_names(account: str) -> Iterator[str]:
    """Ids of the same account that belong to no family. Google's fill more than a page."""
    yield from (f"{account}/{name}" for name in _SHARED.get(account, "").split())
    if account == "google":
        steps = (*range(0, 200, 20), *range(200, 2001, 100))
        for seed, step in product(range(37), steps):
            yield f"google/multiberts-seed_{seed}-step_{step}k"


def account_names(random: Random, count: int) -> list[str]:
    """Accounts of people who publish derivatives, all different in any case."""
    names: dict[str, str] = {}
    while len(names) < count:
        name = "".join(random.choices(_SYLLABLES, k=random.randint(2, 5)))
        if random.random() < 0.3:
            name = name.title()
        if random.random() < 0.4:
            name += str(random.randint(1, 9999))
        names.setdefault(name.casefold(), name)
    return list(names.values())


def derivative_names(
    random: Random, relations: list[str], accounts: list[str]
) -> Iterator[tuple[str, str]]:
    """Who made each of the derivatives, and the ending of its name: (account, ending)."""
    authors = random.choices(accounts, k=len(relations))
    makers = random.choices(_QUANTIZED, [weight for *_, weight in _QUANTIZED], k=len(relations))
    topics = random.choices(_TOPICS, k=len(relations))
    for relation, author, (maker, form, _), topic in zip(
        relations, authors, makers, topics, strict=True
    ):
        if relation == "quantized":
            yield maker or author, form
        elif relation == "adapter":
            yield author, f"{topic}-{_ADAPTING[len(author) % len(_ADAPTING)]}"
        elif relation == "merge":
            yield author, _MERGING[len(author) % len(_MERGING)]
        else:
            yield author, f"{topic}-{_TRAINING[len(author) % len(_TRAINING)]}"


def stem(model_id: str) -> str:
    """The part of a base model's name that a derivative's name begins with."""
    return model_id.partition("/")[2][:_LONGEST_STEM].rstrip("-_.")


def parameters_in(name: str) -> int | None:
    """Number of parameters that a name tells of: 8 billion for ``Qwen3-8B``."""
    found = re.search(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)([bm])(?![a-z])", name, re.IGNORECASE)
    if not found:
        return None
    return int(float(found[1]) * (10**9 if found[2] in "bB" else 10**6))
