"""What lets the server start sooner: work of libraries at import that serves nobody here."""

from __future__ import annotations

import gc
import importlib
import importlib.abc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from corpus.garbage import kept_off

STUBS = ("gradio.component_meta", "create_or_modify_pyi")
"""Gradio reads the source of each of its components whenever it is imported, and the stub file
beside it, for editors: nearly half of its import, and it writes where packages are installed."""

UNUSED = ("mcp", "httpx._main")
"""What is imported where it is there, and not missed: by Gradio, for tools that it could make of a
window (ours are opened when they are asked for, `assistant.mcp_mount`; a second, that is), and by
httpx, for its command line (a seventh of a second)."""

LATER = ("pandas",)
"""Gradio imports it for tables that no page of ours shows. A third of a second."""

LOOKED_FOR = ("matplotlib",)
"""Gradio tries to import it, in all folders of the path, twice in each step of each answer."""


@contextmanager
def starting() -> Iterator[None]:
    """Leaves out, while a server is put together, what costs time and serves nobody.

    Nearly all that is made meanwhile (modules, routes, models) stays to the end: it is not looked
    through for garbage now, nor later.
    """
    leave_out(*STUBS)
    for module in LATER:
        later(module)
    hidden = [module for module in UNUSED if module not in sys.modules]
    for module in hidden:
        sys.modules[module] = None  # type: ignore[assignment]  # "not installed", for the moment
    with kept_off():
        try:
            yield
        finally:
            for module in hidden:
                del sys.modules[module]
            for module in LOOKED_FOR:
                not_there(module)
            gc.freeze()


@contextmanager
def routes_later() -> Iterator[None]:
    """Has Gradio make no routes of a window meanwhile.

    It makes them when a window begins, when its layout ends, when its queue is set and when it is
    mounted, a tenth of a second each time. Those of the queue and of the mount are needed.
    """
    from gradio.routes import App

    make = App.create_app
    App.create_app = staticmethod(lambda *_, **__: None)  # type: ignore[assignment]
    try:
        yield
    finally:
        App.create_app = staticmethod(make)  # type: ignore[method-assign]


def not_there(module: str) -> None:
    """Has a module that is not installed found missing at once, not looked for each time."""
    if module not in sys.modules and PathFinder.find_spec(module) is None:
        sys.modules[module] = None  # type: ignore[assignment]


def later(module: str) -> None:
    """Has a module imported when something of it is used, not when its import is asked for."""
    if module not in sys.modules and PathFinder.find_spec(module) is not None:
        sys.modules[module] = _Later(module)


class _Later(ModuleType):
    """Stands for a module until one of its names is asked for (also by an import of a part)."""

    def __getattr__(self, name: str) -> Any:
        if name == "__file__":  # `inspect` asks all modules where they come from
            raise AttributeError(name)
        module = self.__name__
        if sys.modules.get(module) is self:
            del sys.modules[module]
        return getattr(importlib.import_module(module), name)


def leave_out(module: str, function: str) -> None:
    """Makes a function of a module do nothing, from the module's import on.

    Args:
        module: full name; one that was imported already stays as it is.
        function: gives nothing back; where the module has none of this name, nothing changes.
    """
    if module not in sys.modules:
        sys.meta_path.insert(0, _Without(module, function))


class _Without(importlib.abc.MetaPathFinder):
    """Finds one module, once, as it would be found anyway."""

    def __init__(self, module: str, function: str) -> None:
        self._module = module
        self._function = function

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._module:
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Emptied(spec.loader, self._function)
        return spec


class _Emptied(importlib.abc.Loader):
    """Loads a module and then empties one of its functions."""

    def __init__(self, loader: importlib.abc.Loader, function: str) -> None:
        self._loader = loader
        self._function = function

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        if hasattr(module, self._function):
            setattr(module, self._function, lambda *_: None)
