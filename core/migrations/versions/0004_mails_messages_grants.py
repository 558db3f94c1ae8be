"""mails, messages, grants"""

import sqlalchemy as sa
from alembic import op

revision = "0004_mails_messages_grants"
down_revision = "0003_portal_fields"


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.String(length=250), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("target_kind", sa.String(length=80), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_audit_entry_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_tenant_id_id"), ["tenant_id", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_audit_entry_tenant_id_target_kind_target_id_id"),
            ["tenant_id", "target_kind", "target_id", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_audit_entry_tenant_id_what_id"), ["tenant_id", "what", "id"], unique=False)

    op.create_table(
        "canned_reply",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_canned_reply_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_reply")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("canned_reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_canned_reply_tenant_id_title"), ["tenant_id", "title"], unique=False)

    op.create_table(
        "given_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_kind", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("location", sa.String(length=300), nullable=False),
        sa.Column("etag", sa.String(length=100), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_given_answer_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_answer")),
        sa.UniqueConstraint(
            "tenant_id",
            "person_kind",
            "person_id",
            "key_hash",
            name=op.f("uq_given_answer_tenant_id_person_kind_person_id_key_hash"),
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("given_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_given_answer_created_at"), ["created_at"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_tenant", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(), nullable=True),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["owner_tenant"], ["tenant.id"], name=op.f("fk_job_owner_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_due_at_id"), ["due_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_kind_subject_id"), ["kind", "subject_id"], unique=False)

    op.create_table(
        "mail_text",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_mail_text_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_text")),
        sa.UniqueConstraint("tenant_id", "kind", "language", name=op.f("uq_mail_text_tenant_id_kind_language")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "periodic_slot",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_tenant", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("slot", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_tenant"], ["tenant.id"], name=op.f("fk_periodic_slot_owner_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periodic_slot")),
        sa.UniqueConstraint("name", "slot", name=op.f("uq_periodic_slot_name_slot")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_mail_contact_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_mail_record_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_mail_staff_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_mail_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_staff_id"), ["staff_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_tenant_id_id"), ["tenant_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_tenant_id_state_id"), ["tenant_id", "state", "id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author_name", sa.String(length=250), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_message_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["record.id"], name=op.f("fk_message_parent_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_message_staff_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_message_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_staff_id"), ["staff_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_message_tenant_id_parent_id_id"), ["tenant_id", "parent_id", "id"], unique=False
        )

    op.create_table(
        "record_grant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("because", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_record_grant_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_record_grant_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["record.id"], name=op.f("fk_record_grant_parent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_record_grant_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_grant")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("record_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_grant_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_record_grant_tenant_id_account_id"), ["tenant_id", "account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_record_grant_tenant_id_contact_id"), ["tenant_id", "contact_id"], unique=False
        )
        batch_op.create_index("uq_record_grant_parent_id_account_id", ["parent_id", "account_id"], unique=True)
        batch_op.create_index("uq_record_grant_parent_id_contact_id", ["parent_id", "contact_id"], unique=True)

    with op.batch_alter_table("activation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("purpose", sa.String(length=10), server_default="activation", nullable=False))

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("password_until", sa.DateTime(), nullable=True))

    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("published", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("message_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("author_name", sa.String(length=250), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_file_message_id"), ["message_id"], unique=False)

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("role", sa.String(length=20), server_default="administrator", nullable=False))

    with op.batch_alter_table("tenant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_entry", sa.String(length=10), server_default="link", nullable=False))
