"""Carries prompts/ and knowledge/ into a built wheel; an editable install reads the checkout."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShippedFolders(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the folders beside the package under coach/_shipped, where coach.shipped looks first."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folders to a standard wheel only."""
        if version == "standard":
            for folder in ("prompts", "knowledge"):
                build_data["force_include"][folder] = f"coach/_shipped/{folder}"
