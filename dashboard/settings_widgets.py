"""Widgets for a page's own settings, bound to the URL.

The address is the one place where settings live: each widget shows what is there and writes into
it, so that hidden widgets keep their settings and a link reopens all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import streamlit as st

from dashboard import address, seeded, services, url_fields, url_settings

LONG: Final = 6
"""More choices than this stand in a list, not side by side."""


@dataclass(frozen=True, slots=True, eq=False)
class AddressWidgets:
    """The settings of one module, on one page.

    Parameters
    ----------
    name : str
        Beginning of the widgets' keys.
    module : SettingsModule
        Whose settings.
    labels : mapping of str to mapping of str to str
        Every closed choice by key of the URL: identifier to label.
    """

    name: str
    module: url_settings.SettingsModule
    labels: Mapping[str, Mapping[str, str]]

    @property
    def left(self) -> str:
        """Key under which a session keeps what was left when the reader went to another page."""
        return f"_{self.name}_left"

    def arrive(self, marker: str) -> bool:
        """Reopen what was left when the page was just opened, and tell whether it was.

        `marker` is a setting whose widget is always drawn.
        """
        arrived = seeded.key(self.key_of(marker)) not in st.session_state
        if arrived:
            self.reopen()
        return arrived

    def reopen(self) -> None:
        """Reopen what was left, unless the address has settings of its own."""
        if not address.read(self.module.NAMES):
            address.write(st.session_state.get(self.left, {}))

    def current(self) -> Any:  # noqa: ANN401 - the module's own dataclass
        """Read the settings of the address."""
        raw = address.read(self.module.NAMES)
        settings, _ = url_settings.parse_one(self.module, raw, known=services.engine.known())
        return settings

    def write(self, settings: Any) -> None:  # noqa: ANN401
        """Put settings into the address."""
        query: url_fields.Written = settings.query()
        address.write(query, self.module.NAMES)
        st.session_state[self.left] = query

    def keep(self, settings: Any) -> None:  # noqa: ANN401
        """Remember settings for when the reader comes back from another page."""
        st.session_state[self.left] = settings.query()

    def change(self, **changes: object) -> None:
        """Change some settings of the address; a callback."""
        self.write(replace(self.current(), **changes))

    def reset(self, *names: str) -> None:
        """Return some settings to their defaults; a callback."""
        self.change(**{name: getattr(self.module.DEFAULT, name) for name in names})

    def key_of(self, name: str) -> str:
        """Name the widget of a setting, as `seeded` takes it."""
        return f"{self.name}_{self.module.KEYS[name]}"

    def bound(
        self, name: str, value: object, read: Callable[[Any], Any] | None = None
    ) -> dict[str, Any]:
        """Let a widget show what the address says, and write there what it is set to."""

        def changed(shown: object) -> None:
            self.change(**{name: read(shown) if read else shown})

        return seeded.bound(self.key_of(name), value, changed)

    def choice(
        self,
        text: str,
        name: str,
        settings: Any,  # noqa: ANN401
        *,
        labels: Mapping[str, str] | None = None,
        hint: str | None = None,
        width: int | None = None,
    ) -> None:
        """Draw a closed choice: side by side where there are few, else as a list."""
        labels = labels or self.labels[self.module.KEYS[name]]
        if len(labels) > LONG or width is not None:
            st.selectbox(
                text,
                list(labels),
                format_func=labels.__getitem__,
                **self.bound(name, getattr(settings, name)),
                help=hint,
                width=width or "stretch",
            )
            return
        st.segmented_control(
            text,
            list(labels),
            required=True,
            format_func=labels.__getitem__,
            **self.bound(name, getattr(settings, name)),
            help=hint,
        )

    def slider(
        self,
        text: str,
        name: str,
        settings: Any,  # noqa: ANN401
        span: tuple[float, float, float],
        *,
        hint: str | None = None,
        width: int | None = None,
    ) -> None:
        """Draw a number from the first to the second of `span`, in steps of the third."""
        least, most, step = span
        st.slider(
            text,
            least,
            most,
            step=step,
            format="%g",
            **self.bound(name, float(getattr(settings, name))),
            help=hint,
            width=width or "stretch",
        )
