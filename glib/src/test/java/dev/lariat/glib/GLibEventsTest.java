package dev.lariat.glib;

import static dev.lariat.Asyncio.await;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.host.Watch;
import dev.lariat.signal.Signals;
import dev.lariat.testkit.NeedsLibrary;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** What wakes the loop, and what does not: callbacks of GLib, other threads, signals, timers. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@NeedsLibrary(value = "libglib-2.0.so.0", install = "tools/system-packages gtk")
class GLibEventsTest {
  private static final int SIGUSR1 = 10;
  private static final int SIGINT = 2;
  private static final int SIGWINCH = 28;

  private final GLibEventLoop loop = new GLibEventLoop(GLibHost.ofNewContext());
  private final long context = loop.getHost().context().address();
  private final List<String> events = new ArrayList<>();

  @AfterEach
  void close() {
    loop.close();
  }

  // -- wake-ups ----------------------------------------------------------------------------------

  @Test
  @DisplayName("GLIB-9 callSoon in a callback of GLib runs, with no I/O to wake the loop")
  void callSoonFromGLib() {
    Future<String> future = loop.createFuture();
    onceByGLib(() -> loop.callSoon(() -> future.setResult("called")));
    assertThat(loop.runUntilComplete(future)).isEqualTo("called");
  }

  @Test
  @DisplayName("GLIB-9 a future that a callback of GLib completes wakes the task that awaits it")
  void futureFromGLib() {
    Future<String> future = loop.createFuture();
    onceByGLib(() -> future.setResult("set"));
    String value = loop.runUntilComplete(() -> await(future));
    assertThat(value).isEqualTo("set");
  }

  /** Has GLib call {@code body} in 20 ms, when the loop is asleep. */
  private void onceByGLib(Runnable body) {
    Source[] source = {null};
    source[0] =
        Source.timed(
            context,
            0,
            () -> {
              source[0].destroy();
              body.run();
            });
    source[0].setReadyTime(Native.monotonicTime() + 20_000);
  }

