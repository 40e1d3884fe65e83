package dev.lariat.qt;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.host.Watch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to Qt as a host; on its core library alone. */
@Timeout(30)
class QtHostTest {
  private final NativeQt qt = new NativeQt();

  private static Duration ms(int milliseconds) {
    return Duration.ofMillis(milliseconds);
  }

  private static EventLoop newLoop() {
    return new EventLoop(new QtHost(new NativeQt(), QtThread.OPTIONS));
  }

  @Test
  @DisplayName("QT-1: it makes a QCoreApplication if there is none, and leaves one that there is")
  void makesApplication() throws Throwable {
    QtThread.withoutApplication(() -> {
      assertThat(qt.hasApplication()).isFalse();
      try (EventLoop loop = newLoop()) {
        assertThat(qt.hasApplication()).isFalse();
        loop.runUntilComplete(() -> assertThat(qt.hasApplication()).isTrue());
      }
      long application = QtCore.application();
      try (EventLoop loop = newLoop()) {
        loop.runUntilComplete(() -> sleep(ms(1)));
      }
      assertThat(QtCore.application()).isEqualTo(application);
    });
  }

  @Test
  @DisplayName("QT-1: when Qt quits, runForever returns, and the loop can run again")
  void quitStopsLoop() throws Throwable {
    QtThread.withoutApplication(() -> {
      try (EventLoop loop = newLoop()) {
        loop.callLater(ms(5), qt::quit);
        loop.runForever();
        assertThat(loop.isRunning()).isFalse();
        loop.callLater(ms(5), qt::quit);
        assertThatIllegalStateException()
            .isThrownBy(() -> loop.runUntilComplete(loop.createFuture()))
            .withMessageContaining("stopped before");
        assertThat(loop.runUntilComplete(() -> "again")).isEqualTo("again");
      }
    });
  }

  @Test
  @DisplayName("the end of a run is not that of the application: nobody is told that it quits")
  void endOfRunIsQuiet() throws Throwable {
    QtThread.withoutApplication(() -> {
      qt.newApplication();
      List<String> told = new ArrayList<>();
      Qt.Receiver receiver = qt.newReceiver(QtHostTest::unexpected);
      receiver.onAboutToQuit(() -> told.add("about to quit"));
      try (EventLoop loop = newLoop()) {
        loop.runUntilComplete(() -> sleep(ms(1)));
        loop.runUntilComplete(() -> sleep(ms(1)));
        assertThat(told).isEmpty();
        loop.callLater(ms(1), qt::quit);
        loop.runForever();
        assertThat(told).containsExactly("about to quit");
      }
      receiver.close();
    });
  }

  private static void unexpected(Throwable error) {
    throw new AssertionError(error);
  }

  @Test
  @DisplayName("a loop runs inside a main loop that Qt runs already, and leaves that running")
  void insideExec() throws Throwable {
    QtThread.withoutApplication(() -> {
      qt.newApplication();
      List<String> order = new ArrayList<>();
      Qt.Receiver receiver = qt.newReceiver(error -> order.add(error.toString()));
      receiver.onExec(() -> {
        try (EventLoop loop = newLoop()) {
          order.add(
              loop.runUntilComplete(() -> {
                sleep(ms(1));
                return "inside, at level " + qt.loopLevel();
              }));
        }
        order.add("outside, at level " + qt.loopLevel());
        qt.exit();
      });
      qt.exec();
      receiver.close();
      assertThat(order).containsExactly("inside, at level 2", "outside, at level 1");
    });
  }

  @Test
  @DisplayName("on another thread than the application's, it says so")
  void wrongThread() throws Throwable {
    QtThread.withoutApplication(() -> {
      qt.newApplication();
      AtomicReference<Throwable> seen = new AtomicReference<>();
      Thread thread =
          new Thread(() -> {
            try (EventLoop loop = newLoop()) {
              loop.runUntilComplete(() -> {});
            } catch (IllegalStateException error) {
              seen.set(error);
            }
          });
      thread.start();
      thread.join();
      assertThat(seen.get()).hasMessageContaining("made on another thread");
    });
  }

