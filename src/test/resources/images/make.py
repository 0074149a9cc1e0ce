"""Makes the small pictures of this directory and golden.npz: what Pillow reads in them.

python3 make.py            (Pillow 12.3.0, NumPy 2.4; cjpeg and jpegtran of libjpeg-turbo 2.1)

golden.npz: NAME/rgb (h, w, 3) and NAME/grey (h, w), uint8: Image.open(NAME), EXIF transposed,
convert("RGB") or convert("L"). Pictures of 16 grey bits are value/257, or value/16 where 12 of them
are significant, since Pillow clips those. resize/H1xW1/H2xW2/FILTER: source (h, w, 3) resized.
mode/MODE/NAME/HxW: NAME brought to that size.
over/NAME/RRGGBB: NAME composited over that colour.
"""
import io, os, struct, subprocess, zlib
import numpy as np
from PIL import Image, ImageOps

os.chdir(os.path.dirname(os.path.abspath(__file__)))
for old in os.listdir('.'):
    if old != 'make.py':
        os.remove(old)
golden = {}
H, W = 37, 46
y, x = np.mgrid[0:H, 0:W].astype(float)
base = np.stack([40 + 4 * x, 230 - 5 * y, 60 + 2 * x + 2 * y], -1)
base[6:20, 5:18] = (220, 30, 40)
base[15:30, 22:40] = (20, 60, 210)
base[24:33, 4:14] = (240, 230, 30)
rgb = Image.fromarray(base.clip(0, 255).astype('uint8'))
grey = rgb.convert('L')
ramp = Image.fromarray(((x * 5 + y) % 256).astype('uint8'))
rgba = rgb.copy(); rgba.putalpha(ramp)
la = grey.copy(); la.putalpha(ramp)
palette = rgb.quantize(60)
cmyk = rgb.convert('CMYK')
k = np.array(cmyk); k[..., 3] = (x * 2).astype('uint8'); cmyk = Image.fromarray(k, 'CMYK')


def golden_of(name, pixels=None):
    if pixels is None:
        image = ImageOps.exif_transpose(Image.open(name))
        golden[name + '/rgb'] = np.array(image.convert('RGB'))
        golden[name + '/grey'] = np.array(image.convert('L'))
    else:
        golden[name + '/rgb'] = np.repeat(pixels[..., None], 3, -1).astype('uint8')
        golden[name + '/grey'] = pixels.astype('uint8')


def save(name, image, **options):
    image.save(name, **options)
    golden_of(name)


def put(name, content, pixels=None):
    open(name, 'wb').write(content)
    golden_of(name, pixels)


def encoded(image, format, **options):
    out = io.BytesIO(); image.save(out, format, **options)
    return out.getvalue()


# PNG
save('rgb.png', rgb); save('grey.png', grey); save('rgba.png', rgba); save('la.png', la)
save('palette.png', palette); save('bits1.png', grey.convert('1'))
save('palette2bit.png', rgb.quantize(4), bits=2); save('palette4bit.png', rgb.quantize(16), bits=4)
save('grey_palette.png', grey.quantize(200))
save('palette_transparent.png', palette, transparency=3)
save('palette_alpha.png', palette, transparency=bytes(range(0, 240, 4)))
save('rgb_transparent.png', rgb, transparency=(220, 30, 40)); save('grey_transparent.png', grey, transparency=90)


def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


def png(width, height, bits, colour, rows, before=b'', interlace=0):
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, bits, colour, 0, 0, interlace))
            + before + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


def rows(array):
    flat = array.reshape(array.shape[0], -1)
    return b''.join(b'\0' + row.tobytes() for row in flat)


a8 = np.array(rgb); g8 = np.array(grey)
for bits in (1, 2, 4):
    q = g8 >> (8 - bits); per = 8 // bits
    padded = np.pad(q, ((0, 0), (0, -W % per)))
    packed = sum(padded[:, i::per] << (8 - bits * (i + 1)) for i in range(per)).astype('uint8')
    put(f'grey{bits}bit.png', png(W, H, bits, 0, rows(packed)))
