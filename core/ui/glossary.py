"""The words of the site, and what a download is."""

from __future__ import annotations

from typing import Final

TERMS: Final = {
    "Maker": "The organisation that publishes models, such as Alibaba Cloud.",
    "Family": "A maker's line of models, such as Qwen. Defined by the maker's accounts on "
    "Hugging Face and, where an account holds other things too, by a pattern in the name.",
    "Official model": "A repository in one of the family's own accounts.",
    "Derivative": "A model whose author declares that it was built on an official model or on "
    "another derivative: tuned further (finetune), extended (adapter), made smaller (quantized) "
    "or mixed (merge). The declaration may be missing, stale or wrong. A maker's own models can "
    "be derivatives too.",
    "Reading": "One look at a model's counters at one moment.",
    "Downloads in 30 days": "The Hub's own counter of the previous 30 days. Such figures of "
    "different days overlap and are never added up.",
    "Daily downloads": "The difference of two all-time readings a day apart. The snapshot has "
    "none, so nothing on this site speaks of a day's or a month's downloads yet.",
    "Basis": "Which repositories a figure counts. Figures of different bases are never mixed.",
    "Artefact": "A period in which a counter or a history is not what it seems.",
    "As of": "The moment at which a figure was true, UTC.",
    "Milestone": "A figure that somebody published, with who said it and when.",
}

IS_A_DOWNLOAD: Final = (
    (
        "A request for one of a model's main files, counted by the Hub. Asking whether the "
        "file has changed counts as well."
    ),
    (
        "Counted again each time: by the same person, by a test that runs every hour, by a "
        "server that starts anew."
    ),
    (
        "For models in the GGUF format, made for home computers, every file counts: copying "
        "a whole repository with ten variants is ten downloads."
    ),
)

IS_NOT_A_DOWNLOAD: Final = (
    "Not a user. The Hub does not tell people or addresses apart.",
    "Not use. Many copies are never run, and a model that runs for a year is downloaded once.",
    "Not revenue. Open models may be used without paying anybody.",
    "Not everything. Copies from other platforms, or passed on inside a company, are not seen.",
)
