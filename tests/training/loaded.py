"""Generated modules, loaded."""

import types

from symbp.pipeline import derive


def module_of(name):
    """The module of a network of the gallery."""
    text = derive(name).emit()
    module = types.ModuleType(name)
    exec(compile(text, name, "exec"), module.__dict__)  # noqa: S102 - generated above
    return module
