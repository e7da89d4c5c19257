"""PDFium's functions bound anew, for those that are called for each word or each path.

`pypdfium2.raw` declares types for every function; for calls that take less than a microsecond,
converting them costs more than PDFium's own work.
"""

from __future__ import annotations

import ctypes
from typing import Any

Address = ctypes.c_void_p


def bind(function: Any, result: Any) -> Any:
    """The C function, for arguments that are ctypes objects or fit a C integer.

    Nothing is converted, handles come back as integers (None for null), and the interpreter's
    lock is kept: half the time of the call.

    Args:
        function: of `pypdfium2.raw`.
        result: the type of what it gives back; `Address` for a handle.
    """
    return ctypes.PYFUNCTYPE(result)(ctypes.cast(function, Address).value or 0)