  @Test
  @DisplayName("LOOP-11 100,000 callSoonThreadsafe from 8 threads: none lost, each thread in order")
  void manyPosts() {
    int threads = 8;
    int each = 12_500;
    int[] last = new int[threads];
    loop.runUntilComplete(() -> {
      List<Future<Void>> posters = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int thread = t;
        posters.add(
            loop.runInExecutor(
                command -> new Thread(command, "poster").start(),
                () -> {
                  for (int i = 1; i <= each; i++) {
                    int number = i;
                    loop.callSoonThreadsafe(() -> {
                      assertThat(last[thread]).isEqualTo(number - 1);
                      last[thread] = number;
                    });
                    if (i % 1_000 == 0) {
                      Thread.onSpinWait();
                    }
                  }
                  return null;
                }));
      }
      for (Future<Void> poster : posters) {
        poster.await();
      }
    });
    assertThat(last).containsOnly(each);
  }

  @Test
  @DisplayName("LOOP-11 one post at a time, each to a loop that sleeps: none is slept over")
  void postsToASleepingLoop() {
    AtomicInteger posted = new AtomicInteger();
    loop.runUntilComplete(() -> {
      for (int i = 0; i < 2_000; i++) {
        Future<Integer> future = loop.createFuture();
        loop.runInExecutor(
            null, () -> loop.callSoonThreadsafe(() -> future.setResult(posted.incrementAndGet())));
        assertThat(future.await()).isEqualTo(i + 1);
      }
    });
  }

  @Test
  @DisplayName(
      "LOOP-11 posts to loops that sleep, or end and are closed: none is lost or does harm")
  void postsToShortLoops() throws Exception {
    List<CompletableFuture<Void>> threads = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      threads.add(
          CompletableFuture.runAsync(
              GLibEventsTest::runShortLoops, body -> Thread.ofPlatform().daemon().start(body)));
    }
    for (CompletableFuture<Void> thread : threads) {
      thread.get();
    }
  }

  /** Two posts come close together, and by the second the loop may be asleep, or gone. */
  private static void runShortLoops() {
    for (int i = 0; i < 5_000; i++) {
      try (GLibEventLoop loop = new GLibEventLoop(GLibHost.ofNewContext())) {
        loop.runUntilComplete(() -> {
          for (int post = 0; post < 3; post++) {
            Future<String> future = loop.createFuture();
            loop.runInExecutor(
                null, () -> loop.callSoonThreadsafe(() -> future.setResult("posted")));
            assertThat(future.await()).isEqualTo("posted");
          }
        });
      }
    }
  }

  @Test
  @DisplayName("GLIB-8 two idle seconds cost less than 1 % of a CPU, with timers in the distance")
  void idle() {
    loop.callLater(Duration.ofHours(1), () -> events.add("an hour"));
    Task<Void> idle =
        loop.createTask(() -> {
          sleep(Duration.ofMillis(100));
          long before = cpuNanos();
          sleep(Duration.ofSeconds(2)); // real time
          assertThat(cpuNanos() - before).isLessThan(20_000_000);
        });
    loop.runUntilComplete(idle);
    assertThat(events).isEmpty();
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  @Test
  @DisplayName("GLIB-8 timers are never early, and in order, by less than the resolution of a poll")
  void timers() {
    List<Duration> order = new ArrayList<>();
    loop.runUntilComplete(() -> {
      for (int i = 0; i < 50; i++) {
        Duration due = loop.time().plusNanos(1_300_000);
        for (int micros : new int[] {900, 300, 600, 300}) {
          Duration at = due.minusNanos(1_000L * micros);
          loop.callAt(
              at,
              () -> {
                assertThat(loop.time()).isGreaterThanOrEqualTo(at);
                order.add(at);
              });
        }
        sleep(Duration.ofNanos(1_300_000)); // real time
        assertThat(loop.time()).isGreaterThanOrEqualTo(due);
      }
    });
    assertThat(order).hasSize(200).isSorted();
  }

  @Test
  @DisplayName("GLIB-8 a descriptor that can be read runs its callback, unless the watch is off")
  void descriptors() {
    loop.runUntilComplete(() -> {});
    int[] pipe = Clib.pipe();
    Watch watch =
        loop.getHost().watch(pipe[0], () -> events.add("read " + Clib.read(pipe[0], 100)));
    Clib.write(pipe[1], new byte[5]);
    assertThat(iterate()).isTrue();
    assertThat(iterate()).isFalse();
    watch.setEnabled(false);
    watch.setEnabled(false);
    Clib.write(pipe[1], new byte[6]);
    assertThat(iterate()).isFalse();
    watch.setEnabled(true);
    assertThat(iterate()).isTrue();
    assertThat(events).containsExactly("read 5", "read 6");
    watch.close();
    watch.setEnabled(true);
    watch.close();
    Clib.write(pipe[1], new byte[7]);
    assertThat(iterate()).isFalse();
    Clib.close(pipe[0]);
    Clib.close(pipe[1]);
  }

  /** Whether GLib had something to do. */
  private boolean iterate() {
    return Clib.iterate(loop.getHost().context(), false);
  }

  // -- signals -----------------------------------------------------------------------------------

  @Test
  @DisplayName("GLIB-8 SIG-1 a signal runs its handler as a callback, which the next one replaces")
  void signals() {
    loop.runUntilComplete(() -> {
      Future<String> first = loop.createFuture();
      loop.addSignalHandler("USR1", () -> first.setResult("first"));
      Clib.raise(SIGUSR1);
      assertThat(first.await()).isEqualTo("first");
      Future<String> second = loop.createFuture();
      loop.addSignalHandler("USR1", () -> second.setResult("second"));
      Clib.raise(SIGUSR1);
      assertThat(second.await()).isEqualTo("second");
    });
  }

  @Test
  @DisplayName("GLIB-8 SIG-2 SIG-3 removing a handler, or closing, gives the JVM its own back")
  void signalsGivenBack() {
    long before = Clib.signalHandler(SIGINT);
    loop.addSignalHandler("INT", () -> events.add("INT"));
    loop.addSignalHandler("INT", () -> events.add("INT again"));
    assertThat(Clib.signalHandler(SIGINT)).isNotEqualTo(before);
    assertThat(loop.removeSignalHandler("INT")).isTrue();
    assertThat(loop.removeSignalHandler("INT")).isFalse();
    assertThat(Clib.signalHandler(SIGINT)).isEqualTo(before);
    loop.addSignalHandler("INT", () -> events.add("INT"));
    loop.close();
    assertThat(Clib.signalHandler(SIGINT)).isEqualTo(before);
    assertThatThrownBy(() -> loop.addSignalHandler("INT", () -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  @DisplayName("GLIB-8 SIG-2 a signal is the JVM's again when the last loop gives it back")
  void signalsOfTwoLoops() {
    long before = Clib.signalHandler(SIGINT);
    loop.addSignalHandler("INT", () -> events.add("one"));
    long watched = Clib.signalHandler(SIGINT);
    try (GLibEventLoop other = new GLibEventLoop(GLibHost.ofNewContext())) {
      other.addSignalHandler("INT", () -> events.add("other"));
      assertThat(loop.removeSignalHandler("INT")).isTrue();
      assertThat(Clib.signalHandler(SIGINT)).isEqualTo(watched).isNotEqualTo(before);
    }
    assertThat(Clib.signalHandler(SIGINT)).isEqualTo(before);
  }

  @Test
  @DisplayName("GLIB-8 SIG-2 Java's handler is back, whichever of GLib and an own loop ends first")
  void signalsOfTwoKinds() throws InterruptedException {
    Signal winch = new Signal("WINCH");
    Semaphore own = new Semaphore(0);
    SignalHandler before = Signal.handle(winch, _ -> own.release());
    try (EventLoop other = new EventLoop()) {
      Signals.addSignalHandler(other, "WINCH", () -> events.add("other"));
      loop.addSignalHandler("WINCH", () -> events.add("GLib"));
      Signals.removeSignalHandler(other, "WINCH");
      loop.removeSignalHandler("WINCH");
      Signal.raise(winch);
      // whoever has it when the JVM's thread for signals gets to it is told; of GLib, nobody
      assertThat(own.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      Signals.addSignalHandler(other, "WINCH", () -> events.add("other"));
      loop.addSignalHandler("WINCH", () -> events.add("GLib"));
      loop.removeSignalHandler("WINCH");
      Signals.removeSignalHandler(other, "WINCH");
      Signal.raise(winch);
      assertThat(own.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      assertThat(events).isEmpty();
    } finally {
      Signal.handle(winch, before);
    }
  }

  @Test
  @DisplayName(
      "GLIB-8 SIG-2 who has taken a signal from GLib keeps it; taken away, GLib has it again")
  void signalsTakenByOthers() throws InterruptedException {
    Signal winch = new Signal("WINCH");
    SignalHandler before = Signal.handle(winch, _ -> {});
    CountDownLatch other = new CountDownLatch(1);
    try {
      loop.addSignalHandler("WINCH", () -> events.add("GLib"));
      SignalHandler glib = Signal.handle(winch, _ -> other.countDown());
      loop.removeSignalHandler("WINCH");
      Clib.raise(SIGWINCH);
      assertThat(other.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(events).isEmpty();
      loop.runUntilComplete(() -> {
        Future<String> got = loop.createFuture();
        loop.addSignalHandler("WINCH", () -> got.setResult("GLib"));
        Clib.raise(SIGWINCH);
        assertThat(got.await()).isEqualTo("GLib");
      });
      assertThat(loop.removeSignalHandler("WINCH")).isTrue();
      Signal.handle(winch, glib); // others may put back what they found at any time
    } finally {
      Signal.handle(winch, before);
    }
  }

  @Test
  @DisplayName("GLIB-8 SIG-1 a signal that GLib has is not taken from it")
  void signalsLent() {
    try (EventLoop other = new EventLoop()) {
      Signals.addSignalHandler(loop, "SIGWINCH", () -> events.add("GLib"));
      assertThatThrownBy(() -> Signals.addSignalHandler(other, "WINCH", () -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("SIGWINCH is handled by native code now");
      assertThat(loop.removeSignalHandler("WINCH")).isTrue();
      Signals.addSignalHandler(other, "WINCH", () -> {});
      assertThat(Signals.removeSignalHandler(other, "WINCH")).isTrue();
    }
  }

  @Test
  @DisplayName(
      "GLIB-8 SIG-1 signals that the JVM needs are refused; what GLib cannot watch, it can")
  void signalsRefused() {
    for (String name : List.of("USR2", "SEGV", "KILL", "CHLD")) {
      assertThatThrownBy(() -> loop.addSignalHandler(name, () -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("SIG" + name);
    }
    assertThatThrownBy(() -> loop.addSignalHandler("nonsense", () -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    loop.runUntilComplete(() -> {
      Future<String> got = loop.createFuture();
      loop.addSignalHandler("ALRM", () -> got.setResult("by the JVM"));
      Signal.raise(new Signal("ALRM"));
      assertThat(got.await()).isEqualTo("by the JVM");
    });
  }

  // -- errors ------------------------------------------------------------------------------------

  @Test
  @DisplayName("LOOP-12 what a callback of the loop throws is reported, and the loop goes on")
  void errors() {
    loop.setExceptionHandler((of, report) -> events.add(String.valueOf(report.exception())));
    loop.runUntilComplete(() -> {
      loop.callSoon(() -> {
        throw new IllegalStateException("thrown");
      });
      sleep(Duration.ofMillis(1));
      createTask(() -> events.add("alive")).await();
    });
    assertThat(events).containsExactly("java.lang.IllegalStateException: thrown", "alive");
  }
}
