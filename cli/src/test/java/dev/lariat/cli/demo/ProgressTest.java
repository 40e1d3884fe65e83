package dev.lariat.cli.demo;

import static dev.lariat.Asyncio.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.host.VirtualTime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final StringWriter terminal = new StringWriter();
  private final Scan scan =
      new Scan(new Folder(null, Path.of("/"), null, null), 1, _ -> new Listing());
  private final Progress progress = new Progress(scan, new PrintWriter(terminal));

  @Test
  void isDrawnTenTimesASecondAndErasedInTheEnd() {
    try (EventLoop loop = new EventLoop(new VirtualTime())) {
      loop.runUntilComplete(() -> {
        Task<Void> drawing = createTask(progress::run);
        sleep(Duration.ofMillis(250));
        drawing.cancel();
        sleep(Duration.ZERO);
        assertThat(drawing.cancelled()).isTrue();
      });
    }
    assertThat(terminal.toString().split("\r\u001b\\[K", -1))
        .hasSize(5)
        .startsWith("", progress.line())
        .endsWith("");
  }

  @Test
  void fitsAnyTerminal() {
    Tally tally = scan.tally();
    tally.directories = 9_999_999;
    tally.files = 99_999_999;
    tally.bytes = (1L << 50) - 1;
    assertThat(progress.line())
        .isEqualTo("[####################] 100 %  9,999,999 directories  99,999,999 files  1.0 PiB")
        .hasSizeLessThan(80);
  }

  @Test
  void isAllDoneWhenTheScanIs() {
    try (EventLoop loop = new EventLoop(new VirtualTime())) {
      loop.runUntilComplete(scan::run);
    }
    assertThat(progress.line()).startsWith("[" + "#".repeat(20) + "] 100 %");
  }
}
