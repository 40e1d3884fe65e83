package dev.lariat.gio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gnome.gio.MemoryInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What operations leave behind: nothing. */
class MemoryTest extends GioTest {
  private static final int OPERATIONS = Integer.getInteger("lariat.gio.operations", 1_000_000);

  @Test
  @DisplayName("a million operations leave no more memory in use than the first of them")
  void flat() {
    run(() -> {
      MemoryInputStream stream = new MemoryInputStream();
      long before = 0;
      for (int i = 0; i < OPERATIONS; i++) {
        if (i == OPERATIONS / 5) { // all is compiled by then, and the heap as large as it gets
          before = residentKib();
        }
        InputStreamAwait.skip(stream, 0, PRIORITY);
      }
      // A leak of 64 bytes an operation would be more; java-gi's own callbacks leak 13 KB.
      assertThat(residentKib() - before).isLessThan(50_000);
    });
  }

  private static long residentKib() throws IOException {
    System.gc();
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
