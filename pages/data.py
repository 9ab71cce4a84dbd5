"""Data: where every number comes from, and a reader's own facilities."""

import streamlit as st

from dashboard import trust

st.markdown("## Data")
st.markdown("### Your own facilities")
trust.own_facilities()
st.markdown("### Tables")
trust.tables()
