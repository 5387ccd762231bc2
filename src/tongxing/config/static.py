"""How the pages' files are served: named after their content, compressed, kept by browsers for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PageFiles(CompressedManifestStaticFilesStorage):
    """Scripts name the scripts they use by these names too."""

    support_js_module_import_aggregation = True
