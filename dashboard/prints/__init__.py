"""Pictures for paper and slides, drawn by matplotlib without a browser (docs/adr/0018).

`caption` says what stands around a picture, `sheet` lays it out and writes the file, `chart` draws
a plotly figure and `atlas_map` a map into it.
"""
