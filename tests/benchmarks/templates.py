"""The templates of the reports. They hold layout; what is decided is decided before."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent / "report"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Escaping for HTML would spoil Markdown.
        autoescape=lambda name: name is not None and ".svg" in name,  # noqa: S701
    )


def fill(template: str, **data: Any) -> str:
    """``template`` with ``data``, which must have all its names."""
    return _environment().get_template(template).render(**data).rstrip() + "\n"


def machine(packages: tuple[str, ...]) -> list[str]:
    """What the measurements were made with: the processor, Python, and ``packages`` if here."""
    import os
    import platform

    found = Path("/proc/cpuinfo")
    lines = found.read_text().splitlines() if found.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    own = names[0] if names else platform.processor() or platform.machine()
    return [
        f"{os.cpu_count()} processors: {own}",
        f"{platform.system()}, Python {platform.python_version()}",
        ", ".join(f"{name} {told}" for name in packages if (told := _version(name))),
    ]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
