"""The picture of a label, apart from the label: lists of labels never read it."""

from django.db import models

from orders.models.label import Label


class LabelDocument(models.Model):
    """What the carrier gave us to print."""

    label = models.OneToOneField(Label, on_delete=models.CASCADE, primary_key=True, related_name="document")
    media_type = models.CharField(max_length=60, default="application/pdf")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"Label {self.label_id}"
