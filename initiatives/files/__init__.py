"""What people join to a sheet: received, made safe, stored whole or not at all, forgotten when nothing shows it.

- `images` decodes a photograph and draws it anew; `documents` reads a PDF in a process of its own and writes it anew.
- `keeping` receives a file for a sheet, reads the text of one, and forgets those that nothing shows.
- `storage` and `bucket` are where files lie: a folder, or an S3 bucket.
"""

from initiatives.files.refusal import NotKept

__all__ = ["NotKept"]
