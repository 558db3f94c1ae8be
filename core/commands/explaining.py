"""The command that says why somebody sees something, or does not."""

import click

from core.commands.opening import of_tenant, work
from core.commands.people import contact_of
from core.records.explain import explain as explain_record


@click.command("explain")
@click.argument("email")
@click.argument("resource", metavar="MODULE.RESOURCE")
@click.argument("record_id", metavar="ID", type=click.IntRange(min=1))
@click.argument("field", required=False, default="")
@of_tenant
def explain(email: str, resource: str, record_id: int, field: str, slug: str) -> None:
    """Say why a contact sees a record, or a field of it, or does not: each rule and its outcome."""
    module_name, _, resource_name = resource.partition(".")
    with work(slug) as at:
        person = contact_of(at, email)
        said = explain_record(at.session, at.registry, person, module_name, resource_name, record_id, field)
    for holds, rule in said.rules:
        click.echo(f"{'yes' if holds else 'no':4}{rule}")
    click.echo("They see it." if said.seen else "They do not see it.")
