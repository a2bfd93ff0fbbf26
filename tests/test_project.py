"""The project as a stranger finds it: pins, settings, chores."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib

import pytest

from core.ui.page import PAGES
from tests.conftest import ROOT

PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)( ; .+)?")


def pins(name: str) -> dict[str, set[str]]:
    """Pinned versions of a requirements file by package; every line must be one."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            match = PIN.fullmatch(line)
            assert match, f"{name}: {line!r} is not an exact pin"
            found.setdefault(match["name"], set()).add(match["version"])
    return found


def test_requirements_pin_exactly_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {re.split(r"[\[<>=]", item)[0] for item in project["project"]["dependencies"]}
    assert asked <= pins("requirements.txt").keys()
    wanted = {re.split(r"[\[<>=]", item)[0] for item in project["dependency-groups"]["dev"]}
    assert wanted <= pins("requirements-dev.txt").keys()


def test_developers_use_the_versions_that_are_deployed() -> None:
    site, developers = pins("requirements.txt"), pins("requirements-dev.txt")
    for name in site.keys() & developers.keys():
        assert site[name] == developers[name]


@pytest.mark.parametrize("name", ["uv.lock", "Pipfile", "environment.yml"])
def test_nothing_takes_precedence_over_requirements_on_community_cloud(name: str) -> None:
    assert not (ROOT / name).exists()


def test_settings_that_readers_depend_on() -> None:
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert config["client"]["showSidebarNavigation"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert config["browser"]["gatherUsageStats"] is False
    assert config["runner"]["magicEnabled"] is False
    # The watcher notices a push on Community Cloud: it is off only in `make run`.
    assert "fileWatcherType" not in config["server"]
    # A [theme.light] or [theme.dark] would let readers leave the checked colours.
    assert not {"light", "dark"} & config["theme"].keys()


def test_menu_leads_to_every_page() -> None:
    scripts = {f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py")} | {"app.py"}
    assert {entry.script for entry in PAGES} == scripts


def test_first_line_of_the_readme_fits_a_link_preview() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# Groundswell"
    assert 0 < len(lines[2].split(": ")[0]) < 100


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_says_what_is_missing(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("project")
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, folder)
    make = shutil.which("make") or "make"
    ended = subprocess.run(
        [make, "run", "PYTHON=/no/such/python"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert "Python 3.11 or newer is missing (/no/such/python cannot be started)." in ended.stdout
    assert not (folder / ".venv").exists()
