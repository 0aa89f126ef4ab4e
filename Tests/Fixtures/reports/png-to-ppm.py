"""Reads a PNG picture with nothing but Python's own library, strictly, and writes it as binary PPM.

Opacity is mixed with white. Chunks other than those of pixels are listed on standard error.
"""
import struct
import sys
import zlib

data = open(sys.argv[1], "rb").read()
assert data[:8] == b"\x89PNG\r\n\x1a\n"
place, chunks = 8, []
while place < len(data):
    (length,) = struct.unpack(">I", data[place : place + 4])
    name, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
    (checksum,) = struct.unpack(">I", data[place + 8 + length : place + 12 + length])
    assert zlib.crc32(name + body) == checksum, name
    chunks.append((name, body))
    place += 12 + length
assert chunks[0][0] == b"IHDR" and chunks[-1] == (b"IEND", b"")
width, height, depth, kind, compression, filtering, interlace = struct.unpack(">IIBBBBB", chunks[0][1])
assert (depth, compression, filtering, interlace) == (8, 0, 0, 0)
channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
raw = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
stride = width * channels
assert len(raw) == height * (stride + 1)

palette = b"".join(body for name, body in chunks if name == b"PLTE")
opacities = b"".join(body for name, body in chunks if name == b"tRNS")
rows, above = [], bytearray(stride)
for row in range(height):
    rule = raw[row * (stride + 1)]
    line = bytearray(raw[row * (stride + 1) + 1 : (row + 1) * (stride + 1)])
    if rule == 1:
        for i in range(channels, stride):
            line[i] = (line[i] + line[i - channels]) & 255
    elif rule == 2:
        for i in range(stride):
            line[i] = (line[i] + above[i]) & 255
    elif rule == 3:
        for i in range(stride):
            left = line[i - channels] if i >= channels else 0
            line[i] = (line[i] + (left + above[i]) // 2) & 255
    elif rule == 4:
        for i in range(stride):
            a = line[i - channels] if i >= channels else 0
            b, c = above[i], above[i - channels] if i >= channels else 0
            p = a + b - c
            nearest = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            line[i] = (line[i] + nearest) & 255
    else:
        assert rule == 0, rule
    rows.append(bytes(line))
    above = line

pixels = bytearray()
for line in rows:
    if kind == 2:
        pixels += line
    elif kind == 3:
        for index in line:
            alpha = opacities[index] if index < len(opacities) else 255
            for channel in palette[3 * index : 3 * index + 3]:
                pixels.append((channel * alpha + 255 * (255 - alpha) + 127) // 255)
    else:
        assert kind == 6, kind
        for i in range(0, stride, 4):
            alpha = line[i + 3]
            for channel in line[i : i + 3]:
                pixels.append((channel * alpha + 255 * (255 - alpha) + 127) // 255)
for name, body in chunks[1:]:
    if name not in (b"IDAT", b"PLTE", b"tRNS", b"IEND"):
        print(name.decode(), body, file=sys.stderr)
sys.stdout.buffer.write(b"P6\n%d %d\n255\n" % (width, height) + bytes(pixels))
