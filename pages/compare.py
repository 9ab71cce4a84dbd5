"""Compare: any two situations, such as today and a plan, or two saved scenarios."""

from dashboard import comparison_panels

comparison_panels.page()
