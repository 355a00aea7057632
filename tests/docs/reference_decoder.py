#!/usr/bin/env python3
"""A second reader of ibid's segment files, written from docs/FORMAT.md alone.

  reference_decoder.py SEGMENT_FILE         prints everything in it, one fact a line
  reference_decoder.py --check PROGRAM      compares with what the engine reads in random segments

Plain, slow, standard library only. Stored documents need the `zstd` program; without it they are
left out, and the check says so.
"""
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

SECTIONS = {1: "properties", 2: "terms", 3: "stems", 4: "pairs", 5: "postings", 6: "positions",
            7: "norms", 8: "regions", 9: "columns", 10: "keys", 11: "stored"}


def crc32c_table():
    table = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
        table.append(crc)
    return table


CRC_TABLE = crc32c_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


class Reader:
    """Section 1: bytes from front to back."""

    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def take(self, n):
        piece = self.data[self.at:self.at + n]
        assert len(piece) == n, "ends early"
        self.at += n
        return piece

    def u8(self):
        return self.take(1)[0]

    def u16(self):
        return int.from_bytes(self.take(2), "little")

    def u32(self):
        return int.from_bytes(self.take(4), "little")

    def u64(self):
        return int.from_bytes(self.take(8), "little")

    def varint(self):
        value, shift = 0, 0
        while True:
            byte = self.u8()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def zigzag(self):
        code = self.varint()
        return -(code + 1) // 2 if code & 1 else code // 2

    def string(self):
        return self.take(self.varint())

    def rest(self):
        return len(self.data) - self.at


def packed_bytes(count, width):
    return (count * width + 7) // 8


def packed(data, count, width):
    number = int.from_bytes(data[:packed_bytes(count, width)], "little")
    mask = (1 << width) - 1
    if count * width < 20000:
        return [number >> (i * width) & mask for i in range(count)]
    out = []  # in pieces of whole bytes, so that the numbers stay short
    for begin in range(0, count, 64):
        n = min(64, count - begin)
        at = begin * width // 8
        piece = int.from_bytes(data[at:at + packed_bytes(n, width)], "little")
        out += [piece >> (i * width) & mask for i in range(n)]
    return out


def offsets(data, count):
    """Section 5.1; `data` is exactly the list."""
    groups = (count + 63) // 64
    directory = Reader(data, len(data) - 16 * groups)
    out = []
    for group in range(groups):
        base, place = directory.u64(), directory.u64()
        begin, width = place & ((1 << 56) - 1), place >> 56
        n = min(64, count - 64 * group)
        out += [base + v for v in packed(data[begin:], n, width)]
    return out


def strings(data, count, with_original):
    """Section 5.2; `data` is exactly the list."""
    blocks_bytes = int.from_bytes(data[-8:], "little")
    num_blocks = (count + 15) // 16
    begins = offsets(data[blocks_bytes:-8], num_blocks + 1)
    assert begins[-1] == blocks_bytes
    out = []
    for block in range(num_blocks):
        reader = Reader(data[:begins[block + 1]], begins[block])
        last = b""
        for _ in range(min(16, count - 16 * block)):
            lengths = reader.u8()
            prefix, suffix = lengths >> 4, lengths & 15
            if prefix == 15:
                prefix += reader.varint()
            if suffix == 15:
                suffix += reader.varint()
            last = last[:prefix] + reader.take(suffix)
            original = last
            if with_original:
                code = reader.varint()
                if code:
                    original = reader.take(code - 1)
            out.append((last, original))
        assert reader.rest() == 0
    return out


