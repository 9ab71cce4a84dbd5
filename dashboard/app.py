"""Entrypoint of the Atlas: ``streamlit run dashboard/app.py``.

Streamlit meets this file twice. It imports it once, finds the ASGI application `app` and serves
it with our compression, warm-up and error page; and it runs it as a script, under the name
``__main__``, each time a reader does something (docs/adr/0002).
"""

import sys
from pathlib import Path

# `streamlit run` puts only dashboard/ on the path.
if (root := str(Path(__file__).resolve().parent.parent)) not in sys.path:
    sys.path.insert(0, root)

import streamlit as st

if __name__ == "__main__":
    from dashboard import errors, navigation, scenario_shell, style, widgets
else:  # the server answers before pandas and the pages are imported; see dashboard/server.py
    from dashboard import server

STATIC = Path(__file__).parent / "static"


def main() -> None:
    """Draw navigation and settings, then the page the reader is on."""
    st.set_page_config(
        page_title="BCAR Access Atlas",
        page_icon=str(STATIC / "icon.svg"),
        layout="wide",
    )
    st.logo(STATIC / "wordmark.svg", size="large", icon_image=STATIC / "wordmark.svg")
    st.html(style.STYLE)
    sections = {
        section: [
            st.Page(
                entry.path,
                title=entry.title,
                icon=entry.icon,
                url_path=entry.url_path,
                help=entry.help,
                default=entry is navigation.PAGES[0],
            )
            for entry in entries
        ]
        for section, entries in navigation.sections().items()
    }
    page = st.navigation(sections, expanded=True)
    with errors.reported():
        scenario_shell.adopt()
        widgets.adopt_url()
        selection = widgets.sidebar()
        if page.url_path not in navigation.WITHOUT_VIEW:
            scenario_shell.save_control(selection, page.url_path or navigation.PAGES[0].url_path)
        widgets.url_problems(selection)
        scenario_shell.banner()
        widgets.facilities_banner()
        page.run()


if __name__ == "__main__":
    main()
else:
    app = st.App(__file__, **server.options())
