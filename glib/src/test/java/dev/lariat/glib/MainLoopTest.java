package dev.lariat.glib;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.modal;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Asyncio;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.testkit.NeedsLibrary;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Main loops and main contexts: whose, how many, on which threads, one inside the other. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@NeedsLibrary(value = "libglib-2.0.so.0", install = "tools/system-packages gtk")
class MainLoopTest {
  private final List<String> events = new ArrayList<>();

  private static MainLoop mainLoop(GLibEventLoop loop) {
    return new MainLoop(loop.getHost().context());
  }

  /** A main loop that the application runs, not the event loop. */
  private record MainLoop(MemorySegment context, long pointer) {
    MainLoop(MemorySegment context) {
      this(context, Native.loopNew(context.address()));
    }

    void run() {
      Native.loopRun(pointer);
    }

    /** Runs on another thread; returns once it does. */
    Thread runElsewhere() throws Exception {
      CompletableFuture<Void> running = new CompletableFuture<>();
      Source source = Source.timed(context.address(), 0, () -> running.complete(null));
      source.setReadyTime(Source.NOW);
      Thread thread = Thread.ofPlatform().start(this::run);
      running.get();
      source.destroy();
      return thread;
    }

    void quit() {
      Native.loopQuit(pointer);
    }
  }

  // -- whose main loop ---------------------------------------------------------------------------

  @Test
  @DisplayName("asyncio.run works, on the default context and on one of its own")
  void run() {
    assertThat(Asyncio.run(() -> sleep(Duration.ofMillis(1), "done"), GLibEventLoop::new))
        .isEqualTo("done");
    String own =
        Asyncio.run(
            () -> sleep(Duration.ofMillis(1), "done"),
            () -> new GLibEventLoop(GLibHost.ofNewContext()));
    assertThat(own).isEqualTo("done");
  }

  @Test
  @DisplayName("GLIB-7 a loop lives on a main loop that somebody else runs, and outlives it")
  void attached() {
    try (GLibEventLoop loop = new GLibEventLoop(GLibHost.ofNewContext())) {
      MainLoop main = mainLoop(loop);
      loop.attach();
      Task<String> task = loop.createTask(() -> sleep(Duration.ofMillis(5), "value"));
      task.addDoneCallback(_ -> main.quit());
      assertThat(task.done()).isFalse();
      main.run();
      assertThat(task.result()).isEqualTo("value");
      assertThat(loop.isRunning()).isTrue();
      createTask(main::quit); // the running loop of this thread, still
      main.run();
    }
  }

  @Test
  @DisplayName("GLIB-2 nobody runs the loop: iterating its context does nothing to its tasks")
  void notRunning() {
    try (GLibEventLoop loop = new GLibEventLoop(GLibHost.ofNewContext())) {
      loop.runUntilComplete(() -> sleep(Duration.ZERO));
      Task<Boolean> task = loop.createTask(() -> events.add("ran"));
      for (int i = 0; i < 5; i++) {
        Clib.iterate(loop.getHost().context(), false);
      }
      assertThat(events).isEmpty();
      loop.runUntilComplete(task);
      assertThat(events).containsExactly("ran");
    }
  }

  // -- one loop a context ------------------------------------------------------------------------

  @Test
  @DisplayName("GLIB-1 a second loop on a context is refused, until the first is closed")
  void oneLoopPerContext() {
    MemorySegment context;
    try (GLibEventLoop first = new GLibEventLoop(GLibHost.ofNewContext())) {
      context = first.getHost().context();
      first.runUntilComplete(() -> sleep(Duration.ZERO));
      try (GLibEventLoop second = new GLibEventLoop(new GLibHost(context))) {
        assertThatIllegalStateException()
            .isThrownBy(() -> second.runUntilComplete(() -> sleep(Duration.ZERO)))
            .withMessageContaining("already registered for GLib main context 0x");
        assertThat(second.isRunning()).isFalse();
        first.close();
        second.runUntilComplete(() -> sleep(Duration.ofMillis(1)));
      }
    }
  }