rgb16 = (a8.astype('>u2') * 257 + 3).clip(0, 65535).astype('>u2')
put('rgb16.png', png(W, H, 16, 2, rows(rgb16)))
put('rgba16.png', png(W, H, 16, 6, rows(np.dstack([rgb16, np.full((H, W), 30000, '>u2')]))))
put('la16.png', png(W, H, 16, 4, rows(np.dstack([g8.astype('>u2') * 257, np.full((H, W), 30000, '>u2')]))))
g16 = ((x * 1400 + y * 37) % 65536).astype('>u2')
put('grey16.png', png(W, H, 16, 0, rows(g16)), np.round(g16 / 257.))
g12 = (g16 >> 4).astype('>u2')
put('grey12in16_sbit.png', png(W, H, 16, 0, rows(g12), chunk(b'sBIT', b'\x0c')), g12 >> 4)
put('grey16_sbit12_scaled.png', png(W, H, 16, 0, rows(((g12 << 4) | (g12 >> 8)).astype('>u2')), chunk(b'sBIT', b'\x0c')), np.round(((g12 << 4) | (g12 >> 8)) / 257.))
put('gamma.png', png(W, H, 8, 2, rows(a8), chunk(b'gAMA', struct.pack('>I', 100000))))
put('bad_icc.png', png(W, H, 8, 2, rows(a8), chunk(b'iCCP', b'x\0\0' + zlib.compress(b'no profile'))))
exif = Image.Exif(); exif[274] = 6; exif6 = exif.tobytes()
put('exif6.png', png(W, H, 8, 2, rows(a8), chunk(b'eXIf', exif6[6:])))
adam = b''
for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
    adam += rows(a8[y0::dy, x0::dx])
put('interlaced.png', png(W, H, 8, 2, adam, interlace=1))
put('trailing.png', encoded(rgb, 'png') + b'after the end')
save('animated.png', rgb, save_all=True, append_images=[rgb.rotate(180)])

# JPEG
for name, s in (('444', 0), ('422', 1), ('420', 2)):
    save(f'ycc{name}.jpg', rgb, quality=90, subsampling=s)
save('grey.jpg', grey, quality=90); save('progressive.jpg', rgb, quality=90, progressive=True)
save('cmyk.jpg', cmyk, quality=90); save('rgb.jpg', rgb, quality=90, keep_rgb=True)
save('restart.jpg', rgb, quality=90, restart_marker_blocks=1)
save('icc.jpg', rgb, quality=90, icc_profile=b'\0' * 200)
from PIL import ImageCms
srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile('sRGB')).tobytes()
linear = bytearray(srgb)
# another profile than sRGB, as Display P3 is: red and blue primaries swapped
r, b = srgb.find(b'rXYZ'), srgb.find(b'bXYZ')
linear[r:r + 4], linear[b:b + 4] = b'bXYZ', b'rXYZ'
save('icc_other.jpg', rgb, quality=90, icc_profile=bytes(linear))
save('icc_other.png', rgb, icc_profile=bytes(linear))
save('icc_other.webp', rgb, icc_profile=bytes(linear), lossless=True)
for i in range(2, 9):
    e = Image.Exif(); e[274] = i
    save(f'exif{i}.jpg', rgb, quality=80, exif=e.tobytes())
