"""Libraries that others import for parts nobody here may ever use: they are loaded when something in them is first touched."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class _StandIn(ModuleType):
    """What is asked of it is answered by the module of its name, loaded for that."""

    def __getattr__(self, name: str) -> Any:
        return getattr(_loaded(self.__name__), name)


@contextmanager
def deferred(name: str, *callables: str) -> Iterator[None]:
    """Inside, `import NAME` and `from NAME import CALLABLE` give a stand-in; the module is loaded when that is first used.

    Nothing happens where the module is loaded already.
    """
    if name in sys.modules:
        yield
        return
    stand_in = _StandIn(name)
    for one in callables:
        setattr(stand_in, one, _call_of(name, one))
    if callables:
        # Asked of any module that something is taken from.
        stand_in.__path__ = []
    sys.modules[name] = stand_in
    try:
        yield
    finally:
        _withdraw(name)


def _call_of(module: str, name: str) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        return getattr(_loaded(module), name)(*arguments, **named)

    return call


def _loaded(name: str) -> ModuleType:
    _withdraw(name)
    return import_module(name)


def _withdraw(name: str) -> None:
    """Let imports find the module itself from now on."""
    if isinstance(sys.modules.get(name), _StandIn):
        del sys.modules[name]
