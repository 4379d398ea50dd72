"""Inputs as people really send them, with what should become of them."""

import json
from pathlib import Path
from typing import Any


def read_cases(name: str) -> list[dict[str, Any]]:
    """The cases in a JSON file of this folder."""
    return json.loads((Path(__file__).parent / name).read_text("utf-8"))
