"""The table at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults import report

if TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    report.summary(terminalreporter)
