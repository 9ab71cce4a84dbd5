"""Rules of the page that themes cannot express: narrow windows and touch."""

from typing import Final

STYLE: Final = """
<style>
/* A row of choices too long for its window goes on in a second row, each choice a box. */
[data-testid="stButtonGroup"] [role="radiogroup"] {
  flex-wrap: wrap; row-gap: 4px; max-width: 100%; overflow: visible;
}
[data-testid="stButtonGroup"] [data-variant="segmented_control"] {
  box-shadow: 1px 0 0 0 #d5dae080, -1px 0 0 0 #d5dae080;  /* the ends of rows, light and dark */
}
/* Tables scroll sideways before they break words. */
[data-testid="stTable"] { overflow-x: auto; }
[data-testid="stTable"] :is(th, td) { overflow-wrap: normal; word-break: normal; }
@media (max-width: 640px) {
  [data-testid="stTable"] table { min-width: 36rem; }
}
/* White is too faint on the bright red of the dark theme: the red of the light theme in both. */
[data-testid="stBaseButton-primary"]:enabled { background: #d1431f; border-color: #d1431f; }
[data-testid="stBaseButton-primary"]:enabled:hover { background: #b23819; border-color: #b23819; }
/* Without a pointer that hovers, tool bars would stay on top of what is below them. */
@media (hover: none) {
  .modebar-container { display: none; }
  [data-testid="stElementContainer"]:has([data-testid="stDataFrame"]) { margin-top: 1.4rem; }
}
</style>
"""
