"""The control with which files are sent, in forms of records and of conversations."""

from typing import Any

from flask_wtf.file import MultipleFileField

from core.files.checks import TYPES
from core.files.uploads import LARGEST, LARGEST_TOGETHER, MOST, Upload, UploadRefused, take_uploads
from core.i18n import gettext, lazy_gettext

_MEGA = 1024 * 1024


class FilesField(MultipleFileField):
    """Several files. `take` looks at what was sent, once the form was validated."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(
            label or lazy_gettext("Files"),
            id="send-files",
            render_kw={"accept": ",".join(TYPES), "data-most": LARGEST_TOGETHER},
            **kwargs,
        )
        self.description = gettext(
            "Pictures, PDF, office documents and plain text; up to %(most)s files of %(largest)s MB, "
            "%(together)s MB together.",
            most=MOST,
            largest=LARGEST // _MEGA,
            together=LARGEST_TOGETHER // _MEGA,
        )

    def take(self) -> list[Upload] | None:
        """The files that were sent; None where one of them is refused, and `errors` says why."""
        try:
            return take_uploads((each.filename, each.stream) for each in self.data or ())
        except UploadRefused as reason:
            self.errors = [str(reason)]
            return None
