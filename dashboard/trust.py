"""Blocks of the Trust pages: studies, methods, tables, a reader's own facilities."""

import streamlit as st

from dashboard import errors, services, takeout, text, widgets
from dashboard.widgets import Columns


def studies() -> None:
    """List the published figures with what this code finds, missed or met."""
    frame = services.trust.studies()
    st.markdown(text.study_sentence(frame["verdict"].tolist()))
    number = st.column_config.NumberColumn
    columns: Columns = {
        "study": "Study",
        "metric": "Figure",
        "published": number("Published", format="percent"),
        "computed": number("Recomputed", format="percent"),
        "error_points": number("Error, points", format="%+.1f"),
        "tolerance_points": number("Tolerance, points", format="%.0f"),
        "verdict": "Verdict",
        "centres": number("Centres used", format="%d"),
        "facilities": "Centres of the study",
        "recipe": "How it was recomputed, or why not",
        "evidence": "How well the figure is known",
        "citation": "Source",
        "url": "DOI or id",
    }
    st.dataframe(
        frame,
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="Published figures, recomputed figures, signed errors and verdicts",
    )
    st.caption(
        "Error: recomputed minus published, in points of per cent. Each study's own facility "
        "class and threshold, as near as the tables allow; travel is calibrated on real trips, "
        "never on a study."
    )


def methods_text() -> None:
    """Render the methods document, one section at a time."""
    for section in services.trust.methods_sections():
        with st.expander(section.title, expanded=False):
            st.markdown(section.body)


def references() -> None:
    """List the literature."""
    columns: Columns = {
        "method": "Method",
        "authors": "Authors",
        "year": st.column_config.NumberColumn("Year", format="%d"),
        "title": "Title",
        "journal": "Journal",
        "doi": "DOI",
        "evidence": "Checked",
    }
    st.dataframe(
        services.trust.references(),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="Literature on the methods",
    )


def tables() -> None:
    """Describe every committed table, with its download."""
    for card in services.trust.table_cards():
        with st.expander(f"{card.title} · {card.rows:,} rows", icon=":material/table:"):
            st.markdown("  \n".join(card.lines))
            if card.quality:
                st.markdown("\n".join(f"- {line}" for line in card.quality))
            takeout.download("Download as CSV", card.name, services.trust.committed(card.name))
            if layer := services.trust.committed_layer(card.name):
                takeout.download("GeoJSON", f"{card.name}-layer", layer)
            st.dataframe(card.fields, hide_index=True, alt=f"Columns of {card.title}")


def own_facilities() -> None:
    """Take a reader's own facilities, say what is wrong with them, or use them."""
    st.markdown(
        "Upload a CSV with columns `lat` and `lon`, and if you like `name`, `id` and "
        "`ages_treated` (`adult`, `pediatric` or `adult+pediatric`). Your facilities then replace "
        "the built-in centres on every page, in this browser tab only. The file is read in memory "
        "and not kept."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        file = st.file_uploader("Your facilities", type="csv", key="facilities_file")
        takeout.download("Template", "facilities-template", services.trust.facilities_template)
    if file is None:
        return
    with errors.reported("Correct the file and upload it again; nothing has changed."):
        frame = services.trust.read_facilities(file.getvalue())
        st.success(f"{len(frame):,} facilities can be used.", icon=":material/check:")
        st.button(
            "Use them on every page",
            key="use_facilities",
            type="primary",
            on_click=widgets.use_facilities,
            args=(frame,),
        )
