package dev.lariat.gio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.ExceptionContext;
import dev.lariat.glib.GLibEventLoop;
import dev.lariat.testkit.NeedsLibrary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.gnome.gio.File;
import org.gnome.gio.Gio;
import org.javagi.base.GErrorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A loop on the default main context, and a directory. What nobody takes of its reports is a
 * failure.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
@NeedsLibrary(value = "libgio-2.0.so.0", install = "tools/system-packages gtk")
abstract class GioTest {
  /** {@code G_IO_ERROR_CANCELLED} */
  static final int CANCELLED = 19;

  static final int PRIORITY = 0;

  final GLibEventLoop loop = new GLibEventLoop();
  final List<ExceptionContext> reports = new ArrayList<>();
  final List<String> events = new ArrayList<>();

  @TempDir Path directory;

  @BeforeAll
  static void initialize() {
    Gio.javagi$ensureInitialized();
  }

  void run(Action main) {
    loop.setExceptionHandler((of, report) -> reports.add(report));
    loop.runUntilComplete(main);
  }

  @AfterEach
  void close() {
    loop.close();
    assertThat(reports).isEmpty();
  }

  File file(String name) {
    return File.newForPath(directory.resolve(name).toString());
  }

  /** Lets everything else run, until {@code reached}; not for ever. */
  static void until(BooleanSupplier reached) {
    Asyncio.timeout(
        Duration.ofSeconds(20),
        () -> {
          while (!reached.getAsBoolean()) {
            Asyncio.sleep(Duration.ofMillis(1));
          }
        });
  }

  static boolean isCancelled(Throwable error) {
    return error instanceof GErrorException e && e.getCode() == CANCELLED;
  }
}
