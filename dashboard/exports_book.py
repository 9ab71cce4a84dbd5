"""Tables as Excel workbooks: the rows on one sheet, where they are from on another."""

import io
import math
from typing import Final

import numpy as np
import pandas as pd
import xlsxwriter

from dashboard.exports import Provenance

MAX_ROWS: Final = 1_048_575
"""Rows of a sheet besides the header, as Excel has it."""
MAX_CHARS: Final = 32_767
"""Characters of a cell, as Excel has it."""
WIDEST: Final = 60
SAMPLE: Final = 200
"""Rows by which the width of a column is chosen."""
DATA_SHEET: Final = "Data"
ABOUT_SHEET: Final = "About"


def xlsx_bytes(frame: pd.DataFrame, provenance: Provenance) -> bytes:
    """Write a table as a workbook.

    Parameters
    ----------
    frame : DataFrame, n rows
        A column `geometry` is left out. Text is written as text whatever it begins with, so that
        nothing is run as a formula.
    provenance : Provenance
        On a sheet of its own.

    Returns
    -------
    bytes
        With sheets "Data" (header frozen, filters on) and "About". Missing values are empty; an
        infinite number, which a cell cannot hold, is the word "unreachable".

    Raises
    ------
    ValueError
        More rows than a sheet can hold.
    """
    table = frame.drop(columns="geometry", errors="ignore")
    if len(table) > MAX_ROWS:
        msg = f"{len(table):,} rows do not fit a sheet of {MAX_ROWS:,}; take the CSV file"
        raise ValueError(msg)
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": "BCAR Access Atlas", "comments": provenance.link})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(DATA_SHEET)
        for column, name in enumerate(table.columns):
            values = table[name].tolist()
            sheet.write_string(0, column, str(name), bold)
            for row, value in enumerate(values, start=1):
                _write(sheet, row, column, value)
            sheet.set_column(column, column, _width(str(name), values))
        sheet.freeze_panes(1, 0)
        if len(table.columns):
            sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
        about = book.add_worksheet(ABOUT_SHEET)
        about.set_column(0, 0, 16)
        about.set_column(1, 1, 100)
        for row, (name, words) in enumerate(_about(provenance, len(table))):
            about.write_string(row, 0, name, bold)
            about.write_string(row, 1, words, wrap)
    return content.getvalue()


def _about(provenance: Provenance, rows: int) -> list[tuple[str, str]]:
    return [
        ("Made by", "BCAR Access Atlas"),
        ("Source", provenance.source),
        ("Vintage", provenance.vintage),
        ("Tables", provenance.dataset),
        ("Settings", provenance.view or "a table as committed"),
        ("Link", provenance.link),
        ("Rows", f"{rows:,}"),
    ]


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object) -> None:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        if math.isfinite(value):
            sheet.write_number(row, column, value)
        elif not math.isnan(value):
            sheet.write_string(row, column, "unreachable")
    elif value is not None and value is not pd.NA and value is not pd.NaT:
        sheet.write_string(row, column, str(value)[:MAX_CHARS])


def _width(name: str, values: list[object]) -> float:
    longest = max((len(str(value)) for value in values[:SAMPLE]), default=0)
    return min(max(longest, len(name) * 0.6, 8) + 2, WIDEST)
