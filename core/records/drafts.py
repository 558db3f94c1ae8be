"""Records that are drafts at first."""

from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.orm import Mapped, mapped_column, validates
from sqlalchemy.orm.attributes import flag_modified, set_committed_value

#: the status of what is still being written
DRAFT = "draft"


def _unless_draft(context: Any) -> bool:
    """Whether a row that says nothing of `published` is: every one but a draft."""
    return bool(context.get_current_parameters()["status"] != DRAFT)


class Drafted:
    """Mixin, before `Owned`, of a record with a column `status`: while that is "draft", it is never published,
    whichever way it was written. Others are, unless the writer says otherwise. Give the table the constraint
    `CheckConstraint("status <> 'draft' OR NOT published", name="draft_unpublished")` too."""

    status: Any
    published: Mapped[bool] = mapped_column(Boolean, default=_unless_draft)

    @validates("status")
    def publish_with_status(self, key: str, status: str) -> str:
        """Keep `published` in step with a new status, and give that. A class that has more to say of a new status
        says it in a validator of this name, and calls this one."""
        if status == DRAFT:
            self.published = False
        elif self.published is None or self.status == DRAFT:
            # Past the validator below, which would still see the old status.
            set_committed_value(self, "published", True)
            flag_modified(self, "published")
        return status

    @validates("published")
    def _never_a_draft(self, _: str, published: bool) -> bool:
        return published and self.status != DRAFT
