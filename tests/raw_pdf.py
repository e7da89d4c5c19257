"""PDFs written object by object, for what no writer of PDFs would write."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

LINES = (
    "The grant deadline is 5 March 2026 at noon for all partners.",
    "Each organisation receives 250 000 EUR for a project of 24 months.",
    "Applicants send the form to the National Agency of their own country.",
)


def upright(size: str = "14", x: int = 72) -> str:
    """The drawing of `LINES` at the top of a page."""
    shown = " 0 -20 Td ".join(f"({line}) Tj" for line in LINES)
    return f"BT /F1 {size} Tf {x} 700 Td {shown} ET"


def write_pdf(
    path: Path,
    *,
    drawing: str = "",
    catalogue: str = "",
    resources: str = "",
    more: Mapping[int, str] | None = None,
) -> Path:
    """A PDF of one page.

    Args:
        path: the file to write.
        drawing: what the page draws; `LINES` where nothing is given. Its font is `/F1`.
        catalogue, resources: further entries of the catalogue and of the page's resources.
        more: further objects, numbered from 6 on.
    """
    objects = {
        1: f"<</Type/Catalog/Pages 2 0 R {catalogue}>>",
        2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        f"/Resources<</Font<</F1 5 0 R>>{resources}>>>>",
        4: stream(drawing or upright()),
        5: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        **(more or {}),
    }
    out = b"%PDF-1.7\n"
    table = "0000000000 65535 f \n"
    for number, content in sorted(objects.items()):
        table += f"{len(out):010} 00000 n \n"
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    count = len(objects) + 1
    end = f"xref\n0 {count}\n{table}trailer <</Size {count}/Root 1 0 R>>\nstartxref\n{len(out)}\n"
    path.write_bytes(out + f"{end}%%EOF\n".encode("latin-1"))
    return path


def stream(content: str, entries: str = "") -> str:
    """A stream object that is not compressed."""
    return f"<</Length {len(content)} {entries}>>\nstream\n{content}\nendstream"


def endless_form(path: Path) -> Path:
    """A page with a form that draws itself twice: it takes more memory without end."""
    form = stream(
        "/X Do /X Do",
        "/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X 6 0 R>>>>",
    )
    return write_pdf(
        path, drawing=f"{upright()} /X Do", resources="/XObject<</X 6 0 R>>", more={6: form}
    )


def endless_labels(path: Path) -> Path:
    """Page labels that are their own children: PDFium follows them until its stack is full."""
    return write_pdf(path, catalogue="/PageLabels 6 0 R", more={6: "<</Kids[6 0 R 6 0 R]>>"})
