"""Which family a model belongs to: rules, not lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from core.schemas import Family


class FamilyRules:
    """Finds the family whose official model a repository is.

    A repository is official when it lies in one of the family's accounts and
    the family's pattern is found in its name. The Hub ignores case in account
    names, so do the rules. Where two families share an account, the one that
    is defined first wins.
    """

    def __init__(self, families: Iterable[Family]) -> None:
        self._by_account: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        for family in families:
            pattern = re.compile(family.pattern, re.IGNORECASE)
            for account in family.accounts:
                rules = self._by_account.setdefault(account.lower(), [])
                rules.append((family.name, pattern))

    @property
    def accounts(self) -> tuple[str, ...]:
        """The families' accounts in small letters."""
        return tuple(self._by_account)

    def in_accounts(self, model_ids: pd.Series) -> pd.Series:
        """Which ids lie in one of the families' accounts (bool); same index."""
        accounts = "|".join(map(re.escape, self._by_account))
        return model_ids.str.match(f"(?:{accounts})/", case=False).astype("bool")

    def family_of(self, model_id: str) -> str | None:
        """Name of the family whose official model ``model_id`` is, or None.

        An id that is not of the form account/repository belongs to none.
        """
        account, slash, name = model_id.partition("/")
        if not slash or not name or "/" in name:
            return None
        for family, pattern in self._by_account.get(account.lower(), ()):
            if pattern.search(name):
                return family
        return None

    def assign(self, model_ids: pd.Series) -> pd.Series:
        """Family of each id, null where it is none's; same index."""
        known = {model_id: self.family_of(model_id) for model_id in model_ids.unique()}
        return model_ids.map(known).astype("str")
