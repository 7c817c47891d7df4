"""Lines of exchanges and replacements that stand already say in whose stead they are."""

from django.db import migrations

_FOLLOW = """
UPDATE orders_orderline l SET follows_id = i.line_id
FROM returns_returnitem i
WHERE i.new_order_id = l.order_id AND l.external_id = i.id::text AND l.follows_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0023_lines_that_follow"),
        ("returns", "0011_advances_in_the_books"),
    ]

    operations = [migrations.RunSQL(_FOLLOW, migrations.RunSQL.noop)]
