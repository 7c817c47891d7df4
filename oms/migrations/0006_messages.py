import django.db.models.functions.datetime
from django.db import migrations, models


def leave_it_to_marketplaces(apps, schema_editor):
    """A marketplace tells its buyers of parcels itself, and forbids others to."""
    apps.get_model("oms", "Channel").objects.filter(connector="AMAZON").update(parcel_mail=False)


class Migration(migrations.Migration):

    dependencies = [
        ('oms', '0005_webhooks'),
    ]

    operations = [
        migrations.AddField(
            model_name='channel',
            name='parcel_mail',
            field=models.BooleanField(db_default=True, default=True, help_text='Customers get our mails about parcels, cancellations and refunds; off where the shop or the marketplace tells them itself.'),
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=100, unique=True)),
                ('kind', models.CharField(help_text='What it is for: confirmation, shipped, …', max_length=30)),
                ('about_kind', models.CharField(max_length=30)),
                ('about', models.CharField(help_text="An order's number, for instance.", max_length=100)),
                ('to', models.CharField(blank=True, db_default='', max_length=254)),
                ('language', models.CharField(blank=True, db_default='', max_length=20)),
                ('subject', models.CharField(blank=True, db_default='', max_length=255)),
                ('text', models.TextField(blank=True, db_default='')),
                ('html', models.TextField(blank=True, db_default='')),
                ('secret', models.BooleanField(db_default=False, default=False, help_text='Its words open something: they are forgotten once it is sent.')),
                ('state', models.CharField(choices=[('WAITING', 'waiting'), ('SENT', 'sent'), ('KEPT', 'kept here'), ('SUPPRESSED', 'not to be sent'), ('FAILED', 'failed'), ('BOUNCED', 'came back')], db_default='WAITING', max_length=10)),
                ('why', models.CharField(blank=True, choices=[('no_server', 'No mail server is set, so it is kept here.'), ('demo', 'The demo writes mails and sends none.'), ('test', 'It is a test order.'), ('no_address', 'The order has no e-mail address.'), ('history', 'It happened before the order came here.'), ('shop_tells', 'The shop where it was bought tells its customers itself.'), ('told', 'Another mail had just said so.'), ('refused', 'The mail server refused it for good.'), ('given_up', 'The mail server was tried too often in vain.'), ('bounced', 'The address does not take mail.')], db_default='', default='', max_length=20)),
                ('attempts', models.PositiveIntegerField(db_default=0, default=0)),
                ('lease', models.PositiveIntegerField(db_default=0, default=0)),
                ('run_after', models.DateTimeField()),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.TextField(blank=True, db_default='', default='')),
                ('made_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('forgotten_at', models.DateTimeField(blank=True, help_text='Since when its words are not kept any more.', null=True)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'ordering': ['-id'],
                'permissions': [('send_message', 'Can send mails again')],
                'indexes': [models.Index(condition=models.Q(('state', 'WAITING')), fields=['run_after', 'id'], name='message_due'), models.Index(fields=['about_kind', 'about', '-id'], name='message_about'), models.Index(fields=['to', '-id'], name='message_to'), models.Index(fields=['state', '-id'], name='message_by_state'), models.Index(fields=['kind', '-id'], name='message_by_kind'), models.Index(fields=['-made_at'], name='message_newest'), models.Index(condition=models.Q(('forgotten_at', None), models.Q(('text', ''), _negated=True)), fields=['made_at'], name='message_with_words')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state__in', ['SENT', 'BOUNCED'])), models.Q(models.Q(('state__in', ['SENT', 'BOUNCED']), _negated=True), ('sent_at', None)), _connector='OR'), name='message_sent_has_its_moment'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['WAITING', 'SENT']), ('why', '')), models.Q(models.Q(('state__in', ['WAITING', 'SENT']), _negated=True), models.Q(('why', ''), _negated=True)), _connector='OR'), name='message_not_sent_has_its_reason')],
            },
        ),
        migrations.RunPython(leave_it_to_marketplaces, migrations.RunPython.noop),
    ]
