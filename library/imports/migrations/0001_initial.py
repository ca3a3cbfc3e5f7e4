import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('library', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Original',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(db_index=True, max_length=300, verbose_name='name where it comes from')),
                ('format', models.CharField(max_length=10, verbose_name='format')),
                ('data', models.BinaryField(verbose_name='record as it came')),
                ('said', models.JSONField(default=dict)),
                ('record', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='original', to='library.record')),
            ],
            options={
                'verbose_name': 'original of a record',
                'verbose_name_plural': 'originals of records',
            },
        ),
    ]
