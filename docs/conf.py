"""How the site is built: `make docs`. Nothing is fetched, neither while building nor while reading."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import stancegraph  # noqa: E402

project = "stancegraph"
author = "the authors of stancegraph"
release = stancegraph.__version__
html_title = "stancegraph"
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton", "_from_code"]

# --- the page around the text ----------------------------------------------------------------------------------------

html_theme = "furo"
pygments_dark_style = "a11y-high-contrast-dark"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [("from-disk.js", {"priority": 300})]
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False
html_theme_options = {"top_of_page_buttons": []}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

# --- what counts as broken -------------------------------------------------------------------------------------------

nitpicky = True
# Names of other projects are shown, not linked: their inventories would have to be fetched. Nor are private ones, and the
# types that stand for any, as that of the rows of an answer.
nitpick_ignore_regex = [("py:.*", r"(?!stancegraph\b).*|(.*\.)?_.*|.*\.(Row|Made|Thing)")]
myst_heading_anchors = 3

# --- docstrings ------------------------------------------------------------------------------------------------------

smartquotes_action = "D"  # dashes, no quotes
default_role = "code-or-name"
add_module_names = False
toc_object_entries_show_parents = "hide"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_default_options = {"exclude-members": "model_config"}
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
napoleon_numpy_docstring = False
napoleon_use_rtype = False
