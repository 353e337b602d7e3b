"""How Sphinx builds the documentation."""

from importlib.metadata import version as installed_version

project = "goalkit"
author = "The goalkit developers"
copyright = "2026, The goalkit developers"
version = release = installed_version("goalkit-okr")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"goalkit {release}"

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

nitpicky = True
# Names that appear in signatures but have no page of their own, each with its reason.
# Two modules have a Kind of their own; a tuple that names its own without the module is linked to either.
suppress_warnings = ["ref.python"]

nitpick_ignore: list[tuple[str, str]] = [
    ("py:class", "Payouts"),  # what each score pays, as a mapping or as pairs
    ("py:class", "goalkit.analysis.grading._Judged"),  # what is known of a goal before it is put in words
    ("py:class", "date"),  # a field of a tuple
    ("py:class", "Decimal"),  # the same
    ("py:class", "goalkit.calendars.divisions.Division"),  # a kind, a year and a part, as a tuple
    ("py:class", "Targets"),  # days and values, in a mapping or in pairs
    ("py:class", "Step"),  # a line of the pass over a plan, as a tuple
    ("py:class", "goalkit.model.facts._Chunk"),  # how a log keeps its facts is nobody else's business
    ("py:class", "files.FilePath"),  # text or anything that has a path
    ("py:class", "goalkit.model.slots.Answer"),  # a day and a check-in, as a tuple
    ("py:class", "goalkit.model.slots.Expected"),  # some days, as a tuple
    ("py:class", "goalkit.model.inheriting.T"),  # a type variable
    ("py:class", "goalkit.model.facts._F"),  # a type variable
    ("py:class", "sqlite3.Connection"),  # of the standard library, which the inventory here does not list
    ("py:class", "hypothesis.strategies.SearchStrategy"),  # of a package that only the tests of stores need
    ("py:class", "goalkit.values._K"),  # a type variable
    ("py:class", "goalkit.values._V"),  # a type variable
]

# The inventory of the Python documentation is kept here, with the few names that we refer to, so
# that the build needs no network. It is the plain-text form of an inventory: add a line for a name.
intersphinx_mapping = {"python": ("https://docs.python.org/3", "python.inv")}

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True

napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
