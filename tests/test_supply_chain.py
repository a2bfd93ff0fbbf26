"""What comes into the project from others: workflows, actions, packages."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

yaml = pytest.importorskip("yaml")

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.y*ml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*")
ZIZMOR = str(Path(sys.executable).with_name("zizmor"))

every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def read(path: Path) -> dict[Any, Any]:
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_there_are_workflows_for_tests_and_for_the_audit() -> None:
    assert {path.stem for path in WORKFLOWS} >= {"tests", "audit"}


@every_workflow
def test_every_action_is_pinned_by_its_full_hash_with_its_version_beside_it(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    written = [line.split("uses:", 1)[1].strip() for line in lines if "uses:" in line]
    assert [use for use in written if not PINNED.fullmatch(use)] == []
    jobs = read(path)["jobs"].values()
    used = [step["uses"] for job in jobs for step in job["steps"] if "uses" in step]
    assert used == [use.split(" #")[0] for use in written]


def test_one_action_has_one_version_everywhere() -> None:
    uses = re.findall(r"uses: ([^@\s]+)@(.+)", "\n".join(p.read_text("utf-8") for p in WORKFLOWS))
    assert uses
    assert len({name for name, _ in uses}) == len(set(uses))


@every_workflow
def test_nothing_is_permitted_but_what_a_job_asks_for(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read"}
        assert job["timeout-minutes"] <= 60


@every_workflow
def test_no_workflow_keeps_credentials_or_is_run_with_more_rights_by_strangers(path: Path) -> None:
    workflow = read(path)
    # YAML 1.1 takes the word "on" for a truth value.
    assert set(workflow[True]) <= {"push", "pull_request", "schedule"}
    assert workflow["concurrency"]["cancel-in-progress"] is True
    for job in workflow["jobs"].values():
        checkouts = [step for step in job["steps"] if "checkout" in step.get("uses", "")]
        assert [step["with"]["persist-credentials"] for step in checkouts] == [False]
    assert "secrets." not in path.read_text(encoding="utf-8")


@every_workflow
def test_workflows_run_chores_that_exist(path: Path) -> None:
    chores = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    run = re.findall(r"\bmake ([a-z-]+)", "\n".join(map(str, read(path)["jobs"].values())))
    assert run
    assert set(run) <= chores


def zizmor(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ZIZMOR, "--offline", "--no-progress", "--strict-collection", "--pedantic", str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_zizmor_finds_nothing() -> None:
    done = zizmor(GITHUB)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(path.name in done.stderr for path in WORKFLOWS)


def test_zizmor_would_find_an_action_that_is_not_pinned(tmp_path: Path) -> None:
    shutil.copytree(GITHUB, tmp_path / ".github")
    path = tmp_path / ".github" / "workflows" / "tests.yml"
    path.write_text(re.sub(r"@[0-9a-f]{40} # (v\d+).*", r"@\1", path.read_text("utf-8")), "utf-8")
    done = zizmor(tmp_path / ".github")
    assert done.returncode != 0
    assert "unpinned-uses" in done.stdout


def test_dependabot_waits_before_it_proposes_a_new_release() -> None:
    updates = read(GITHUB / "dependabot.yml")["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"github-actions", "pip"}
    assert min(update["cooldown"]["default-days"] for update in updates) >= 7


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_and_comes_from_the_usual_registry(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    assert len(packages) > 30
    loose = [line for line in packages if not re.match(r"[a-z0-9-]+==\d[\w.]*( ;|$)", line)]
    assert loose == []


@pytest.mark.parametrize(
    "name",
    ["uv.lock", "Pipfile", "Pipfile.lock", "environment.yml", "poetry.lock", "packages.txt"],
)
def test_no_other_file_says_what_is_installed(name: str) -> None:
    assert not (ROOT / name).exists()


def test_audit_reads_what_is_deployed_and_fails_on_what_it_cannot_judge() -> None:
    """Without --strict, pip-audit passes even if it could ask about no package at all."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    chore = " ".join(makefile.split("\naudit: ", 1)[1].split("\n\n", 1)[0].split())
    assert re.search(r"pip-audit .*requirements\.txt .*--strict\b", chore)
    assert "zizmor --offline .github" in chore
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert {"pip-audit", "zizmor"} <= set(project["dependency-groups"]["dev"])


def test_secrets_cannot_be_committed_by_oversight() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert ".streamlit/secrets.toml" in ignored
    assert not (ROOT / ".streamlit" / "secrets.toml").exists()


def test_security_policy_says_how_to_report_and_the_readme_leads_to_it() -> None:
    policy = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "security advisory" in policy
    assert "HF_TOKEN" in policy
    assert "(SECURITY.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
