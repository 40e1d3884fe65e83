package dev.lariat.glib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.testkit.NeedsLibrary;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Wake-ups of another thread that come at any point of a turn. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@NeedsLibrary(value = "libglib-2.0.so.0", install = "tools/system-packages gtk")
class TurnSourceTest {
  private static final int WAKE_UPS = 50_000;

  @Test
  @DisplayName("LOOP-11 a wake-up that comes as a turn for nothing begins, or ends, is not lost")
  void wokenWhileItTurns() throws InterruptedException {
    long context = Native.contextNew();
    TurnSource source = new TurnSource(context, GLibPriority.DEFAULT, () -> {});
    AtomicInteger turns = new AtomicInteger();
    Thread waker =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              for (int i = 0; i < WAKE_UPS; i++) {
                source.wake();
                while (turns.get() == i) {
                  Thread.onSpinWait();
                }
              }
            });
    while (turns.get() < WAKE_UPS && !Thread.interrupted()) {
      TurnSource.Reason reason = source.begin(System.nanoTime());
      source.end();
      if (reason == TurnSource.Reason.WOKEN) {
        turns.incrementAndGet();
      }
    }
    assertThat(turns).hasValue(WAKE_UPS);
    waker.join();
    source.destroy();
    Native.contextUnref(context);
  }
}