  @Test
  @DisplayName("wake-ups from other threads while loops close: nothing is called that is gone")
  void wakeAndClose() throws Throwable {
    QtThread.withoutApplication(() -> {
      int open = Slot.open();
      AtomicReference<EventLoop> current = new AtomicReference<>();
      Thread waker =
          new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
              EventLoop loop = current.get();
              try {
                loop.callSoonThreadsafe(() -> {});
              } catch (IllegalStateException closed) {
                // the next loop comes
              }
              LockSupport.parkNanos(1_000);
            }
          });
      current.set(newLoop());
      waker.start();
      for (int i = 0; i < 200; i++) {
        try (EventLoop loop = newLoop()) {
          current.set(loop);
          loop.runUntilComplete(() -> sleep(Duration.ZERO));
        }
      }
      waker.interrupt();
      waker.join();
      assertThat(Slot.open()).isEqualTo(open);
    });
  }

  @Test
  @DisplayName("a descriptor is watched, unless the watch is off: a task reads from a pipe")
  void watches(@TempDir Path folder) throws Throwable {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    QtThread.withoutApplication(() -> {
      QtHost host = new QtHost(new NativeQt(), QtThread.OPTIONS);
      try (EventLoop loop = new EventLoop(host);
          RandomAccessFile file = new RandomAccessFile(pipe.toFile(), "rw")) {
        int descriptor = descriptorOf(pipe);
        List<Integer> read = new ArrayList<>();
        loop.runUntilComplete(() -> {
          Future<String> end = loop.createFuture();
          Watch watch =
              host.watch(
                  descriptor,
                  () -> {
                    read.add(readFrom(file));
                    if (read.size() == 3) {
                      end.setResult("all");
                    }
                  });
          sleep(ms(5));
          assertThat(read).isEmpty();
          file.write(new byte[] {1, 2, 3});
          end.await();
          assertThat(read).containsExactly(1, 2, 3);
          watch.setEnabled(false);
          file.write(4);
          sleep(ms(5));
          assertThat(read).hasSize(3);
          watch.setEnabled(true);
          while (read.size() < 4) {
            sleep(ms(1));
          }
          watch.close();
          watch.setEnabled(true);
          watch.close();
          file.write(5);
          sleep(ms(5));
          assertThat(read).containsExactly(1, 2, 3, 4);
        });
      }
    });
  }

  private static int readFrom(RandomAccessFile file) {
    try {
      return file.read();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int descriptorOf(Path open) {
    Path[] descriptors =
        Arrays.stream(Path.of("/proc/self/fd").toFile().listFiles())
            .map(java.io.File::toPath)
            .toArray(Path[]::new);
    for (Path descriptor : descriptors) {
      try {
        if (Files.isSameFile(Files.readSymbolicLink(descriptor), open)) {
          return Integer.parseInt(descriptor.getFileName().toString());
        }
      } catch (IOException notThis) {
        // a socket, a pipe without a name, or one that is closed by now
      }
    }
    throw new AssertionError("not open: " + open);
  }

  @Test
  @DisplayName("what a callback of Qt's throws goes to the thread's handler, not into Qt")
  void uncaught() throws Throwable {
    QtThread.withoutApplication(() -> {
      qt.newApplication();
      List<Throwable> uncaught = new ArrayList<>();
      Qt.Receiver receiver = qt.newReceiver(uncaught::add);
      receiver.onWake(() -> {
        throw new IllegalArgumentException("in a callback");
      });
      receiver.wake();
      try (EventLoop loop = newLoop()) {
        loop.runUntilComplete(() -> sleep(ms(1)));
      }
      receiver.close();
      assertThat(uncaught)
          .singleElement()
          .extracting(Throwable::getMessage)
          .isEqualTo("in a callback");
    });
  }

  @Test
  @DisplayName("QT-2: timers are precise: late by less than 3 ms at best, and never early")
  void timers() throws Throwable {
    QtThread.withoutApplication(() -> {
      try (EventLoop loop = newLoop()) {
        loop.runUntilComplete(() -> {
          long best = Long.MAX_VALUE;
          for (int i = 0; i < 20; i++) {
            long start = System.nanoTime();
            sleep(ms(7));
            long late = System.nanoTime() - start - ms(7).toNanos();
            assertThat(late).isNotNegative();
            best = Math.min(best, late);
          }
          assertThat(best).isLessThan(3_000_000);
        });
      }
    });
  }

  @Test
  @DisplayName("QT-2: a timer beyond what Qt can count, 24 days, is kept")
  void farTimers() throws Throwable {
    QtThread.withoutApplication(() -> {
      try (EventLoop loop = newLoop()) {
        loop.runUntilComplete(() -> {
          List<String> order = new ArrayList<>();
          getRunningLoop().callLater(Duration.ofDays(400), () -> order.add("far"));
          createTask(() -> order.add("near")).await();
          sleep(ms(2));
          assertThat(order).containsExactly("near");
        });
      }
    });
  }
}
