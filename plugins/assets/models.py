"""The tables of assets, which form trees, and of the work that was done on each."""

from datetime import date

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.api import Id, Model, Owned, PartOf

PLACE, EQUIPMENT, LICENCE, OTHER = "place", "equipment", "licence", "other"
IN_SERVICE, OUT_OF_ORDER, IN_REPAIR, RETIRED = "in_service", "out_of_order", "in_repair", "retired"

_MINE = ("tenant_id", "owner", "published")


class Asset(Owned, Model):
    """Something of a client's that the firm looks after. It may be part of another, of the same account."""

    __tablename__ = "assets_asset"

    number: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200), default="")
    #: "place" (a floor, a plant room), "equipment", "licence" or "other"
    kind: Mapped[str] = mapped_column(String(20), default=EQUIPMENT)
    #: "in_service", "out_of_order", "in_repair" or "retired"
    state: Mapped[str] = mapped_column(String(20), default=IN_SERVICE)
    #: what sort of it, in the firm's own words: "Extinguishers"
    category: Mapped[str] = mapped_column(String(80), default="")
    maker: Mapped[str] = mapped_column(String(120), default="")
    model: Mapped[str] = mapped_column(String(120), default="")
    serial_number: Mapped[str] = mapped_column(String(120), default="")
    installed_on: Mapped[date | None] = mapped_column(Date)
    warranty_until: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    #: the asset that it is a part of
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("assets_asset.id"), index=True)

    __table_args__ = (
        # In the order of lists, and with all that they are filtered and sorted by: of tens of thousands of one
        # account, only those that are shown are read.
        Index(
            "ix_assets_asset_listed", *_MINE, "number", "id", "kind", "state", "installed_on", "warranty_until",
        ),
        # What is out of order, and whose warranty ends soon, without reading all that are in service.
        Index(None, *_MINE, "state", "number", "id"),
        Index(None, *_MINE, "warranty_until", "id"),
        Index(None, *_MINE, "installed_on", "id"),
        Index(None, "tenant_id", "contact_id", "number", "id"),
        Index(None, "tenant_id", "site_id", "number", "id"),
    )  # fmt: skip


class Work(PartOf(Asset), Model):  # type: ignore[misc]
    """Something that was done to an asset; the staff's alone while it is not published."""

    __tablename__ = "assets_work"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    done_on: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text, default="")
    by_whom: Mapped[str] = mapped_column(String(120), default="")
    published: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
