from __future__ import annotations

from pathlib import Path

import pytest
from platformdirs import user_data_path

from core.errors import SettingError
from core.settings import DEADLINE_SECONDS, HUB, Settings


def test_nothing_set_means_the_real_services_and_this_persons_folder() -> None:
    settings = Settings.from_environment({})
    assert settings.home == user_data_path("groundswell", appauthor=False)
    assert settings.hub_url == HUB == "https://huggingface.co"
    assert settings.deadline == DEADLINE_SECONDS == 600
    assert (settings.offline, settings.yahoo_url, settings.history_repo) == (False, "", "")


def test_everything_set_is_taken_as_it_stands() -> None:
    settings = Settings.from_environment(
        {
            "GROUNDSWELL_HOME": "/somewhere",
            "GROUNDSWELL_OFFLINE": "1",
            "HF_ENDPOINT": "http://127.0.0.1:8000/",
            "GROUNDSWELL_YAHOO_URL": "http://127.0.0.1:8001",
            "GROUNDSWELL_DEADLINE": "12.5",
            "GROUNDSWELL_HISTORY_REPO": "me/my-history",
            "HF_TOKEN": "hf_secret",
        }
    )
    assert settings == Settings(
        home=Path("/somewhere"),
        offline=True,
        hub_url="http://127.0.0.1:8000",
        yahoo_url="http://127.0.0.1:8001",
        deadline=12.5,
        history_repo="me/my-history",
        token="hf_secret",  # noqa: S106 - a planted one
    )


def test_token_is_not_shown() -> None:
    assert "hf_secret" not in repr(Settings.from_environment({"HF_TOKEN": "hf_secret"}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GROUNDSWELL_OFFLINE", "maybe"),
        ("HF_ENDPOINT", "huggingface.co"),
        ("HF_ENDPOINT", "file:///etc/passwd"),
        ("HF_ENDPOINT", "https://"),
        ("HF_ENDPOINT", "http://host:port"),
        ("GROUNDSWELL_YAHOO_URL", "javascript:alert(1)"),
        ("GROUNDSWELL_DEADLINE", "soon"),
        ("GROUNDSWELL_DEADLINE", "0"),
        ("GROUNDSWELL_DEADLINE", "-1"),
        ("GROUNDSWELL_DEADLINE", "nan"),
        ("GROUNDSWELL_DEADLINE", "inf"),
        ("GROUNDSWELL_DEADLINE", "86401"),
        ("GROUNDSWELL_ENGINE", "polars"),
        ("GROUNDSWELL_ENGINE", "spark://"),
        ("GROUNDSWELL_ENGINE", "spark://user:hf_secret@host:7077"),
        ("GROUNDSWELL_ENGINE", "local[2] --conf x"),
        ("GROUNDSWELL_HISTORY_REPO", "no-account"),
        ("GROUNDSWELL_HISTORY_REPO", "../../etc/passwd"),
        ("GROUNDSWELL_HISTORY_REPO", "me/" + "x" * 10_000),
    ],
)
def test_wrong_setting_is_named_with_what_it_should_be(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name) as error:
        Settings.from_environment({name: value, "HF_TOKEN": "hf_secret"})
    assert error.value.setting == name
    assert len(error.value.sentence) < 200
    assert f"“{value}”" not in error.value.sentence


def test_token_in_the_wrong_place_is_not_quoted() -> None:
    for name in ("GROUNDSWELL_HISTORY_REPO", "GROUNDSWELL_OFFLINE", "GROUNDSWELL_DEADLINE"):
        with pytest.raises(SettingError) as error:
            Settings.from_environment({name: "hf_secret", "HF_TOKEN": "hf_other"})
        assert "hf_" not in error.value.sentence


def test_history_needs_a_token() -> None:
    with pytest.raises(SettingError, match="no HF_TOKEN"):
        Settings.from_environment({"GROUNDSWELL_HISTORY_REPO": "me/my-history"})


@pytest.mark.parametrize(
    ("value", "engine"),
    [
        ("", "duckdb"),
        ("DuckDB", "duckdb"),
        ("spark", "spark"),
        ("local[2]", "local[2]"),
        ("local-cluster[2,1,1024]", "local-cluster[2,1,1024]"),
        ("spark://one:7077,two:7077", "spark://one:7077,two:7077"),
        ("yarn", "yarn"),
        ("k8s://https://10.0.0.1:6443", "k8s://https://10.0.0.1:6443"),
    ],
)
def test_engine_is_duckdb_or_a_spark(value: str, engine: str) -> None:
    assert Settings.from_environment({"GROUNDSWELL_ENGINE": value}).engine == engine
