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
    "none; a daily history has, which can be loaded on this page.",
    "Basis": "Which repositories a figure counts. Figures of different bases are never mixed.",
    "Artefact": "A period in which a counter or a history is not what it seems. Some were told by "
    "others; stalls, catch-ups, rollbacks and frozen counters are also found by this site, in "
    "the counters themselves.",
    "As of": "The moment at which a figure was true, UTC.",
    "Milestone": "A figure that somebody published, with who said it and when.",
}

KINDS: Final = {
    "stall": "A day on which most of the largest models hardly moved: the counting stood still, "
    "not the downloads.",
    "catch-up": "The day after a stall: the same models leap together, because what was missed is "
    "counted then. Nobody released anything.",
    "rollback": "A day on which the all-time counters of most of the largest models fell: the Hub "
    "took back what it had counted.",
    "frozen": "One model's all-time counter did not move for five weeks or more, while the Hub's "
    "counter of 30 days was above zero: one of the two is stuck.",
    "gap": "Days that a history does not have. What was downloaded in them is shown as one step, "
    "never spread over the days.",
    "partial": "A day on which a history has only some of the models.",
    "floor": "The first day that a counter or a date can tell of; what was before is not known.",
    "method": "From this day on something else is counted.",
    "step": "A total leapt, for a reason that nobody has told.",
    "rename": "Models got other names and took their counters with them. That is no download.",
    "outlier": "One model weighs so much that it decides a total.",
}
"""What each kind of artefact is, those first that this site finds by itself."""

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
