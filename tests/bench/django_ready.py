"""Import this before any model: the programs of the bench that speak the product's own language start here."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