def pfor(reader, width, exception_bytes):
    """Section 5.3."""
    words = struct.unpack("<%dI" % (4 * width), reader.take(16 * width))
    lanes = []
    for lane in range(4):
        number = 0
        for w in range(width):
            number |= words[4 * w + lane] << (32 * w)
        lanes.append(number)
    mask = (1 << width) - 1
    values = [lanes[i % 4] >> ((i // 4) * width) & mask for i in range(128)]
    if exception_bytes:
        exceptions = Reader(reader.take(exception_bytes))
        indexes = [exceptions.u8() for _ in range(exceptions.u8())]
        for index in indexes:
            values[index] |= exceptions.varint() << width
        assert exceptions.rest() == 0
    return values


class Bits:
    """Section 5.4."""

    def __init__(self, data):
        self.number, self.at, self.end = int.from_bytes(data, "little"), 0, 8 * len(data)

    def take(self, n):
        value = self.number >> self.at & ((1 << n) - 1)
        self.at += n
        assert self.at <= self.end
        return value

    def rice(self, k):
        quotient = 0
        while not self.take(1):
            quotient += 1
        return quotient << k | self.take(k)


def norm_to_length(norm):
    if norm < 24:
        return norm
    code = norm - 24
    shift, low = code >> 3, code & 7
    return 24 + (low if shift == 0 else (low | 8) << (shift - 1))


class Info:
    def __init__(self):
        self.doc_freq = self.total_freq = self.max_impact = 0
        self.postings = self.positions = (0, 0)
        self.kth = [0, 0, 0]
        self.inline = None
        self.forms = []


def read_info(reader, is_stems, place, info):
    head = reader.varint()
    if head == 1:
        info.doc_freq = info.total_freq = 1
        info.max_impact = 255
        info.inline = (reader.varint(), reader.varint())
        return
    if head == 0:
        place[0] = reader.varint()
        if not is_stems:
            place[1] = reader.varint()
        head = reader.varint()
    info.doc_freq = info.total_freq = head >> 1
    if not head & 1:
        info.total_freq += reader.varint()
    size = reader.varint()
    info.postings = (place[0], size)
    place[0] += size
    if not is_stems:
        size = reader.varint()
        info.positions = (place[1], size)
        place[1] += size
    info.max_impact = reader.u8()
    for i, rank in enumerate((10, 100, 1000)):
        if info.doc_freq >= rank:
            info.kth[i] = reader.u8()


def dictionary(data, is_stems):
    """Section 6: (term, info) in order."""
    if not data:
        return
    trailer = Reader(data, len(data) - 16)
    blocks_bytes, num_terms = trailer.u64(), trailer.u32()
    assert trailer.u16() == 0
    width = trailer.u8()
    num_blocks = (num_terms + 31) // 32
    keys = Reader(data, blocks_bytes)
    block_keys = [keys.u64() for _ in range(num_blocks)]
    begins = packed(data[keys.at:], num_blocks, width) + [blocks_bytes]
    assert keys.at + packed_bytes(num_blocks, width) == len(data) - 16
    for block in range(num_blocks):
        reader = Reader(data[:begins[block + 1]], begins[block])
        place = [reader.varint(), 0 if is_stems else reader.varint()]
        term, form = b"", 0
        for i in range(min(32, num_terms - 32 * block)):
            lengths = reader.u8()
            prefix, suffix = lengths >> 4, lengths & 15
            if prefix == 15:
                prefix += reader.varint()
            if suffix == 15:
                suffix += reader.varint()
            term = term[:prefix] + reader.take(suffix + 1)
            if i == 0:
                assert block_keys[block] == int.from_bytes((term + bytes(8))[:8], "big")
            info = Info()
            if is_stems:
                count = reader.varint()
                form += reader.zigzag()
                info.forms = [form]
                for _ in range(count - 1):
                    info.forms.append(info.forms[-1] + reader.varint() + 1)
            if not is_stems or len(info.forms) > 1:
                read_info(reader, is_stems, place, info)
            yield term, info
        assert reader.rest() == 0


class Skip:
    """Section 7.1: entries of (last doc, end, end of positions, impact, freq code, norm)."""

    def __init__(self, data, count, with_positions):
        self.entries = []
        doc_width, offset_width, positions_width = data[-3:]
        groups = (count + 63) // 64
        base_bytes = 20 if with_positions else 12
        bases_at = len(data) - 3 - base_bytes * (groups - 1)
        bases = Reader(data, bases_at)
        base_docs = [0] + [bases.u32() for _ in range(groups - 1)]
        base_ends = [0] + [bases.u64() for _ in range(groups - 1)]
        base_positions = [0] * groups
        if with_positions:
            base_positions = [0] + [bases.u64() for _ in range(groups - 1)]
        sizes = [min(64, count - 64 * g) for g in range(groups)]
        at = bases_at - sum(packed_bytes(n, doc_width) + packed_bytes(n, offset_width) +
                            packed_bytes(n, positions_width) + 3 * n for n in sizes)
        self.begin = at
        for g, n in enumerate(sizes):
            columns = []
            for width, base in ((doc_width, base_docs[g]), (offset_width, base_ends[g]),
                                (positions_width, base_positions[g])):
                columns.append([base + v for v in packed(data[at:], n, width)])
                at += packed_bytes(n, width)
            for _ in range(3):
                columns.append(data[at:at + n])
                at += n
            self.entries += list(zip(*columns))


def max_freq(code):
    return 0xFFFFFFFF if code == 255 else norm_to_length(code)


def varint_postings(reader, n):
    gaps, freqs = [], []
    for _ in range(n):
        code = reader.varint()
        gaps.append(code >> 1)
        freqs.append(1 if code & 1 else reader.varint() + 2)
    assert reader.rest() == 0
    return gaps, freqs


def tail_postings(data, n):
    if n < 4:
        return varint_postings(Reader(data), n)
    if data[0] & 31 == 31:
        return varint_postings(Reader(data, 1), n)
    bits = Bits(data)
    k, m = bits.take(5), bits.take(5)
    gaps = [bits.rice(k) for _ in range(n)]
    return gaps, [bits.rice(m - 1) + 1 for _ in range(n)] if m else [1] * n


def rice_block(reader, width, unary_bytes):
    """Section 5.5."""
    low = pfor(reader, width, 0)
    bits = Bits(reader.take(unary_bytes))
    values = [bits.rice(0) << width | low[i] for i in range(128)]
    assert bits.number >> bits.at == 0
    return values


def sub_block(reader):
    header = reader.u8()
    if header & 192 == 192:
        return rice_block(reader, header & 63, reader.u8())
    exception_bytes = reader.u8() if header & 64 else 0
    return pfor(reader, header & 63, exception_bytes)


def full_block(data, previous):
    reader = Reader(data)
    if data[0] & 192 == 128:
        reader.u8()
        bits = int.from_bytes(reader.take(reader.u8()), "little")
        docs = [previous + 1 + i for i in range(bits.bit_length()) if bits >> i & 1]
        assert len(docs) == 128
    else:
        docs = []
        for gap in sub_block(reader):
            previous += gap + 1
            docs.append(previous)
    freqs = [v + 1 for v in sub_block(reader)]
    assert reader.rest() == 0
    return docs, freqs


def postings(section, info, with_positions):
    """(doc, freq, skip entry or None) in order."""
    offset, size = info.postings
    data = section[offset:offset + size]
    num_blocks = (info.doc_freq + 127) // 128
    skip = Skip(data, num_blocks, with_positions) if num_blocks > 1 else None
    begin, previous, total = 0, -1, 0
    for block in range(num_blocks):
        entry = skip.entries[block] if skip else None
        end = entry[1] if skip else len(data)
        if (block + 1) * 128 <= info.doc_freq:
            docs, freqs = full_block(data[begin:end], previous)
        else:
            gaps, freqs = tail_postings(data[begin:end], info.doc_freq % 128)
            docs, doc = [], previous
            for gap in gaps:
                doc += gap + 1
                docs.append(doc)
        total += sum(freqs)
        if skip:
            assert entry[0] == docs[-1] and (not with_positions or entry[2] == total)
        for doc, freq in zip(docs, freqs):
            yield doc, freq, entry
        begin, previous = end, docs[-1]
    assert begin == (skip.begin if skip else len(data))


def position_values(section, info):
    """Section 7.2: all values of the term."""
    offset, size = info.positions
    data = section[offset:offset + size]
    num_blocks, tail = divmod(info.total_freq, 128)
    widths = data[len(data) - 2 * num_blocks:]
    num_anchors = (num_blocks - 1) // 16 if num_blocks else 0
    directory = len(data) - 2 * num_blocks - 5 * num_anchors
    reader = Reader(data)
    values = []
    for block in range(num_blocks):
        if block and block % 16 == 0:
            at = directory + 5 * (block // 16 - 1)
            assert int.from_bytes(data[at:at + 5], "little") == reader.at
        values += pfor(reader, widths[2 * block], widths[2 * block + 1])
    rest = data[reader.at:directory]
    if tail == 0:
        assert not rest
    elif tail < 4 or rest[0] & 31 == 31:
        varints = Reader(rest, 0 if tail < 4 else 1)
        values += [varints.varint() for _ in range(tail)]
        assert varints.rest() == 0
    else:
        bits = Bits(rest)
        k = bits.take(5)
        values += [bits.rice(k) for _ in range(tail)]
    return values


def hexed(data):
    return data.hex() or "-"


def dump_dictionary(kind, data, sections, out):
    is_stems = kind == "stem"
    for term, info in dictionary(data, is_stems):
        out.append(" ".join(str(x) for x in [kind, hexed(term), info.doc_freq, info.total_freq,
                                             info.max_impact, *info.kth] +
                            ["f%d" % form for form in info.forms]))
        if info.inline:
            out.append("%d x1 %d" % info.inline)
            continue
        if info.doc_freq == 0:
            continue
        with_positions = info.positions[1] > 0
        values = position_values(sections["positions"], info) if with_positions else []
        at = 0
        for doc, freq, entry in postings(sections["postings"], info, with_positions):
            facts = [doc, "x%d" % freq]
            position = 0
            for i in range(freq if with_positions else 0):
                position += values[at + i] + (1 if i else 0)
                facts.append(position)
            at += freq
            if info.doc_freq > 128:
                facts += [entry[3], max_freq(entry[4]), entry[5]]
            out.append(" ".join(str(fact) for fact in facts))
        assert not with_positions or at == len(values)


def regions(data, num_docs):
    trailer = Reader(data, len(data) - 24)
    records_bytes, offsets_bytes = trailer.u64(), trailer.u64()
    assert trailer.u32() == num_docs
    width = trailer.u8()
    titles = packed(data[records_bytes:], num_docs, width)
    begins = offsets(data[-24 - offsets_bytes:-24], num_docs + 1)
    for doc in range(num_docs):
        title = titles[doc]
        sentences, paragraphs, quotations = [], [], []
        at = 0
        reader = Reader(data[:begins[doc + 1]], begins[doc])
        if reader.rest():
            end = 0
            for _ in range(reader.varint()):
                begin = end + reader.varint()
                end = begin + reader.varint() + 1
                quotations += [begin, end]
            while reader.rest():
                code = reader.varint()
                at += (code >> 1) + 1
                sentences.append(at)
                if code & 1:
                    paragraphs.append(at)
                if at == title:
                    at += 1
        text = at - (title + 1 if title else 0)
        yield title, text, sentences, paragraphs, quotations


def keys(data, num_docs):
    trailer = Reader(data, len(data) - 16)
    strings_bytes = trailer.u64()
    assert trailer.u32() == num_docs
    width = trailer.u8()
    names = [name for name, _ in strings(data[:strings_bytes], num_docs, False)]
    if width == 0:
        return names, list(range(num_docs))
    docs = packed(data[strings_bytes:], num_docs, width)
    ranks = packed(data[strings_bytes + packed_bytes(num_docs, width):], num_docs, width)
    assert all(docs[ranks[doc]] == doc for doc in range(num_docs))
    return names, ranks


def unzstd(frames):
    return subprocess.run(["zstd", "-dcq"], input=frames, stdout=subprocess.PIPE, check=True).stdout


def stored(data, num_docs):
    trailer = Reader(data, len(data) - 32)
    frames_bytes, frame_offsets_bytes, raw_bytes = trailer.u64(), trailer.u64(), trailer.u64()
    assert trailer.u32() == num_docs
    num_frames = (raw_bytes + 32767) // 32768
    frame_offsets = offsets(data[frames_bytes:frames_bytes + frame_offsets_bytes], num_frames + 1)
    assert frame_offsets[-1] == frames_bytes
    begins = offsets(data[frames_bytes + frame_offsets_bytes:-32], num_docs + 1)
    raw = unzstd(data[:frames_bytes]) if frames_bytes else b""
    if frames_bytes:
        first = unzstd(data[:frame_offsets[1]])
        assert first == raw[:32768]
    assert len(raw) == raw_bytes
    return [raw[begins[d]:begins[d + 1]] for d in range(num_docs)]


def columns(data, num_docs, out):
    trailer = Reader(data, len(data) - 16)
    descr, num_columns = Reader(data[:-16], trailer.u64()), trailer.u32()
    for _ in range(num_columns):
        name = descr.string()
        kind, form, values_width, docs_width = (descr.u8() for _ in range(4))
        begin, size, dictionary_bytes = descr.varint(), descr.varint(), descr.varint()
        num_ordinals, num_values = descr.varint(), descr.varint()
        base, unit = descr.zigzag(), descr.varint()
        column = data[begin:begin + size]
        values = column[dictionary_bytes:]
        texts = reals = None
        if kind == 0:
            texts = strings(column[:dictionary_bytes], num_ordinals, True)
        elif kind == 2:
            reals = struct.unpack("<%dQ" % num_ordinals, column[:dictionary_bytes])
        if form == 2:
            docs = packed(values[packed_bytes(num_values, values_width):], num_values, docs_width)
            pairs = list(zip(docs, packed(values, num_values, values_width)))
        else:
            pairs = list(enumerate(packed(values, num_docs, values_width)))
            if form == 1:
                pairs = [(doc, code - 1) for doc, code in pairs if code]
        assert len(pairs) == num_values
        out.append("column %s %d" % (name.decode(), kind))
        for doc, code in pairs:
            if kind == 0:
                out.append("%d %s %s" % (doc, hexed(texts[code][0]), hexed(texts[code][1])))
            elif kind == 2:
                out.append("%d %d" % (doc, reals[code]))
            else:
                number = (base + unit * code) % (1 << 64)
                out.append("%d %d" % (doc, number - (1 << 64) if number >> 63 else number))
    assert descr.rest() == 0


def read_frame(data):
    """Section 3: the sections by name, every checksum verified."""
    assert data[:8] == b"IBIDSEG1" and data[-8:] == b"IBIDSEG1"
    footer = Reader(data, len(data) - 64)
    tables, size, segment_id = footer.u64(), footer.u64(), footer.u64()
    num_frames, num_sections, frame_bytes, version = (footer.u32() for _ in range(4))
    assert size == len(data) and frame_bytes == 16384 and version == 4
    assert [footer.u32() for _ in range(3)] == [0, 0, 0]
    assert crc32c(data[tables:footer.at]) == footer.u32()
    header = Reader(data, 8)
    assert (header.u32(), header.u32(), header.u64()) == (4, 0, segment_id)
    reader = Reader(data, tables)
    checksums = [reader.u32() for _ in range(num_frames)]
    for i, checksum in enumerate(checksums):
        assert crc32c(data[16384 * i:min(tables, 16384 * (i + 1))]) == checksum
    sections = {name: b"" for name in SECTIONS.values()}
    for _ in range(num_sections):
        section, zero, offset, length = reader.u32(), reader.u32(), reader.u64(), reader.u64()
        assert zero == 0 and offset % 64 == 0
        assert data[offset + length:offset + length + 64] == bytes(64)
        sections[SECTIONS[section]] = data[offset:offset + length]
    assert reader.at == len(data) - 64
    return sections


def dump(data, with_stored):
    sections = read_frame(data)
    properties = Reader(sections["properties"])
    num_docs = properties.u32()
    pair_words = properties.u32()
    out = ["properties " + " ".join(str(n) for n in [num_docs] +
                                    [properties.u64() for _ in range(4)])]
    pair_doc_freq, triple_doc_freq = properties.u32(), properties.u32()
    out.append("pairs %d %d %d %d %d" % (pair_words, pair_doc_freq, triple_doc_freq,
                                         properties.u64(), properties.u64()))
    assert properties.rest() == 0
    for kind, name in (("term", "terms"), ("stem", "stems"), ("pair", "pairs")):
        dump_dictionary(kind, sections[name], sections, out)
    names, ranks = keys(sections["keys"], num_docs)
    records = None
    if with_stored and sections["stored"]:
        records = stored(sections["stored"], num_docs)
    for doc, facts in enumerate(regions(sections["regions"], num_docs)):
        title, text, sentences, paragraphs, quotations = facts
        line = ["doc", doc, sections["norms"][doc], ranks[doc], hexed(names[ranks[doc]]), title, text,
                "s", *sentences, "p", *paragraphs, "q", *quotations]
        if records is not None:
            line += ["r", hexed(records[doc])]
        out.append(" ".join(str(fact) for fact in line))
    columns(sections["columns"], num_docs, out)
    return out


def check(program):
    have_zstd = shutil.which("zstd") is not None
    if not have_zstd:
        print("SKIPPED: stored documents, the zstd program is not installed", file=sys.stderr)
    for seed, num_docs, num_terms in ((1, 1, 3), (2, 300, 400), (3, 2000, 150), (4, 18000, 25)):
        with tempfile.TemporaryDirectory() as directory:
            expected = subprocess.run(
                [program, directory, str(seed), str(num_docs), str(num_terms), str(int(have_zstd))],
                stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
            data = (Path(directory) / "seg_0000000001.ibid").read_bytes()
        found = dump(data, have_zstd)
        for number, (ours, theirs) in enumerate(zip(found, expected)):
            assert ours == theirs, "seed %d, line %d:\n%s\nthe engine says\n%s" % (
                seed, number + 1, ours, theirs)
        assert len(found) == len(expected), "seed %d: %d lines, the engine says %d" % (
            seed, len(found), len(expected))
        print("seed %d: %d documents, %d facts, %d bytes: equal" % (seed, num_docs, len(found),
                                                                  len(data)))


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        check(sys.argv[2])
    elif len(sys.argv) == 2:
        print("\n".join(dump(Path(sys.argv[1]).read_bytes(), shutil.which("zstd") is not None)))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
