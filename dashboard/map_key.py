"""What explains a map: one key, written as HTML for the page and drawn in pictures (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from dashboard import palette
from dashboard.map_layers import Shape, SiteStyle, band_labels


@dataclass(frozen=True, slots=True)
class MapKey:
    """Colours and symbols of a map.

    Parameters
    ----------
    title : str
        What is shaded, with its unit: ``"Minutes by road to the nearest centre"``.
    edges, colours : sequences
        As given to `map_layers.area_layer`.
    sites : sequence of SiteStyle, optional
        The classes on the map, most important first.
    shaded : bool, optional
        False when no areas are shaded: only symbols are explained.
    labels : sequence of str, optional
        Names of the bands; made from the edges when left out.
    unreachable, no_data : str, optional
        What the two hatchings mean; "" for one that cannot occur.
    """

    title: str
    edges: Sequence[float] = palette.MINUTE_EDGES
    colours: Sequence[str] = palette.BAND_COLOURS
    sites: Sequence[SiteStyle] = ()
    shaded: bool = True
    labels: Sequence[str] = ()
    unreachable: str = "No road to any centre"
    no_data: str = "No data"

    @property
    def bands(self) -> tuple[tuple[str, str], ...]:
        """Colour and name of each band; none when nothing is shaded."""
        if not self.shaded:
            return ()
        return tuple(zip(self.colours, self.labels or band_labels(self.edges), strict=True))

    @property
    def hatchings(self) -> tuple[tuple[str, str, str], ...]:
        """Ground, ink and name of each hatching that can occur."""
        if not self.shaded:
            return ()
        both = (
            (palette.UNREACHABLE, palette.UNREACHABLE_INK, self.unreachable),
            (palette.NO_DATA, palette.NO_DATA_INK, self.no_data),
        )
        return tuple(hatching for hatching in both if hatching[2])

    @property
    def html(self) -> str:
        """Self-contained HTML that wraps on narrow screens, for `st.html`."""
        item = "display:inline-flex;align-items:center;gap:.4rem;white-space:nowrap"
        rows = []
        if self.shaded:
            cells = "".join(
                f'<span style="flex:1 1 3.4rem;min-width:3.4rem;text-align:center">'
                f'<span style="display:block;height:.75rem;background:{escape(colour)};'
                f'box-shadow:inset 0 0 0 .5px {palette.MUTED}55"></span>{escape(label)}</span>'
                for colour, label in self.bands
            )
            rows.append(
                f'<div style="font-weight:600">{escape(self.title)}</div>'
                f'<div style="display:flex;flex-wrap:wrap;max-width:44rem;margin:.2rem 0 .4rem">'
                f"{cells}</div>"
            )
        keys = [
            f'<span style="{item}">{_symbol(style)}{escape(style.label)}</span>'
            for style in self.sites
        ]
        keys += [
            f'<span style="{item}"><span style="width:1.3rem;height:.75rem;background:'
            f"repeating-linear-gradient(135deg,{fill} 0 3px,{ink} 3px 4.2px);"
            f'box-shadow:inset 0 0 0 .5px {palette.MUTED}55"></span>{escape(label)}</span>'
            for fill, ink, label in self.hatchings
        ]
        rows.append(
            f'<div style="display:flex;flex-wrap:wrap;gap:.2rem 1.1rem">{"".join(keys)}</div>'
        )
        return (
            f'<div role="group" aria-label="Map legend" style="font-size:.8rem;line-height:1.35;'
            f'color:inherit">{"".join(rows)}</div>'
        )


_CSS_SHAPES: Final[dict[Shape, str]] = {
    "circle": "border-radius:50%",
    "square": "border-radius:0",
    "diamond": "clip-path:polygon(50% 0,100% 50%,50% 100%,0 50%)",
    "triangle": "clip-path:polygon(50% 0,100% 100%,0 100%);transform-origin:50% 67%",
}


def _symbol(style: SiteStyle) -> str:
    """Draw a site symbol with plain CSS, since sanitisers may drop SVG."""
    shape = f"display:block;width:100%;height:100%;{_CSS_SHAPES[style.shape]}"
    size = 2 * style.radius * (1.0 if style.shape in ("circle", "square") else 1.25)
    inner = f'<span style="{shape};background:{style.fill};transform:scale({1 - 2.6 / size:.2f})">'
    # The white glow does nothing on a white page and keeps dark symbols visible on a dark one.
    return (
        f'<span style="display:inline-block;flex:none;width:{size:g}px;height:{size:g}px;'
        f'filter:drop-shadow(0 0 1px #fff)">'
        f'<span style="{shape};background:{style.ring or style.fill}">{inner}</span></span></span>'
    )
