"""What an examination found, and its cure."""

from dataclasses import dataclass

REINSTALL = "Delete the folder .venv in the folder of the course, then run `python start.py lab`."


@dataclass(frozen=True)
class Finding:
    """`state`: "fine", "note" (worth knowing) or "mend"; `cure`: what to do, "" where there is nothing to do."""

    state: str
    says: str
    cure: str = ""


def listed(words: list[str]) -> str:
    """Return the first three of them, and how many more there are."""
    return ", ".join(words[:3]) + (f" and {len(words) - 3} more." if len(words) > 3 else ".")
