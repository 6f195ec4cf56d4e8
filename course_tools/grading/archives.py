"""Files in zips, read where they lie: nothing is ever unpacked to the disk, so a name in a zip leads nowhere."""

import io
import zipfile
from datetime import datetime

from course_tools.grading.reading import LARGEST, Unreadable, open_file, too_large

ZIP = 4_000_000_000  # bytes of a zip: a class's export is one
ENTRIES = 20_000  # files in it
LISTING = 5_000_000  # bytes of its list of files, which is read whole, and each line of it becomes an object
INNER = 2_000_000_000  # bytes of all zips within a zip
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others would be unpacked whole, before we can count
LEFT_ALONE = {"progress.jsonl", "predictions.json", "__MACOSX", "desktop.ini", "Thumbs.db"}  # not handed in


class Zip:
    """A zip; `opened()` returns its file. One of all is open at a time, since a process may not open many files."""

    open = None

    def __init__(self, opened):
        self.opened, self.archive = opened, None

    def entries(self):
        """Return what the zip says is in it. Raises Unreadable."""
        try:
            entries = self._archive().infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
            raise Unreadable(f"is no zip that can be read ({problem})") from None
        if len(entries) > ENTRIES:
            raise Unreadable(f"holds more than {ENTRIES:,} files")
        return [info for info in entries if not info.is_dir()]

    def read(self, info):
        """Return the bytes of a file, at most LARGEST: what the zip claims is not believed. Raises Unreadable."""
        if info.compress_type not in PACKED:
            raise Unreadable("is packed in an unusual way: zip it again")
        try:
            with self._archive().open(info) as file:
                content = file.read(LARGEST + 1)
        except Exception as problem:  # zlib, encryption, a file that is gone: each has errors of its own
            raise Unreadable(f"cannot be taken from its zip: {problem}") from None
        if len(content) > LARGEST:
            raise Unreadable(too_large(LARGEST))
        return content

    def _archive(self):
        if Zip.open is not self:
            if Zip.open is not None:
                Zip.open.close()
            self.file = Sparing(self.opened(), LISTING)
            Zip.open, self.archive = self, zipfile.ZipFile(self.file)
            self.file.most = LARGEST + 1
        return self.archive

    def close(self):
        """Close its file; it is opened again when something is read."""
        if Zip.open is self:
            Zip.open, self.archive = None, self.archive.close()
            self.file.close()


class Sparing:
    """A zip's file, of which no more than `most` bytes are read at a time, whatever the zip asks for."""

    def __init__(self, file, most):
        self.file, self.most = file, most

    def __getattr__(self, name):
        return getattr(self.file, name)

    def read(self, count=-1):
        content = self.file.read(count if 0 <= count <= self.most else self.most + 1)
        if len(content) > self.most:
            raise zipfile.BadZipFile(f"more than {self.most / 1e6:g} MB in one piece")
        return content


def files_in(root, parts, time):
    """Yield (parts, times, read) of all files in the zip root/parts on the disk, and in the zips in it.

    times: the disk's own, then what the zips tell, outside in.
    """
    yield from _files(Zip(lambda: open_file(root, parts, ZIP)), parts, (time,), [INNER])


def _files(archive, parts, times, room):
    try:
        entries = archive.entries()
    except Unreadable as problem:
        yield parts, times, raiser(str(problem))
        return
    for info in entries:
        names = [name for name in info.filename.split("/") if name not in ("", ".", "..")]
        if not names or any(name.startswith(".") or name in LEFT_ALONE for name in names):
            continue
        here, told, read = (*parts, *names), (*times, _stamp(info) or times[-1]), _reader(archive, info)
        if names[-1].lower().endswith(".zip") and len(times) == 1 and room[0] > 0:
            yield from _files(Zip(_counted(read, room)), here, told, room)
        else:
            yield here, told, read


def _reader(archive, info):
    return lambda: archive.read(info)


def _counted(read, room):
    def opened():
        content = read()
        room[0] -= len(content)
        return io.BytesIO(content)

    return opened


def _stamp(info):
    """Return the seconds at which a file was packed, 0.0 where the zip does not tell."""
    try:
        return datetime(*info.date_time).timestamp() if info.date_time > (1980, 1, 1, 0, 0, 0) else 0.0
    except ValueError:
        return 0.0


def raiser(text):
    """Return the `read` of a file that cannot be read."""

    def read():
        raise Unreadable(text)

    return read
