package dev.lariat.glib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.testkit.NeedsLibrary;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Wake-ups of another thread that come at any point of a turn. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@NeedsLibrary(value = "libglib-2.0.so.0", install = "tools/system-packages gtk")
class TurnSourceTest {
  private static final int WAKE_UPS = 50_000;

  /** Threads that hand over to each other are slow where there are fewer cores than threads. */
  private static final Duration ENOUGH = Duration.ofSeconds(5);

  @Test
  @DisplayName("LOOP-11 a wake-up that comes as a turn for nothing begins, or ends, is not lost")
  void wokenWhileItTurns() throws InterruptedException {
    long context = Native.contextNew();
    TurnSource source = new TurnSource(context, GLibPriority.DEFAULT, () -> {});
    AtomicInteger wakeUps = new AtomicInteger();
    AtomicInteger turns = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    Thread waker =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              while (!over.get()) {
                source.wake();
                wakeUps.incrementAndGet();
                while (turns.get() < wakeUps.get() && !over.get()) {
                  Thread.onSpinWait();
                }
              }
            });
    try {
      long start = System.nanoTime();
      while (turns.get() < WAKE_UPS && System.nanoTime() - start < ENOUGH.toNanos()) {
        int before = wakeUps.get();
        TurnSource.Reason reason = source.begin(System.nanoTime());
        source.end();
        if (reason == TurnSource.Reason.WOKEN) {
          turns.incrementAndGet();
        } else {
          assertThat(turns.get()).isGreaterThanOrEqualTo(before);
        }
      }
    } finally {
      over.set(true);
      waker.join();
      source.destroy();
      Native.contextUnref(context);
    }
    assertThat(turns).hasPositiveValue();
  }
}