# big-endian EXIF, and an orientation that is none
be = b'Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0\0\0\0\0'
save('exif8_bigendian.jpg', rgb, quality=80, exif=be)
save('exif_none.jpg', rgb, quality=80, exif=be.replace(b'\0\x08\0\0\0\0\0\0', b'\0\x2a\0\0\0\0\0\0'))
save('xmp6.jpg', rgb, quality=80, xmp=b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>')


def app14(content):
    i = content.find(b'\xff\xee')
    return i, i + 2 + struct.unpack('>H', content[i + 2:i + 4])[0]


plain = encoded(cmyk, 'jpeg', quality=90)
i, j = app14(plain)
put('cmyk_no_adobe.jpg', plain[:i] + plain[j:])
ycc = np.array(rgb.convert('YCbCr'))
ycck = Image.fromarray(np.dstack([255 - ycc, k[..., 3]]), 'CMYK')
for s in (0, 2):
    content = bytearray(encoded(ycck, 'jpeg', quality=90))
    i, j = app14(content); content[j - 1] = 2
    put(f'ycck{s}.jpg', bytes(content))
no_jfif = encoded(rgb, 'jpeg', quality=90, subsampling=0)
i = no_jfif.find(b'\xff\xe0'); put('no_jfif.jpg', no_jfif[:i] + no_jfif[i + 18:])
rgb.save('/tmp/source.ppm')


def cjpeg(name, *options):
    put(name, subprocess.run(['cjpeg', '-quality', '90', *options, '/tmp/source.ppm'], capture_output=True, check=True).stdout)


cjpeg('ycc440.jpg', '-sample', '1x2'); cjpeg('ycc411.jpg', '-sample', '4x1')
put('extraneous.jpg', encoded(rgb, 'jpeg', quality=90)[:-2] + b'\0' * 9 + b'\xff\xd9')
put('trailing.jpg', encoded(rgb, 'jpeg', quality=90) + b'after the end')
save('mpo.jpg', rgb, format='MPO', save_all=True, append_images=[rgb.rotate(180)])

# WebP
big = rgb.resize((131, 97))
for q in (10, 50, 80, 98):
    save(f'lossy{q}.webp', big, quality=q)
save('lossy_one.webp', rgb.resize((1, 1))); save('lossy_alpha.webp', rgba, quality=60)
save('lossless_indexed.webp', rgb.quantize(12).convert('RGB').resize((76, 42), Image.Resampling.NEAREST), lossless=True, method=6)
save('lossless.webp', rgb, lossless=True); save('lossless_alpha.webp', rgba, lossless=True)
save('exif6.webp', rgb, lossless=True, exif=exif6); save('animated.webp', rgb, save_all=True, append_images=[rgb.rotate(180)], lossless=True)

# BMP, GIF, TIFF, PNM
save('rgb.bmp', rgb); save('grey.bmp', grey); save('palette.bmp', palette); save('bits1.bmp', grey.convert('1')); save('rgba.bmp', rgba)


def bmp(bits, rows, compression=0, masks=b'', height=H):
    return (b'BM' + struct.pack('<IHHI', 54 + len(masks) + len(rows), 0, 0, 54 + len(masks))
            + struct.pack('<IiiHHIIiiII', 40, W, height, 1, bits, compression, len(rows), 2835, 2835, 0, 0) + masks + rows)


up = a8[::-1].astype('uint16')
b555 = (up[..., 0] >> 3 << 10 | up[..., 1] >> 3 << 5 | up[..., 2] >> 3).astype('<u2')
b565 = (up[..., 0] >> 3 << 11 | up[..., 1] >> 2 << 5 | up[..., 2] >> 3).astype('<u2')
put('rgb555.bmp', bmp(16, b555.tobytes()))
put('rgb565.bmp', bmp(16, b565.tobytes(), 3, struct.pack('<III', 0xf800, 0x7e0, 0x1f)))
put('rgbx.bmp', bmp(32, np.dstack([a8[::-1, :, ::-1], np.zeros((H, W), 'uint8')]).tobytes()))
put('top_down.bmp', bmp(32, np.dstack([a8[..., ::-1], np.zeros((H, W), 'uint8')]).tobytes(), height=-H))
rle = b''
p8 = np.array(palette)[::-1]
for row in p8:
    for v in row:
        rle += bytes([1, v])
    rle += b'\0\0'
table = b''.join(bytes([c[2], c[1], c[0], 0]) for c in np.array(palette.getpalette('RGB') + [0] * 768)[:768].reshape(256, 3).astype('uint8'))
head = bmp(8, rle + b'\0\1', 1)
put('rle8.bmp', head[:10] + struct.pack('<I', 54 + 1024) + head[14:54] + table + rle + b'\0\1')
save('palette.gif', palette); save('grey.gif', grey); save('interlaced.gif', rgb.quantize(60), interlace=1)
save('transparent.gif', palette, transparency=3)
save('animated.gif', palette, save_all=True, append_images=[palette.rotate(180)])
# a frame smaller than the screen, with and without a transparent index
small = encoded(palette.crop((0, 0, 20, 15)), 'gif')
at = small.find(b'\x2c', 13 + 3 * (2 << (small[10] & 7)))
moved = bytearray(small); moved[6:10] = struct.pack('<HH', W, H); moved[at + 1:at + 5] = struct.pack('<HH', 7, 9)
put('small_frame.gif', bytes(moved))
moved[at:at] = b'\x21\xf9\x04\x01\0\0\x05\0'
put('small_frame_transparent.gif', bytes(moved))
for c in ('raw', 'tiff_lzw', 'tiff_adobe_deflate', 'packbits', 'jpeg'):
    save(f'{c}.tiff', rgb, compression=c)
save('grey.tiff', grey); save('palette.tiff', palette); save('rgba.tiff', rgba); save('cmyk.tiff', cmyk); save('bits1.tiff', grey.convert('1'))
save('group4.tiff', grey.convert('1'), compression='group4')
save('exif6.tiff', rgb, tiffinfo={274: 6}); save('la.tiff', la)
save('pages.tiff', rgb, save_all=True, append_images=[grey])
save('planar.tiff', rgb, tiffinfo={284: 1})
t16 = Image.fromarray(g16.astype('uint16')); t16.save('grey16.tiff'); golden_of('grey16.tiff', np.round(g16 / 257.))
white = encoded(grey, 'tiff'); w = bytearray(white)
n = struct.unpack('<H', w[struct.unpack('<I', w[4:8])[0]:][:2])[0]; o = struct.unpack('<I', w[4:8])[0] + 2
for i in range(n):
    tag = struct.unpack('<H', w[o + 12 * i:][:2])[0]
    if tag == 262:
        w[o + 12 * i + 8] = 0
put('white_is_zero.tiff', bytes(w))
save('rgb.ppm', rgb); save('grey.pgm', grey); save('bits1.pbm', grey.convert('1'))

# Over a background
for name in ('rgba.png', 'la.png', 'palette_alpha.png', 'rgb_transparent.png', 'lossless_alpha.webp', 'lossy_alpha.webp', 'transparent.gif'):
    for colour in ('ffffff', '000000', '20c040'):
        image = Image.open(name).convert('RGBA')
        under = Image.new('RGBA', image.size, '#' + colour)
        golden[f'over/{name}/{colour}'] = np.array(Image.alpha_composite(under, image).convert('RGB'))

# Sizes
rng = np.random.default_rng(7)
noise = rng.integers(0, 256, (H, W, 3), dtype='uint8')
noise[:, 20:30] = 255; noise[10:14] = 0
golden['resize/source'] = noise
for size in ((1, 1), (2, 3), (7, 5), (16, 16), (36, 45), (37, 46), (37, 20), (20, 46), (38, 47), (64, 64), (100, 30), (64, 224), (3, 300)):
    for filter in ('BILINEAR', 'BICUBIC'):
        golden[f'resize/{size[0]}x{size[1]}/{filter}'] = np.array(Image.fromarray(noise).resize(size[::-1], Image.Resampling[filter]))


def crop(image, height, width):
    w, h = image.size
    size = (width, int(width * h / w)) if width * h >= height * w else (int(height * w / h), height)
    image = image.resize(size, Image.Resampling.BILINEAR)
    left, top = int(round((size[0] - width) / 2.0)), int(round((size[1] - height) / 2.0))
    return image.crop((left, top, left + width, top + height))


for name in ('rgb.png', 'exif6.jpg', 'lossless.webp'):
    image = ImageOps.exif_transpose(Image.open(name))
    for height, width in ((16, 16), (20, 11), (11, 20), (64, 48)):
        golden[f'mode/crop/{name}/{height}x{width}'] = np.array(crop(image, height, width))
        golden[f'mode/fit/{name}/{height}x{width}'] = np.array(ImageOps.pad(image, (width, height), Image.Resampling.BILINEAR))
        golden[f'mode/stretch/{name}/{height}x{width}'] = np.array(image.resize((width, height), Image.Resampling.BILINEAR))
np.savez_compressed('golden.npz', **golden)
