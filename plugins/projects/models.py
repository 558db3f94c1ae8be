"""Tables of projects, their tasks and milestones. What is said of a project, and its files, are the core's to keep."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.api import Assigned, Drafted, Id, Model, Owned, PartOf

#: how far a project is
DRAFT, PLANNED, ACTIVE, ON_HOLD, DONE, CANCELLED = "draft", "planned", "active", "on_hold", "done", "cancelled"


class Project(Drafted, Owned, Assigned, Model):
    """Work for a client that has a beginning and an end. A draft is the staff's alone."""

    __tablename__ = "projects_project"

    number: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    #: "draft", "planned", "active", "on_hold", "done" or "cancelled"
    status: Mapped[str] = mapped_column(String(20), default=DRAFT)
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    #: in per cent, as the CRM or the staff say it; where nobody does, what its tasks come to
    stated_progress: Mapped[int | None] = mapped_column(Integer)

    __table_args__ = (
        CheckConstraint("status <> 'draft' OR NOT published", name="draft_unpublished"),
        # With what a client may see in it, so that counting theirs, and finding what runs, reads no row.
        Index("ix_projects_project_listed", "tenant_id", "owner", "published", "starts_on", "id", "status"),
        Index(None, "tenant_id", "contact_id", "starts_on", "id"),
        Index(None, "tenant_id", "site_id", "starts_on", "id"),
        Index(None, "tenant_id", "assignee_id", "status"),
    )


class Task(PartOf(Project), Model):  # type: ignore[misc]
    """One thing to do in a project; of those that are not `published`, clients know nothing."""

    __tablename__ = "projects_task"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(60), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    #: in per cent
    progress: Mapped[int] = mapped_column(Integer, default=0)
    planned_hours: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    position: Mapped[int] = mapped_column(Integer, default=0)
    #: the task that it is a step of
    within_id: Mapped[int | None] = mapped_column(ForeignKey("projects_task.id", ondelete="SET NULL"), index=True)
    published: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (Index("ix_projects_task_ordered", "parent_id", "position", "id"),)
    __mapper_args__ = {"version_id_col": version}


class Milestone(PartOf(Project), Model):  # type: ignore[misc]
    """Something that a project reaches on a day; of those that are not `published`, clients know nothing."""

    __tablename__ = "projects_milestone"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date | None] = mapped_column(Date)
    reached_on: Mapped[date | None] = mapped_column(Date)
    published: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (Index("ix_projects_milestone_due", "parent_id", "due_on", "id"),)
    __mapper_args__ = {"version_id_col": version}