  @Test
  @DisplayName("GLIB-1 several threads have a loop each, at the same time")
  void severalThreads() throws Exception {
    int threads = 4;
    List<CompletableFuture<Thread>> where = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      CompletableFuture<Thread> result = new CompletableFuture<>();
      where.add(result);
      Thread.ofPlatform()
          .start(() -> {
            try (GLibEventLoop loop = new GLibEventLoop(GLibHost.ofNewContext())) {
              long context = loop.getHost().context().address();
              result.complete(
                  loop.runUntilComplete(() -> {
                    for (int n = 0; n < 1_000; n++) {
                      sleep(n % 100 == 0 ? Duration.ofMillis(1) : Duration.ZERO);
                      assertThat(Clib.threadDefault()).isEqualTo(context);
                    }
                    return Thread.currentThread();
                  }));
            } catch (Throwable error) {
              result.completeExceptionally(error);
            }
          });
    }
    List<Thread> seen = new ArrayList<>();
    for (CompletableFuture<Thread> result : where) {
      seen.add(result.get());
    }
    assertThat(seen).doesNotHaveDuplicates().hasSize(threads);
  }

  @Test
  @DisplayName("GLIB-1 a context that another thread iterates is refused here")
  void contextOfAnotherThread() throws Exception {
    GLibHost host = GLibHost.ofNewContext();
    MainLoop main = new MainLoop(host.context());
    Thread other = main.runElsewhere();
    try (EventLoop loop = new GLibEventLoop(host)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> loop.runUntilComplete(() -> sleep(Duration.ZERO)))
          .withMessageContaining("GLib main context 0x");
      main.quit();
      other.join();
      loop.runUntilComplete(() -> sleep(Duration.ZERO));
    }
  }

  // Real time: how long another thread has a context is what this is about.
  @Test
  @DisplayName("GLIB-1 a context that another thread has for a moment only is waited for")
  void contextLookedInto() throws Exception {
    GLibHost host = GLibHost.ofNewContext();
    MainLoop moment = new MainLoop(host.context());
    Source end = Source.timed(host.context().address(), 0, moment::quit);
    end.setReadyTime(System.nanoTime() / 1000 + 50_000);
    Thread other = moment.runElsewhere();
    assertThat(Native.contextIsMine(host.context().address())).isFalse();
    try (EventLoop loop = new GLibEventLoop(host)) {
      assertThat(loop.runUntilComplete(() -> sleep(Duration.ZERO, "ran"))).isEqualTo("ran");
      other.join();
    }
    end.destroy();
  }

  @Test
  @DisplayName("a null pointer is no context")
  void nullContext() {
    assertThatThrownBy(() -> new GLibHost(MemorySegment.NULL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("new GLibHost()");
  }

  // -- nested main loops -------------------------------------------------------------------------

  @Test
  @DisplayName("GLIB-2 inside a nested main loop other tasks, timers and callbacks go on")
  void nested() {
    try (GLibEventLoop loop = new GLibEventLoop(GLibHost.ofNewContext())) {
      loop.runUntilComplete(() -> {
        MainLoop dialog = mainLoop(loop);
        Task<Void> other =
            createTask(() -> {
              for (int i = 0; i < 3; i++) {
                events.add("task " + i);
                sleep(Duration.ofMillis(1));
              }
              loop.callSoon(dialog::quit);
            });
        events.add("open");
        modal(dialog::run);
        events.add("closed");
        other.await();
      });
    }
    assertThat(events).containsExactly("open", "task 0", "task 1", "task 2", "closed");
  }

  @Test
  @DisplayName("GLIB-2 three deep: each ends when its time has come, last in, first out")
  void threeDeep() {
    try (GLibEventLoop loop = new GLibEventLoop(GLibHost.ofNewContext())) {
      loop.runUntilComplete(() -> {
        List<MainLoop> dialogs = List.of(mainLoop(loop), mainLoop(loop), mainLoop(loop));
        List<Task<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          int depth = i;
          tasks.add(
              createTask(() -> {
                events.add("open " + depth);
                modal(dialogs.get(depth)::run);
                events.add("closed " + depth);
              }));
        }
        for (int i = 0; i < 3; i++) { // in the wrong order
          sleep(Duration.ofMillis(2));
          dialogs.get(i).quit();
        }
        for (Task<Void> task : tasks) {
          task.await();
        }
      });
    }
    assertThat(events)
        .containsExactly("open 0", "open 1", "open 2", "closed 2", "closed 1", "closed 0");
  }

  @Test
  @DisplayName("GLIB-2 stop, called inside a nested main loop, ends the loop when that has ended")
  void stopInsideNested() {
    try (GLibEventLoop loop = new GLibEventLoop(GLibHost.ofNewContext())) {
      Future<String> never = loop.createFuture();
      loop.createTask(() -> {
        MainLoop dialog = mainLoop(loop);
        createTask(() -> {
          events.add("stop");
          loop.stop();
          loop.callSoon(() -> events.add("not run any more"));
        });
        Source quit =
            Source.timed(loop.getHost().context().address(), GLibPriority.LOW, dialog::quit);
        quit.setReadyTime(Source.NOW);
        modal(dialog::run);
        events.add("closed");
        quit.destroy();
      });
      assertThatIllegalStateException()
          .isThrownBy(() -> loop.runUntilComplete(never))
          .withMessageContaining("stopped before");
    }
    assertThat(events).containsExactly("stop", "closed");
  }
}
