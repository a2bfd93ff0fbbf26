"""What a record of the fake Hub declares by its tags, read without the fake's own code."""

from __future__ import annotations

LARGEST = "meta-llama/Llama-3.2-1B-Instruct"


def parents(record: dict) -> set[str]:
    """Parents by the plain tags of a record, in lower case, itself left out."""
    tags = [tag.split(":") for tag in record["tags"] if tag.startswith("base_model:")]
    return {tag[1].lower() for tag in tags if len(tag) == 2} - {record["id"].lower()}
