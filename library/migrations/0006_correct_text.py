from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0005_collection_tree"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="recordfile",
            options={
                "ordering": ["record", "order", "pk"],
                "permissions": [("correct_text", "May correct the text of scans and transcripts")],
                "verbose_name": "file of a record",
                "verbose_name_plural": "files of records",
            },
        ),
    ]
