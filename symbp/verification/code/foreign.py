"""Names of what comes from a file or a library."""

from __future__ import annotations

FOREIGN = frozenset(
    {
        "load",
        "loadtxt",
        "read_csv",
        "genfromtxt",
        "load_data",
        "fetch_openml",
        "values",
        "to_numpy",
        "fit_transform",
        "transform",
        "get_dummies",
        "loadmat",
        "data",
        "target",
    }
)
