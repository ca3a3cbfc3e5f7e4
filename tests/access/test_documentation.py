"""What docs/access.md says of roles and levels is what the code holds."""

from __future__ import annotations

from pathlib import Path

from access.domain import roles

PAGE = Path(__file__).resolve().parents[2] / "docs" / "access.md"


def test_every_role_stands_in_the_documentation_with_its_group_and_its_meaning() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for role in roles.ROLES:
        assert f"| {role.key} | {role.group_name} | {role.meaning} |" in text
