package io.sparkcam.data.idx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.data.ByteSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GzipInputTest {
  private static final byte[] CONTENT =
      "twelve ankle boots, twelve ankle boots and a bag".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FILE = Idx.gzip(CONTENT);
  private static final int TRAILER = FILE.length - 8;

  @Test
  void readsWhatTheJdkCompressed() throws IOException {
    ByteSource source = Idx.extract("t10k-images-idx3-ubyte.gz");
    try (InputStream in = new GzipInput(source.open(), source.name())) {
      assertArrayEquals(Idx.gunzip(source), in.readAllBytes());
    }
  }

  @Test
  void everyCutIsRefusedWithItsPlace() {
    for (int length = 1; length < FILE.length; length++) {
      String where =
          length < 10
              ? "in its header"
              : length < TRAILER
                  ? "in its data"
                  : length < TRAILER + 4 ? "in its CRC" : "in its length";
      assertRefused(
          Arrays.copyOf(FILE, length), "x.gz: gzip ends at byte " + length + ", " + where);
    }
  }

  @Test
  void everyFlippedBitIsRefusedOrHarmless() {
    for (int bit = 0; bit < 8 * FILE.length; bit++) {
      byte[] damaged = Idx.with(FILE, bit / 8, FILE[bit / 8] ^ 1 << bit % 8);
      try {
        assertArrayEquals(CONTENT, read(damaged));
        // Whether it is text, when, how hard and where it was compressed may be anything.
        assertTrue(bit == 24 || (bit >= 32 && bit < 80), "bit " + bit + " is not checked");
      } catch (IOException e) {
        assertTrue(e.getMessage().startsWith("x.gz: "), e.getMessage());
        assertTrue(e.getMessage().contains(" byte "), e.getMessage());
      }
    }
  }

  @Test
  void wrongChecksumAndLengthAreRefused() {
    CRC32 crc = new CRC32();
    crc.update(CONTENT);

    assertRefused(
        Idx.with(FILE, TRAILER, (byte) crc.getValue() ^ 1),
        "x.gz: gzip CRC 0x%08x at byte %d, expected 0x%08x"
            .formatted(crc.getValue() ^ 1, TRAILER, crc.getValue()));
    assertRefused(
        Idx.with(FILE, TRAILER + 4, CONTENT.length + 1),
        "x.gz: gzip length 49 at byte " + (TRAILER + 4) + ", expected 48");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 'x.gz: 0x00 at byte 0, expected 0x1f of a gzip member or the end of the file'",
    "1, 0, 'x.gz: 0x00 at byte 1, expected 0x8b of a gzip member or the end of the file'",
    "2, 7, 'x.gz: gzip method 7 at byte 2, expected 8'",
    "3, 32, 'x.gz: gzip flags 0x20 at byte 3, expected below 0x20'",
    "10, 255, 'x.gz: gzip data before byte 11 is corrupt: invalid block type'",
  })
  void damageIsNamed(int place, int value, String message) {
    assertRefused(Idx.with(FILE, place, value), message);
  }

  @Test
  void whatFollowsTheLastMemberIsRefused() {
    assertRefused(
        Idx.concat(FILE, new byte[1]),
        "x.gz: 0x00 at byte %d, expected 0x1f of a gzip member or the end of the file"
            .formatted(FILE.length));
    for (int length = 1; length < FILE.length; length++) {
      assertRefused(
          Idx.concat(FILE, Arrays.copyOf(FILE, length)),
          "x.gz: gzip ends at byte " + (FILE.length + length) + ", ");
    }
  }

  @Test
  void membersAreOneStreamWhereverTheyMeet() throws IOException {
    for (int cut = 0; cut <= CONTENT.length; cut++) {
      byte[] first = Idx.gzip(Arrays.copyOf(CONTENT, cut));
      byte[] empty = Idx.gzip(new byte[0]);
      byte[] second = Idx.gzip(Arrays.copyOfRange(CONTENT, cut, CONTENT.length));
      assertArrayEquals(CONTENT, read(Idx.concat(first, empty, second)));
    }
  }

  @Test
  void optionalHeaderFieldsAreSkippedAndTheirChecksumHolds() throws IOException {
    int all = 1 | 2 | 4 | 8 | 16;
    byte[] header =
        Idx.concat(
            Idx.gzipHeader(all),
            new byte[] {3, 0, 7, 7, 7},
            "name\0".getBytes(StandardCharsets.ISO_8859_1),
            "comment\0".getBytes(StandardCharsets.ISO_8859_1));
    CRC32 crc = new CRC32();
    crc.update(header);
    byte[] headerCrc = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
    byte[] body = Arrays.copyOfRange(FILE, 10, FILE.length);

    assertArrayEquals(CONTENT, read(Idx.concat(header, headerCrc, body)));
    assertRefused(
        Idx.concat(header, Idx.with(headerCrc, 0, headerCrc[0] ^ 1), body),
        "x.gz: gzip header CRC 0x%08x at byte 28, expected 0x%08x"
            .formatted((crc.getValue() & 0xffff) ^ 1, crc.getValue() & 0xffff));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void aStreamThatPausesChangesNothing(int atATime) throws IOException {
    InputStream slow =
        new ByteArrayInputStream(Idx.concat(FILE, FILE)) {
          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(atATime, length));
          }

          @Override
          public synchronized int available() {
            return 0;
          }
        };

    try (InputStream in = new GzipInput(slow, "x.gz")) {
      assertArrayEquals(Idx.concat(CONTENT, CONTENT), in.readAllBytes());
      assertEquals(-1, in.read());
    }
  }

  private static byte[] read(byte[] file) throws IOException {
    try (InputStream in = new GzipInput(new ByteArrayInputStream(file), "x.gz")) {
      return in.readAllBytes();
    }
  }

  private static void assertRefused(byte[] file, String message) {
    String refusal = assertThrows(IOException.class, () -> read(file)).getMessage();
    assertTrue(refusal.startsWith(message), () -> refusal + ", expected " + message);
  }
}
