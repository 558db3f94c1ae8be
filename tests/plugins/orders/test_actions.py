"""Several who make an order of one quote at the same moment."""

from plugins.quotes.models import ACCEPTED
from tests.offers.acting import at_once
from tests.petitions.reading import shown
from tests.plugins.orders.conftest import OFFICE
from tests.plugins.quotes.conftest import add as add_quote
from tests.worlds.world import World


def test_of_several_who_make_an_order_of_one_quote_at_once_one_does(orders: World) -> None:
    quote_id, several = add_quote(orders, status=ACCEPTED), [orders.staff() for _ in range(3)]
    form = f"{OFFICE}order/do/follow?about={quote_id}"
    begun = shown(several[0].get(form).text)
    assert at_once(("follow", who, form, begun) for who in several) == {("follow", 303): 1, ("follow", 409): 2}
