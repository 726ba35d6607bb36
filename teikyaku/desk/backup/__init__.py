"""バックアップ: everything of an installation in one sealed file, and back into an empty place.

A backup is an age file (sealed for public keys, opened by the key that lies elsewhere) around a tar
of three things: the database as one moment saw it, the attachments, and a manifest with a checksum
of every table and every file. `manage.py backup` writes it, `manage.py restore` proves it.
"""
